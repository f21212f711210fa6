//! Why it is not clear which session is meant.

use crate::domain::{Advice, Diagnostic, ErrorKind, Session, is_plain_name};

/// No session, or more than one.
#[derive(Debug, thiserror::Error)]
pub enum SelectError {
    /// No session of that name.
    #[error("{} no session `{name}`", whose(*everywhere))]
    UnknownSession {
        /// What was asked for.
        name: String,
        /// What there is.
        sessions: Vec<String>,
        /// Whether all projects were searched.
        everywhere: bool,
    },
    /// A name is needed.
    #[error("{} {} sessions: which one?", whose(*everywhere), sessions.len())]
    SeveralSessions {
        /// What there is.
        sessions: Vec<String>,
        /// Whether all projects were searched.
        everywhere: bool,
    },
    /// Several providers have a session of this name.
    #[error("{} providers have a session `{name}`: which one?", providers.len())]
    SeveralProviders {
        name: String,
        /// Who has it.
        providers: Vec<String>,
    },
    /// The option says one provider, the name another.
    #[error("`-p {option}` and `{prefix}/` name two providers")]
    TwoProviders {
        /// After `-p`.
        option: String,
        /// Before the session's name.
        prefix: String,
    },
    /// A provider named a session so that nobody could type it.
    #[error("the provider `{provider}` calls a session `{name}`, which is not a valid name")]
    UnusableName {
        /// Who has it.
        provider: String,
        /// Its name, with escapes.
        name: String,
    },
    /// There is nothing to open.
    #[error("{} no session", whose(*everywhere))]
    NoSession {
        /// Whether all projects were searched.
        everywhere: bool,
    },
}

impl SelectError {
    /// What is wrong with the name of a session; none when a user can type it.
    #[must_use]
    pub fn unusable_name(session: &Session) -> Option<Self> {
        let Session { name, provider, .. } = session;
        let unusable = || Self::UnusableName { provider: provider.clone(), name: name.clone() };
        (!is_plain_name(name)).then(unusable)
    }
}

/// Who has sessions, or not.
fn whose(everywhere: bool) -> &'static str {
    if everywhere { "your projects have" } else { "this project has" }
}

fn names(sessions: &[String]) -> String {
    sessions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for SelectError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::UnknownSession { sessions, .. } if sessions.is_empty() => {
                ErrorKind::NotFound.hint("it has none; `renku session start` starts one")
            }
            Self::UnknownSession { sessions, .. } => {
                ErrorKind::NotFound.hint(format!("name one of {}", names(sessions)))
            }
            Self::NoSession { .. } => ErrorKind::NotFound.hint("run `renku session start`"),
            Self::SeveralSessions { sessions, .. } => {
                ErrorKind::InvalidInput.hint(format!("name one of {}", names(sessions)))
            }
            Self::SeveralProviders { name, providers } => {
                let full: Vec<_> = providers.iter().map(|it| format!("{it}/{name}")).collect();
                ErrorKind::InvalidInput.hint(format!("name one of {}", names(&full)))
            }
            Self::TwoProviders { prefix, .. } => ErrorKind::InvalidInput
                .hint(format!("leave out `-p`, or the `{prefix}/` before the name")),
            Self::UnusableName { .. } => ErrorKind::InvalidInput.hint(
                "`renku session stop --all` stops it and the others; repeat `-p` if you typed it",
            ),
        }
    }
}
