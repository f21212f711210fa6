//! Who a provider is, for sessions, secrets and origins.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use crate::digest::Digest;

/// How the identity of a file begins.
const FILE: &str = "file:";
/// Digits of a digest that are shown. They decide nothing: two files can share them.
const SHOWN: usize = 12;

/// A provider, as its name was resolved, never as its file calls itself: the name
/// under which it is part of the program or was installed, else its file.
///
/// Once, twelve digits of a file's digest were all of its identity.
/// Sessions that were labelled so then still belong to the file whose digest begins
/// so, and their secrets are derived as they were. Which sessions these are is known
/// once their labels were seen, to all clones of an identity: containers are looked
/// at in one part of a command, and secrets derived in another.
#[derive(Debug, Clone)]
pub struct Identity {
    who: Who,
    labelled_before: Arc<Mutex<BTreeSet<String>>>,
}

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Named(String),
    File(Digest),
}

impl Identity {
    /// Of what is part of the program or was installed.
    #[must_use]
    pub fn named(name: impl Into<String>) -> Self {
        Self::new(Who::Named(name.into()))
    }

    /// Of a file without such a name.
    #[must_use]
    pub fn of_file(digest: Digest) -> Self {
        Self::new(Who::File(digest))
    }

    fn new(who: Who) -> Self {
        Self { who, labelled_before: Arc::default() }
    }

    /// What labels, secrets and origins are bound to: the name, or `file:` and all 64
    /// digits.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.who {
            Who::Named(name) => name.clone(),
            Who::File(digest) => format!("{FILE}{}", digest.hex()),
        }
    }

    /// The same for people: twelve digits.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.who {
            Who::Named(name) => name.clone(),
            Who::File(digest) => format!("{FILE}{}", digest.short()),
        }
    }

    /// What the label was once; none when it did not change.
    #[must_use]
    pub fn label_before(&self) -> Option<String> {
        match &self.who {
            Who::Named(_) => None,
            Who::File(_) => Some(self.shown()),
        }
    }

    /// Whether it has this name.
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        matches!(&self.who, Who::Named(own) if own == name)
    }

    /// Whether a session with this label is its own.
    #[must_use]
    pub fn owns(&self, label: &str) -> bool {
        label == self.label() || Some(label) == self.label_before().as_deref()
    }

    /// The same for the session of this name, which is remembered.
    #[must_use]
    pub fn owns_session(&self, label: &str, name: &str) -> bool {
        if Some(label) == self.label_before().as_deref() {
            self.labelled_before().insert(name.to_owned());
        }
        self.owns(label)
    }

    /// What the secret of a session is derived from: what it was made with.
    #[must_use]
    pub fn label_of(&self, session: &str) -> String {
        let before = self.label_before().filter(|_| self.labelled_before().contains(session));
        before.unwrap_or_else(|| self.label())
    }

    fn labelled_before(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.labelled_before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A label as people are shown it: of the digest of a file, twelve digits.
#[must_use]
pub fn shown_label(label: &str) -> &str {
    match file_digits(label) {
        Some(_) => label.get(..FILE.len() + SHOWN).unwrap_or(label),
        None => label,
    }
}

/// The digits of a label that is of a file: 64, or 12 of one that was made before;
/// none for a name.
#[must_use]
pub fn file_digits(label: &str) -> Option<&str> {
    let digits = label.strip_prefix(FILE)?;
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    (matches!(digits.len(), SHOWN | 64) && digits.bytes().all(is_digit)).then_some(digits)
}

impl PartialEq for Identity {
    fn eq(&self, other: &Self) -> bool {
        self.who == other.who
    }
}

impl Eq for Identity {}

impl PartialOrd for Identity {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Identity {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.who.cmp(&other.who)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn digest(end: char) -> Digest {
        format!("sha256:5aa5cd23c2fd{}{end}", "0".repeat(51)).parse().unwrap()
    }

    #[test]
    fn two_files_that_share_twelve_digits_are_two() {
        let (one, other) = (Identity::of_file(digest('1')), Identity::of_file(digest('2')));
        assert_eq!(one.shown(), "file:5aa5cd23c2fd");
        assert_eq!(one.shown(), other.shown());
        assert_ne!(one, other);
        assert!(!one.owns(&other.label()) && one.owns(&one.label()));
        assert_ne!(one.label_of("lab"), other.label_of("lab"));
    }

    #[test]
    fn a_session_that_was_labelled_before_is_seen_and_keeps_its_secret() {
        let file = Identity::of_file(digest('1'));
        let same = file.clone();
        assert_eq!(same.label_of("lab"), file.label());
        assert!(file.owns_session("file:5aa5cd23c2fd", "lab"));
        assert!(!file.owns_session("file:5aa5cd23c2fe", "other"));
        assert_eq!(same.label_of("lab"), "file:5aa5cd23c2fd");
        assert_eq!(same.label_of("other"), file.label());
    }

    #[test]
    fn a_name_is_a_name_whatever_it_looks_like() {
        let named = Identity::named("docker");
        assert_eq!((named.label(), named.shown()), ("docker".into(), "docker".into()));
        assert!(named.is_named("docker") && !named.owns("file:5aa5cd23c2fd"));
        assert!(!Identity::of_file(digest('1')).is_named("file:5aa5cd23c2fd"));
    }

    #[test]
    fn labels_are_shortened_where_they_are_of_files() {
        let whole = Identity::of_file(digest('1')).label();
        assert_eq!(shown_label(&whole), "file:5aa5cd23c2fd");
        assert_eq!(shown_label("file:5aa5cd23c2fd"), "file:5aa5cd23c2fd");
        assert_eq!(shown_label("acme/slurm"), "acme/slurm");
        assert_eq!(file_digits(&whole).unwrap().len(), 64);
        for other in ["file:5aa5", "file:5aa5cd23c2fD", "file:é", "docker"] {
            assert_eq!(file_digits(other), None, "{other}");
            assert_eq!(shown_label(other), other);
        }
    }
}
