//! Brings back what a session changed in its copy of the project.

mod copy;
mod error;

use std::collections::BTreeSet;
use std::path::Path;

use crate::context::Context;
use crate::domain::Session;
use crate::domain::changes::Change;
use crate::error::SessionsError;
use crate::failure::Failure;
use crate::list::Scope;
use crate::project::{Brought, Changes, Snapshot, apply};
use crate::providers::ProviderFile;
use crate::select;

use copy::Copy;
pub use error::CopyError;

/// What came back.
pub struct Pulled {
    pub session: String,
    /// Files that are new or changed, relative to the project.
    pub changed: Vec<String>,
    /// Files that are gone.
    pub removed: Vec<String>,
    /// The branch that has the session's commits, or the reference under which they are
    /// kept; none when there were none.
    pub commits: Option<String>,
    /// What did not come.
    pub left: Option<CopyError>,
}

/// Brings the changes of the session `name`, or of the only one. Asks before files here
/// are lost, unless `force` answers that.
///
/// # Errors
///
/// When it is not clear which is meant, it has no copy, or the user declined.
pub async fn pull(
    context: &Context,
    scope: &Scope,
    name: Option<&str>,
    force: bool,
) -> Result<Pulled, Failure> {
    let chosen = select::the_one(context, scope, name).await?;
    let name = &chosen.session.name;
    let copy = Copy::of(context, &chosen.listed.provider, name).await?;
    let Some(copy) = copy else {
        return Err(CopyError::NotCopied { name: name.clone() }.into());
    };
    context.may(|| Change::Bring { session: name.clone() })?;
    let project = context.project()?;
    let failed = |source| CopyError::NotBrought { name: name.clone(), source };
    let changes = Changes::between(&copy.before, &copy.now, project.root()).map_err(failed)?;
    if !force {
        ask_before_loss(context, name, &changes, &copy.before).await?;
    }
    // Half of the changes would be worse than none.
    let own_end = context.cancel().own_end();
    apply(&changes, &copy.archive, project.root()).map_err(failed)?;
    let commits = project.bring_commits(&copy.archive, name)?;
    let note = serde_json::to_vec(&copy.now).map_err(|error| failed(error.into()))?;
    let noted = async { Ok(copy.containers.note_copy(name, &note).await?) };
    context.soon_ended(noted).await?;
    drop(own_end);

    let paths = |removed: bool| {
        let wanted = changes.0.iter().filter(|change| change.removed == removed);
        wanted.map(|change| change.path.display().to_string()).collect()
    };
    let left = copy.archive.inner_repositories();
    context.reporter().finish();
    Ok(Pulled {
        session: name.clone(),
        changed: paths(false),
        removed: paths(true),
        commits: match commits {
            Brought::Nothing => None,
            Brought::Branch(name) | Brought::Beside(name) => Some(name),
        },
        left: (!left.is_empty()).then(|| CopyError::InnerRepositories { name: name.clone(), left }),
    })
}

/// Before files here are overwritten that were changed, or many are removed: asks.
///
/// # Errors
///
/// When the user says no, or nobody can be asked.
async fn ask_before_loss(
    context: &Context,
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
        if !context.confirm("--force", question).await? {
            return Err(SessionsError::Declined { what: "overwriting local changes" }.into());
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
        if !context.confirm("--force", question).await? {
            return Err(SessionsError::Declined { what: "removing files" }.into());
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

/// A session that is not stopped, because nobody knows what would be lost.
pub(crate) struct Unreadable {
    pub(crate) session: String,
    pub(crate) failure: Failure,
}

/// Before sessions end whose copies have changes that were not pulled: asks. Gives the
/// sessions whose copy cannot be read.
///
/// # Errors
///
/// When the user says no, or nobody can be asked.
pub(crate) async fn ask_before_stop(
    context: &Context,
    provider: &ProviderFile,
    sessions: &[Session],
) -> Result<Vec<Unreadable>, Failure> {
    let mut unreadable = Vec::new();
    if context.says_yes() {
        return Ok(unreadable);
    }
    for session in sessions {
        let name = &session.name;
        let copy = match Copy::of(context, provider, name).await {
            Ok(Some(copy)) => copy,
            Ok(None) => continue,
            Err(failure) => {
                let causes = [vec![failure.0.to_string()], failure.0.causes()].concat();
                let error = CopyError::Unreadable { name: name.clone(), causes };
                unreadable.push(Unreadable { session: name.clone(), failure: error.into() });
                continue;
            }
        };
        context.reporter().finish();
        let changed = copy.now.difference(&copy.before);
        if changed == 0 {
            continue;
        }
        let question = format!(
            "Session `{name}` has {changed} changed {files} that `renku session pull {name}` would \
             copy here. Stop it and lose them?",
            files = if changed == 1 { "file" } else { "files" },
        );
        if !context.confirm("--yes", question).await? {
            return Err(SessionsError::Declined { what: "stopping" }.into());
        }
    }
    context.reporter().finish();
    Ok(unreadable)
}
