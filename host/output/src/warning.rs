//! A provider that could not answer, beside those that did.

use serde::Serialize;

use super::errors::Report;
use super::style::Style;
use crate::domain::{Diagnostic, ErrorKind, sanitize};

/// One warning of a list. Serialised, it is `{provider, kind, message}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Warning {
    provider: String,
    kind: ErrorKind,
    message: String,
    #[serde(skip)]
    report: Report,
}

impl Warning {
    /// About `provider`, which failed with `error`.
    #[must_use]
    pub fn new(provider: &str, error: &dyn Diagnostic) -> Self {
        let report = Report::new(error);
        let (kind, message) = report.short();
        Self { provider: sanitize(provider), kind, message: message.to_owned(), report }
    }

    /// For people: the failure, and whose sessions are missing therefore.
    pub(super) fn text(&self, style: Style) -> String {
        let warning = self.report.as_warning(style);
        format!("{warning}\nSessions of the provider `{}` are not shown", self.provider)
    }
}
