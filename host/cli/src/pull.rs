//! `renku session pull`: brings what a session changed in its copy of the
//! project back.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use super::app::App;
use super::args::PullArgs;
use super::error::{CommandError, Failure};
use super::lists::Scope;
use super::select;
use crate::contract::HostEngine;
use crate::domain::Session;
use crate::domain::changes::Change;
use crate::output::Pulled;
use crate::project::{Archive, Brought, Changes, Snapshot, apply};
use crate::providers::ProviderFile;
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
    let Some(copy) = copy else {
        return Err(CommandError::NotCopied { name: name.clone() }.into());
    };
    app.may(|| Change::Bring { session: name.clone() })?;
    let project = app.project()?;
    let failed = |source| CommandError::NotBrought { name: name.clone(), source };
    let changes = Changes::between(&copy.before, &copy.now, project.root()).map_err(failed)?;
    if !args.force {
        ask_before_loss(app, name, &changes, &copy.before).await?;
    }
    apply(&changes, &copy.archive, project.root()).map_err(failed)?;
    let commits = project.bring_commits(&copy.archive, name)?;
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
    let left = copy.archive.inner_repositories();
    if !left.is_empty() {
        app.printer.warning(&CommandError::InnerRepositories { name: name.clone(), left });
    }
    Ok(())
}

/// Before files here are overwritten that were changed, or many are removed: asks.
///
/// # Errors
///
/// When the user says no, or nobody can be asked.
async fn ask_before_loss(
    app: &App,
    name: &str,
    changes: &Changes,
    before: &Snapshot,
) -> Result<(), Failure> {
    let conflicts = changes.conflicts();
    if !conflicts.is_empty() {
        let question = format!(
            "Changed here as well as in `{name}`:\n{}Overwrite what is here?",
            list(&conflicts)
        );
        if !app.confirm("--force", question).await? {
            return Err(CommandError::Declined { what: "overwriting local changes" }.into());
        }
    }
    let removed = changes.many_removed(before);
    if !removed.is_empty() {
        let question = format!(
            "Removed in `{name}`, {} of {} files:\n{}Remove them here, too?",
            removed.len(),
            before.count(),
            list(&removed)
        );
        if !app.confirm("--force", question).await? {
            return Err(CommandError::Declined { what: "removing files" }.into());
        }
    }
    Ok(())
}

/// Paths as lines, the first ones of many.
fn list(paths: &BTreeSet<&Path>) -> String {
    const MANY: usize = 20;
    let mut lines: String =
        paths.iter().take(MANY).map(|path| format!("  {}\n", path.display())).collect();
    if let more @ 1.. = paths.len().saturating_sub(MANY) {
        lines.push_str(&format!("  and {more} more\n"));
    }
    lines
}

/// A session's copy of the project.
struct Copy {
    containers: Arc<dyn HostEngine>,
    archive: Archive,
    before: Snapshot,
    now: Snapshot,
}

impl Copy {
    async fn of(app: &App, package: &ProviderFile, name: &str) -> Result<Option<Self>, Failure> {
        let failed = |source| CommandError::NotBrought { name: name.to_owned(), source };
        let Some(containers) = app.invocation(package, Request::default()).containers else {
            return Ok(None);
        };
        let Some(copied) = containers.copied_project(name).await? else { return Ok(None) };
        let before = serde_json::from_slice(&copied.note).map_err(|error| failed(error.into()))?;
        let archive = Archive::read(copied.archive).map_err(failed)?;
        let now = Snapshot::of_archive(&archive).map_err(failed)?;
        Ok(Some(Self { containers, archive, before, now }))
    }
}

/// Before sessions end whose copies have changes that were not pulled: asks.
///
/// # Errors
///
/// When the user says no, or nobody can be asked.
pub(super) async fn ask_before_stop(
    app: &App,
    package: &ProviderFile,
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
