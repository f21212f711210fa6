//! What an error owes the user: a kind, a hint, its causes, an exit status.
//!
//! Every error enum of the crate implements [`Diagnostic`]; `output::errors` is
//! the one place that prints them.

use serde::Serialize;

/// The closed list of failure kinds of the contract (`wit/v0.1/types.wit`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorKind {
    /// The user's input cannot work.
    InvalidInput,
    /// The named thing does not exist.
    NotFound,
    /// It exists already, or its state does not allow this.
    Conflict,
    /// A login is missing or has expired.
    Unauthenticated,
    /// The user, a grant or the engine forbids this.
    Denied,
    /// The engine or service cannot be reached or is broken.
    Unavailable,
    /// It took longer than allowed.
    Timeout,
    /// The user interrupted the command.
    Cancelled,
    /// This engine or service cannot do what was asked.
    Unsupported,
    /// Memory, disk, a quota or a limit of the sandbox is used up.
    ResourceExhausted,
    /// Nothing was done, because this run only shows what would be done.
    DryRun,
    /// None of the above.
    Other,
}

impl ErrorKind {
    /// The word for it in the contract.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InvalidInput => "invalid-input",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Unauthenticated => "unauthenticated",
            Self::Denied => "denied",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
            Self::Cancelled => "cancelled",
            Self::Unsupported => "unsupported",
            Self::ResourceExhausted => "resource-exhausted",
            Self::DryRun => "dry-run",
            Self::Other => "other",
        }
    }

    /// The exit status this kind leads to unless the error says otherwise.
    #[must_use]
    pub fn exit_status(self) -> ExitStatus {
        match self {
            Self::InvalidInput | Self::NotFound => ExitStatus::Usage,
            Self::Unauthenticated | Self::Denied => ExitStatus::Permission,
            Self::Cancelled => ExitStatus::Interrupted,
            Self::Conflict
            | Self::Unavailable
            | Self::Timeout
            | Self::Unsupported
            | Self::ResourceExhausted
            | Self::DryRun
            | Self::Other => ExitStatus::Failure,
        }
    }
}

/// The exit statuses of `renku`, documented in `docs/user-guide.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum ExitStatus {
    Success = 0,
    /// It was tried and failed.
    Failure = 1,
    /// Wrong use: bad input, an unknown name, a question without a terminal.
    Usage = 2,
    /// A permission or a login is needed first.
    Permission = 3,
    /// Its terminal was closed.
    HungUp = 129,
    /// The user interrupted it.
    Interrupted = 130,
    /// Somebody asked it to end.
    Terminated = 143,
}

/// An error that knows how to help. The message is its `Display`.
pub trait Diagnostic: std::error::Error {
    /// Everything else, in one place: of an enum a row for each variant, and the
    /// compiler misses none.
    fn advice(&self) -> Advice<'_>;

    /// What kind of failure this is.
    fn kind(&self) -> ErrorKind {
        self.advice().kind
    }

    /// What the user can type or change next; one line, or several for a
    /// snippet to copy.
    fn hint(&self) -> Option<String> {
        self.advice().hint
    }

    /// Why, outermost first, one line each.
    fn causes(&self) -> Vec<String> {
        self.advice().causes
    }

    /// The exit status of the program.
    fn exit_status(&self) -> ExitStatus {
        self.advice().exit_status
    }

    /// Who wrote the texts.
    fn speaker(&self) -> Speaker<'_> {
        self.advice().speaker
    }
}

/// What an error owes the user besides its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advice<'a> {
    /// What kind of failure this is.
    pub kind: ErrorKind,
    /// What the user can type or change next.
    pub hint: Option<String>,
    /// Why, outermost first, one line each.
    pub causes: Vec<String>,
    /// The exit status of the program.
    pub exit_status: ExitStatus,
    /// Who wrote the texts.
    pub speaker: Speaker<'a>,
}

impl<'a> Advice<'a> {
    /// Nothing but the kind.
    #[must_use]
    pub fn new(kind: ErrorKind) -> Self {
        let (hint, causes, speaker) = (None, Vec::new(), Speaker::Renku);
        Self { kind, hint, causes, exit_status: kind.exit_status(), speaker }
    }

    /// That of an error which is passed on as it is.
    #[must_use]
    pub fn of(error: &'a dyn Diagnostic) -> Self {
        error.advice()
    }

    /// The same of another kind.
    #[must_use]
    pub fn kind(self, kind: ErrorKind) -> Self {
        Self { kind, exit_status: kind.exit_status(), ..self }
    }

    /// The same with a hint in place of the one before.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// The same with causes in place of those before.
    #[must_use]
    pub fn causes<T: Into<String>>(self, causes: impl IntoIterator<Item = T>) -> Self {
        Self { causes: causes.into_iter().map(Into::into).collect(), ..self }
    }
}

impl ErrorKind {
    /// Advice of this kind, without hint and causes.
    #[must_use]
    pub fn alone<'a>(self) -> Advice<'a> {
        Advice::new(self)
    }

    /// Advice of this kind with a hint.
    #[must_use]
    pub fn hint<'a>(self, hint: impl Into<String>) -> Advice<'a> {
        Advice::new(self).hint(hint)
    }

    /// Advice of this kind with causes.
    #[must_use]
    pub fn causes<'a, T: Into<String>>(self, causes: impl IntoIterator<Item = T>) -> Advice<'a> {
        Advice::new(self).causes(causes)
    }
}

/// Who wrote the texts of an error. What a provider wrote is shown under its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Speaker<'a> {
    /// This program, or a provider that is part of it.
    Renku,
    Provider(&'a str),
    /// This program wrote the message, this provider the causes and the hint.
    BehindMessage(&'a str),
}

/// A failure as it crosses the sandbox boundary, in either direction.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct ProviderError {
    pub kind: ErrorKind,
    pub message: String,
    /// What to do next.
    pub help: Option<String>,
    /// Why, outermost first.
    pub causes: Vec<String>,
    /// The provider that wrote these texts; none: this program, or a provider that is
    /// part of it.
    pub speaker: Option<String>,
}

impl ProviderError {
    /// An error with neither help nor causes.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), help: None, causes: Vec::new(), speaker: None }
    }

    /// Adds what the user can do next.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds a cause behind those there are.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<String>) -> Self {
        self.causes.push(cause.into());
        self
    }

    /// The user interrupted.
    #[must_use]
    pub fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "interrupted")
    }

    /// Any diagnostic, flattened to what the contract can carry.
    pub fn from_diagnostic(error: &dyn Diagnostic) -> Self {
        let Advice { kind, hint: help, causes, .. } = error.advice();
        Self { kind, message: error.to_string(), help, causes, speaker: None }
    }
}

impl Diagnostic for ProviderError {
    fn advice(&self) -> Advice<'_> {
        Advice {
            hint: self.help.clone(),
            speaker: self.speaker.as_deref().map_or(Speaker::Renku, Speaker::Provider),
            ..self.kind.causes(&self.causes)
        }
    }
}

/// The innermost reason of an error. For a broken connection it is the only useful
/// one: what wraps it says "error sending request".
#[must_use]
pub fn innermost(error: &dyn std::error::Error) -> String {
    let mut innermost = error;
    while let Some(source) = innermost.source() {
        innermost = source;
    }
    innermost.to_string()
}
