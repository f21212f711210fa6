//! How long work tells the user how far it is.
//!
//! The trait stands here so that a capability can report without knowing
//! whether somebody looks at a terminal; `output` implements it.

/// Receives progress. Calls are cheap and never fail.
pub trait Reporter: Send + Sync {
    /// A new phase begins; the one before it is over.
    fn phase(&self, name: &str);

    /// The current phase advanced to `done` of `total` (both in `unit`;
    /// `bytes` is shown as MB).
    fn amount(&self, done: u64, total: u64, unit: &str);

    /// A detail of the current phase, replacing the detail before it.
    fn note(&self, text: &str);

    /// A message that stays, on standard error.
    fn message(&self, text: &str);

    /// The last phase is over.
    fn finish(&self);

    /// The provider `speaker` reports something in its own words, which nobody may take
    /// for ours.
    fn said(&self, speaker: &str, said: Said<'_>);
}

/// What a provider reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said<'a> {
    /// A new phase begins.
    Phase(&'a str),
    /// The current phase advanced.
    Amount {
        done: u64,
        /// Of so many.
        total: u64,
        /// What is counted.
        unit: &'a str,
    },
    /// A detail of the current phase.
    Note(&'a str),
    /// A message that stays.
    Message(&'a str),
}

/// A reporter for nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

impl Reporter for Silent {
    fn phase(&self, _name: &str) {}
    fn amount(&self, _done: u64, _total: u64, _unit: &str) {}
    fn note(&self, _text: &str) {}
    fn message(&self, _text: &str) {}
    fn finish(&self) {}
    fn said(&self, _speaker: &str, _said: Said<'_>) {}
}
