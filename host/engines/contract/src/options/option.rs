//! One row of the table of engine options.

use std::ops::RangeInclusive;
use std::path::Path;

use super::EngineOptions;
use super::caller::Caller;

/// An option that a user can type for any provider that starts containers.
///
/// Spelling and units are those of `docker run`.
#[derive(Debug, Clone, Copy)]
pub struct EngineOption {
    /// Its long name, without dashes.
    pub name: &'static str,
    /// Other spellings.
    pub aliases: &'static [&'static str],
    /// What stands for its value in the help; none: it is a flag.
    pub value: Option<&'static str>,
    /// Whether it can be given several times.
    pub many: bool,
    /// Its value when nothing follows it; none: something has to.
    pub bare: Option<&'static str>,
    /// What it does, for the help.
    pub help: &'static str,
    /// A value that works.
    pub(super) example: &'static str,
    pub(super) danger: Danger,
    pub(super) set: Set,
}

/// How a value is read, and where it goes.
#[derive(Debug, Clone, Copy)]
pub(super) enum Set {
    /// There is no value.
    Flag(fn(&mut EngineOptions)),
    /// A whole number within bounds.
    Number(Bounds, fn(&mut EngineOptions, i64)),
    /// A size such as `512m`, in bytes.
    Size(fn(&mut EngineOptions, i64)),
    /// Any text but none.
    Text(fn(&mut EngineOptions, String)),
    /// Something with a form of its own; the error says what is wrong.
    Parsed(fn(&mut EngineOptions, &str, &Caller<'_>) -> Result<(), String>),
}

/// The smallest and the largest number.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bounds(pub(super) i64, pub(super) i64);

impl Bounds {
    pub(super) fn range(self) -> RangeInclusive<i64> {
        self.0..=self.1
    }
}

/// Whether the option hands out more than the project, so that for a provider
/// that is not bundled the user has to name the image, too.
#[derive(Debug, Clone, Copy)]
pub(super) enum Danger {
    None,
    /// With any value.
    Always,
    /// With some values.
    When(fn(&str) -> bool),
    /// When what it mounts is not inside the project.
    OutsideProject,
}

impl EngineOption {
    pub(super) const fn flag(
        name: &'static str,
        help: &'static str,
        set: fn(&mut EngineOptions),
    ) -> Self {
        Self::new(name, None, "", help, Set::Flag(set))
    }

    pub(super) const fn number(
        name: &'static str,
        bounds: (i64, i64),
        example: &'static str,
        help: &'static str,
        set: fn(&mut EngineOptions, i64),
    ) -> Self {
        Self::new(name, Some("N"), example, help, Set::Number(Bounds(bounds.0, bounds.1), set))
    }

    pub(super) const fn size(
        name: &'static str,
        example: &'static str,
        help: &'static str,
        set: fn(&mut EngineOptions, i64),
    ) -> Self {
        Self::new(name, Some("SIZE"), example, help, Set::Size(set))
    }

    pub(super) const fn text(
        name: &'static str,
        value: &'static str,
        example: &'static str,
        help: &'static str,
        set: fn(&mut EngineOptions, String),
    ) -> Self {
        Self::new(name, Some(value), example, help, Set::Text(set))
    }

    pub(super) const fn parsed(
        name: &'static str,
        value: &'static str,
        example: &'static str,
        help: &'static str,
        set: fn(&mut EngineOptions, &str, &Caller<'_>) -> Result<(), String>,
    ) -> Self {
        Self::new(name, Some(value), example, help, Set::Parsed(set))
    }

    const fn new(
        name: &'static str,
        value: Option<&'static str>,
        example: &'static str,
        help: &'static str,
        set: Set,
    ) -> Self {
        let (aliases, many, bare) = (&[], false, None);
        Self { name, aliases, value, many, bare, help, example, danger: Danger::None, set }
    }

    /// It can be given several times.
    pub(super) const fn many(mut self) -> Self {
        self.many = true;
        self
    }

    /// It may stand alone, and means this then.
    pub(super) const fn bare(mut self, value: &'static str) -> Self {
        self.bare = Some(value);
        self
    }

    pub(super) const fn also(mut self, aliases: &'static [&'static str]) -> Self {
        self.aliases = aliases;
        self
    }

    pub(super) const fn danger(mut self, danger: Danger) -> Self {
        self.danger = danger;
        self
    }

    /// Whether this value hands out more than the project at `root`.
    pub(super) fn is_dangerous(&self, value: &str, source: Option<&Path>, root: &Path) -> bool {
        match self.danger {
            Danger::None => false,
            Danger::Always => true,
            Danger::When(is) => is(value),
            Danger::OutsideProject => !source.is_some_and(|source| source.starts_with(root)),
        }
    }
}
