//! Sessions that run on when their provider may not, or is not here any more: no
//! command shows or stops them then, so a message comes while somebody can do something
//! about it.

use std::path::Path;
use std::time::Duration;

use crate::context::Context;
use crate::contract::Resident;
use crate::domain::{Advice, Diagnostic, Digest, ErrorKind, Identity, shell_word};
use crate::project;
use crate::providers::{Name, Versions};

/// How long the engine of this machine may take.
const PATIENCE: Duration = Duration::from_millis(500);

/// The sessions of one provider.
pub struct LeftBehind {
    /// What their provider is called.
    provider: String,
    identity: Identity,
    sessions: Vec<Resident>,
    /// Whether all of them are of the project that we stand in.
    here: bool,
}

impl Context {
    /// The sessions on the engine of this machine that are bound to one of these
    /// identities, by identity. Nothing when no engine answers at once.
    pub async fn left_behind(&self, identities: &[Identity]) -> Vec<LeftBehind> {
        if identities.is_empty() {
            return Vec::new();
        }
        let key = self.key();
        let census = tokio::time::timeout(PATIENCE, self.engines().census(&key)).await;
        let sessions = census.unwrap_or_default().sessions;
        let here = self.project().ok();
        let of = |identity: &Identity| {
            let is_its = |it: &&Resident| identity.owns(&it.provider);
            let sessions: Vec<Resident> = sessions.iter().filter(is_its).cloned().collect();
            let is_here = |it: &Resident| here.as_ref().is_some_and(|here| here.id() == it.project);
            let here = sessions.iter().all(is_here);
            let (provider, identity) = (identity.shown(), identity.clone());
            LeftBehind { provider, identity, sessions, here }
        };
        let all = identities.iter().map(of);
        all.filter(|left| !left.sessions.is_empty()).collect()
    }

    /// Whether the sessions of this name are shown: a file of it may run that is
    /// none of `without`.
    pub fn shows_sessions_of(&self, name: &Name, without: &[Digest]) -> bool {
        let files = self.catalogue().files_of(name, &Versions::Any).unwrap_or_default();
        files.iter().any(|file| {
            file.identity().is_named(name.as_str())
                && !without.contains(&file.digest())
                && matches!(self.permissions().of(&file.digest()), Ok(Some(_)))
        })
    }
}

impl LeftBehind {
    /// Who their provider is.
    pub fn identity(&self) -> &Identity {
        &self.identity
    }

    /// The same, when its user types something else for it.
    pub fn called(mut self, typed: &str) -> Self {
        typed.clone_into(&mut self.provider);
        self
    }

    /// One line each.
    pub fn lines(&self) -> Vec<String> {
        self.sessions.iter().map(in_words).collect()
    }

    /// The command that stops them while their provider is there.
    pub fn stop(&self) -> String {
        let all = if self.here { "--all" } else { "--all-projects" };
        format!("renku session stop {all} -p {}", shell_word(&self.provider))
    }

    /// As a warning: nothing was asked.
    pub fn warning(&self) -> NotShown {
        NotShown {
            provider: self.provider.clone(),
            sessions: self.lines(),
            remove: removal(&self.sessions),
            stop: self.stop(),
        }
    }
}

/// Sessions are there, and no command shows them.
#[derive(Debug, thiserror::Error)]
#[error("`{provider}` still has sessions, which no command shows now")]
pub struct NotShown {
    provider: String,
    sessions: Vec<String>,
    remove: String,
    stop: String,
}

impl Diagnostic for NotShown {
    fn advice(&self) -> Advice<'_> {
        let Self { remove, stop, sessions, .. } = self;
        ErrorKind::Conflict
            .hint(format!("`{remove}` removes them; next time run `{stop}` first"))
            .causes(sessions)
    }
}

/// The commands that remove containers without any provider, one for each engine.
pub fn removal(sessions: &[Resident]) -> String {
    let mut commands: Vec<(&str, Vec<&str>)> = Vec::new();
    for session in sessions {
        match commands.iter_mut().find(|(command, _)| *command == session.removal) {
            Some((_, names)) => names.push(&session.name),
            None => commands.push((&session.removal, vec![&session.name])),
        }
    }
    let lines = commands.iter().map(|(command, names)| format!("{command} {}", names.join(" ")));
    lines.collect::<Vec<_>>().join("; ")
}

/// Its name, and where its project is.
pub fn in_words(session: &Resident) -> String {
    match folder(session) {
        Some(folder) => format!("`{}` in `{}`", session.name, folder.display()),
        None => format!("`{}`", session.name),
    }
}

fn folder(session: &Resident) -> Option<&Path> {
    let is_project = |it: &&Path| project::id_of(it) == session.project;
    session.folders.iter().map(AsRef::as_ref).find(is_project)
}
