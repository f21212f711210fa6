//! `renku session start --dry-run`: what is printed instead of a session.

use serde::Serialize;

use crate::app::App;
use crate::domain::changes::{Change, DryRun};
use crate::domain::{ErrorKind, Session, sanitize, sanitize_lines};
use crate::error::Failure;
use crate::output::{Format, table};

/// What a start would change.
#[derive(Serialize)]
struct Shown<'a> {
    /// The first change of each kind, in order.
    changes: &'a [Change],
    /// Why it is not known what would come after them; none: these are all.
    unknown: Option<String>,
}

/// Prints what would be changed.
///
/// # Errors
///
/// The failure of the start itself, when it would fail.
pub(super) fn shown(
    app: &App,
    dry_run: &DryRun,
    result: Result<Session, Failure>,
) -> Result<(), Failure> {
    let changes = dry_run.changes();
    let unknown = match result {
        Ok(_) => None,
        Err(failure) if is_end(&failure, changes.last()) => None,
        // The image is only there when it was pulled or built.
        Err(failure) if failure.0.kind() == ErrorKind::NotFound && !changes.is_empty() => {
            Some(failure.0.to_string())
        }
        Err(failure) => return Err(failure),
    };
    let shown = Shown { changes: &changes, unknown };
    app.printer.answer("dry_run", &shown, |format| text(format, &changes));
    if let Some(reason) = &shown.unknown {
        app.printer.message(&format!("What would come next is not known yet: {reason}"));
    }
    app.printer.message("This was a dry run: nothing was changed");
    Ok(())
}

/// Whether the start ended because something was not done: its provider says so,
/// or says something else although that was the last thing it tried.
fn is_end(failure: &Failure, last: Option<&Change>) -> bool {
    let images = |change: &Change| {
        matches!(change, Change::Pull { .. } | Change::Build { .. } | Change::Tag { .. })
    };
    failure.0.kind() == ErrorKind::DryRun || last.is_some_and(|change| !images(change))
}

fn text(format: Format, changes: &[Change]) -> String {
    if format == Format::Tsv {
        let cells: Vec<_> = changes.iter().map(|change| [change.in_words()]).collect();
        return table(format, ["CHANGE"], &cells);
    }
    changes.iter().map(lines).collect()
}

/// One change: a sentence, and below it everything in full.
fn lines(change: &Change) -> String {
    let mut lines = format!("Would {}\n", sanitize(&change.in_words()));
    match change {
        Change::Start { container: Some(container), .. } => lines.push_str(&pretty(container)),
        Change::Request { headers, body, .. } => {
            for (name, value) in headers {
                lines.push_str(&format!("{}\n", sanitize(&format!("{name}: {value}"))));
            }
            match body {
                Some(serde_json::Value::String(text)) => {
                    lines.push_str(&format!("{}\n", sanitize_lines(text)));
                }
                Some(body) => lines.push_str(&pretty(body)),
                None => {}
            }
        }
        _ => {}
    }
    lines
}

fn pretty(value: &serde_json::Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", sanitize_lines(&text))
}
