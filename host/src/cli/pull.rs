//! `renku session pull`: brings what a session changed in its copy of the
//! project back.

use std::io::Seek as _;

use super::app::App;
use super::args::PullArgs;
use super::error::{CommandError, Failure};
use super::lists::Scope;
use super::select;
use crate::capabilities::changes::Change;
use crate::domain::Session;
use crate::output::Pulled;
use crate::project::{Brought, Changes, Snapshot, apply, bring_commits};
use crate::providers::Package;
use crate::sandbox::Request;

/// Brings the changes of the named session, or of the only one.
pub(super) async fn pull(app: &mut App, args: &PullArgs) -> Result<(), Failure> {
    app.watch_interrupts();
    let scope = Scope {
        provider: args.common.provider.as_deref(),
        config: None,
        all_projects: false,
        limit: None,
    };
    let chosen = select::the_one(app, scope, args.name.as_deref()).await?;
    let name = &chosen.session.name;
    let copy = Copy::of(app, &chosen.answer.package, name).await?;
    let Some(mut copy) = copy else {
        return Err(CommandError::NotCopied { name: name.clone() }.into());
    };
    app.may(|| Change::Bring { session: name.clone() })?;
    let project = app.project()?;
    let failed = |source| CommandError::NotBrought { name: name.clone(), source };
    let changes = Changes::between(&copy.before, &copy.now, project.root()).map_err(failed)?;
    let conflicts = changes.conflicts();
    if !conflicts.is_empty() && !args.force {
        let list: Vec<_> = conflicts.iter().map(|path| format!("  {}", path.display())).collect();
        let question = format!(
            "Changed here as well as in `{name}`:\n{}\nOverwrite what is here?",
            list.join("\n")
        );
        if !app.confirm("--force", question).await? {
            return Err(CommandError::Declined { what: "overwriting local changes" }.into());
        }
    }
    apply(&changes, &copy.archive, project.root()).map_err(failed)?;
    copy.archive.rewind().map_err(failed)?;
    let commits = bring_commits(&copy.archive, project.root(), name)?;
    let note = serde_json::to_vec(&copy.now).map_err(|error| failed(error.into()))?;
    copy.containers.note_copy(name, &note).await?;

    let paths = |removed: bool| {
        let wanted = changes.0.iter().filter(|change| change.removed == removed);
        wanted.map(|change| change.path.display().to_string()).collect()
    };
    app.reporter.finish();
    app.printer.pulled(&Pulled {
        session: name.clone(),
        changed: paths(false),
        removed: paths(true),
        commits: match commits {
            Brought::Nothing => None,
            Brought::Branch(name) | Brought::Beside(name) => Some(name),
        },
    });
    Ok(())
}

/// A session's copy of the project.
struct Copy {
    containers: crate::capabilities::containers::Containers,
    archive: std::fs::File,
    before: Snapshot,
    now: Snapshot,
}

impl Copy {
    async fn of(app: &App, package: &Package, name: &str) -> Result<Option<Self>, Failure> {
        let failed = |source| CommandError::NotBrought { name: name.to_owned(), source };
        let Some(containers) = app.invocation(package, Request::default()).containers else {
            return Ok(None);
        };
        let Some(mut copied) = containers.copied_project(name).await? else { return Ok(None) };
        let before = serde_json::from_slice(&copied.note).map_err(|error| failed(error.into()))?;
        let now = Snapshot::of_archive(&copied.archive).map_err(failed)?;
        copied.archive.rewind().map_err(failed)?;
        Ok(Some(Self { containers, archive: copied.archive, before, now }))
    }
}

/// Before sessions end whose copies have changes that were not pulled: asks.
///
/// # Errors
///
/// When the user says no, or nobody can be asked.
pub(super) async fn ask_before_stop(
    app: &App,
    package: &Package,
    sessions: &[Session],
) -> Result<(), Failure> {
    if app.questions.says_yes() {
        return Ok(());
    }
    for session in sessions {
        let name = &session.name;
        let Some(copy) = Copy::of(app, package, name).await? else { continue };
        app.reporter.finish();
        let changed = copy.now.difference(&copy.before);
        if changed == 0 {
            continue;
        }
        let question = format!(
            "Session `{name}` has {changed} changed {files} that `renku session pull {name}` would \
             bring here. Stop it and lose them?",
            files = if changed == 1 { "file" } else { "files" },
        );
        if !app.confirm("--yes", question).await? {
            return Err(CommandError::Declined { what: "stopping" }.into());
        }
    }
    Ok(())
}
