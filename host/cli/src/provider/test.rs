//! `renku session provider test`: runs the conformance kit and prints what it
//! found. It needs neither an engine nor a permission, because the provider
//! reaches nothing real.

use std::time::Instant;

use serde::Serialize;

use crate::app::App;
use crate::args::TestArgs;
use crate::config;
use crate::conformance::{self, Answers, Outcome, Report, Script, Subject, Verdict};
use crate::domain::Diagnostic as _;
use crate::domain::{Digest, sanitize};
use crate::error::{CommandError, Failure};
use crate::output::{Format, table};
use crate::providers::{ProviderFile, ProvidersError, Wanted};
use crate::sessions::SessionsError;

/// What is printed for programs.
#[derive(Serialize)]
struct Tested<'a> {
    provider: &'a str,
    digest: Digest,
    passed: usize,
    failed: usize,
    skipped: usize,
    milliseconds: u128,
    checks: &'a [Outcome],
}

/// Checks one provider.
pub(super) async fn test(app: &App, args: &TestArgs) -> Result<(), Failure> {
    let begin = Instant::now();
    let provider = match super::named::parsed(&args.provider)? {
        Wanted::Path(path) => ProviderFile::examine(&path)?,
        Wanted::Named(..) => app.context.catalogue().find(&args.provider)?,
    };
    let schema = provider.manifest.config.as_ref();
    let answers = Answers {
        config: match &args.config {
            Some(file) => config::load_for(schema, file)?,
            None => serde_json::Map::new(),
        },
        exchanges: args.exchanges.as_deref().map(Script::read).transpose()?,
        headers: args.headers.clone(),
        only: args.check.clone(),
    };
    let described = provider.describe();
    let about = described.as_ref().ok();
    let subject = Subject {
        shown: provider.shown(),
        name: about.and_then(|about| about.name.clone()),
        version: about.and_then(|about| Some(about.version.as_ref()?.to_string())),
        problem: match &described {
            // Those are about what it imports, which has a check of its own.
            Ok(_) | Err(ProvidersError::Sandbox(_)) => None,
            Err(error) => Some([vec![error.to_string()], error.causes()].concat().join(": ")),
        },
        wants: provider.manifest.wants.iter().map(|wish| wish.capability.clone()).collect(),
        schema,
        sections: &provider.sections,
        code: provider.code(),
    };
    let running = conformance::run(app.context.sandbox()?, &subject, &answers);
    let report = tokio::select! {
        biased;
        () = app.context.cancel().cancelled() => return Err(SessionsError::Interrupted.into()),
        report = running => report.map_err(CommandError::Runtime)?,
    };
    let report = harmless(report);
    let count = |verdict| report.count(verdict);
    let tested = Tested {
        provider: &subject.shown,
        digest: provider.digest(),
        passed: count(Verdict::Passed),
        failed: count(Verdict::Failed),
        skipped: count(Verdict::Skipped),
        milliseconds: begin.elapsed().as_millis(),
        checks: &report.checks,
    };
    app.printer.answer("conformance", &tested, |format| text(format, &report));
    summary(app, &tested, args.check.is_some());
    Ok(())
}

/// What the provider said is in the details.
fn harmless(report: Report) -> Report {
    let checks = report.checks.into_iter();
    let harmless = checks.map(|check| Outcome { detail: sanitize(&check.detail), ..check });
    Report { checks: harmless.collect() }
}

fn text(format: Format, report: &Report) -> String {
    let rows: Vec<_> = report
        .checks
        .iter()
        .map(|check| [check.id.into(), check.result.as_str().into(), check.detail.clone()])
        .collect();
    table(format, ["CHECK", "RESULT", "DETAIL"], &rows)
}

/// Says it in one line, and with a failure what to do next.
fn summary(app: &App, tested: &Tested<'_>, alone: bool) {
    let Tested { passed, failed, skipped, milliseconds, .. } = tested;
    let seconds = *milliseconds as f64 / 1000.0;
    app.printer.message(&format!(
        "{passed} passed, {failed} failed, {skipped} skipped, in {seconds:.1} s"
    ));
    if *failed == 0 {
        return;
    }
    app.printer.is_a_problem();
    let failed = tested.checks.iter().filter(|check| check.result == Verdict::Failed);
    for check in failed {
        app.printer.message(&format!(
            "`{}` requires: {}\n  because {}",
            check.id, check.title, check.reason
        ));
    }
    if !alone {
        app.printer.message("hint: `--check ID` runs one check alone");
    }
}
