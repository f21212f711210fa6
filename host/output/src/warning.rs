//! A provider that could not answer, beside those that did.

use serde::Serialize;

use super::errors::{Look, Report};
use crate::domain::{Diagnostic, ErrorKind, sanitize};

/// One warning of a list. Serialised, it is `{provider, kind, message}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    provider: String,
    kind: ErrorKind,
    message: String,
    #[serde(skip)]
    report: Report,
    #[serde(skip)]
    hides_sessions: bool,
}

impl Warning {
    /// About `provider`, which failed with `error`.
    #[must_use]
    pub fn new(provider: &str, error: &dyn Diagnostic) -> Self {
        let report = Report::new(error);
        let (kind, message) = report.short();
        let (provider, message) = (sanitize(provider), message.to_owned());
        Self { provider, kind, message, report, hides_sessions: true }
    }

    /// About a session of `provider` that is shown.
    #[must_use]
    pub fn of_session(provider: &str, error: &dyn Diagnostic) -> Self {
        Self { hides_sessions: false, ..Self::new(provider, error) }
    }

    /// For people: the failure, and whose sessions are missing therefore.
    pub(super) fn text(&self, look: Look) -> String {
        let warning = self.report.as_warning(look);
        match self.hides_sessions {
            true => {
                format!("{warning}\nSessions of the provider `{}` are not shown", self.provider)
            }
            false => warning,
        }
    }
}
