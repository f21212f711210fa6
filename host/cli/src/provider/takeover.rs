//! What is asked before a known name gets another provider: one that comes from
//! elsewhere, or that is not signed by who signed the versions before. It would
//! see the sessions of the one that has the name.

use semver::Version;

use crate::app::App;
use crate::domain::{Advice, Diagnostic, ErrorKind, shell_word};
use crate::error::Failure;
use crate::providers::{Catalogue, Installable, Installed, Installer, Name, Source};
use crate::sessions::SessionsError;

/// Who wants the installable.
#[derive(Clone, Copy)]
pub(super) enum Wish {
    /// The user, who typed where it comes from.
    User {
        /// Whether the name was typed, too, and not said by the file.
        named: bool,
        /// Whether another signer is fine, or none: `--other-signer`.
        other_signer: bool,
    },
    /// The lock of a project, which is not the user. `--yes` was about installing
    /// what is missing, and answers nothing here.
    Lock,
}

/// The user has to say it, and not in passing.
#[derive(Debug, thiserror::Error)]
#[error(
    "installing `{name}` {version} needs your approval: a lock file of a project cannot give it"
)]
struct NotForALock {
    name: Name,
    version: Version,
    /// Why the user is needed.
    facts: Vec<String>,
    /// What says it.
    command: String,
}

impl Diagnostic for NotForALock {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::Denied
            .hint(format!("if you trust it, run `{}`", self.command))
            .causes(&self.facts)
    }
}

/// Asks what there is to ask about a installable.
pub(super) async fn ask(
    app: &App,
    catalogue: &Catalogue,
    installer: &Installer<'_>,
    installable: &Installable,
    wish: Wish,
) -> Result<(), Failure> {
    let installed = installer.installed(installable)?;
    let named = matches!(wish, Wish::User { named: true, .. });
    let moved = elsewhere(catalogue, &installed, &installable.receipt, named);
    let accepted = matches!(wish, Wish::User { other_signer: true, .. });
    let signer = other_signer(&installed, installable).filter(|_| !accepted);
    let facts: Vec<String> = [&moved, &signer].into_iter().flatten().cloned().collect();
    if facts.is_empty() {
        return Ok(());
    }
    let question = format!("{}.\nInstall it?", facts.join(".\n"));
    let answer = match wish {
        Wish::User { .. } if signer.is_some() => "--other-signer".to_owned(),
        Wish::User { .. } => "--yes".to_owned(),
        Wish::Lock => command(&installable.receipt, signer.is_some()),
    };
    if matches!(wish, Wish::Lock) && (app.context.says_yes() || !app.context.can_ask()) {
        let Installed { name, version, .. } = installable.receipt.clone();
        return Err(NotForALock { name, version, facts, command: answer }.into());
    }
    // A `--yes` that was meant for what is always asked must not let a signer go.
    let said = match signer {
        Some(_) => app.context.confirm_by_option(answer, question).await?,
        None => app.context.confirm(answer, question).await?,
    };
    if said {
        return Ok(());
    }
    Err(SessionsError::Declined { what: "installing the provider" }.into())
}

/// Whether the name is known, and only from other places.
fn elsewhere(
    catalogue: &Catalogue,
    installed: &[Installed],
    installable: &Installed,
    named: bool,
) -> Option<String> {
    let Installed { name, source, .. } = installable;
    // Who types both a file and a name knows which file the name means now.
    let is_known = |other: &Source| {
        other.authority() == source.authority()
            || named && other.is_one_file() && source.is_one_file()
    };
    let known = match installed.first() {
        Some(_) if installed.iter().any(|other| is_known(&other.source)) => return None,
        Some(newest) => format!("`{name}` {} came from {}", newest.version, newest.source),
        None => {
            let file = Source::File(catalogue.system_path(name)?);
            if file.authority() == source.authority() {
                return None;
            }
            format!("`{name}` is there for everybody on this computer, from {file}")
        }
    };
    Some(format!(
        "{known}, and this one comes from {source}: it would take over the name and the sessions"
    ))
}

/// Whether somebody signed a version before, and not this one.
fn other_signer(installed: &[Installed], installable: &Installable) -> Option<String> {
    let signer = &installable.receipt.signer;
    let before = installed.iter().find(|it| it.signer.is_some() && it.signer != *signer)?;
    Some(format!(
        "`{}` {} was signed by `{}`, and {} is not: {}",
        before.name,
        before.version,
        before.signer.as_deref().unwrap_or_default(),
        installable.version(),
        installable.verdict.in_words()
    ))
}

/// What the user types to have exactly this one.
fn command(receipt: &Installed, other_signer: bool) -> String {
    let Installed { name, version, source, .. } = receipt;
    let place = shell_word(&source.to_string());
    let more = if other_signer { " --other-signer" } else { "" };
    match source {
        Source::File(_) if !source.is_one_file() => {
            format!("renku session provider add --from {place} {name}@{version}{more}")
        }
        _ => format!("renku session provider add {place} --name {name}{more}"),
    }
}
