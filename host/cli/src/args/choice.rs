//! Values that are one of a few and are defined in rooms that do not know clap.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use crate::output::Format;
use crate::providers::Language;
use crate::sandbox::Capability;

/// How a result is printed.
pub(super) fn format() -> impl TypedValueParser<Value = Format> {
    one_of(&Format::ALL, |format| match format {
        Format::Table => ("table", "For people"),
        Format::Json => ("json", "For programs, versioned"),
        Format::Yaml => ("yaml", "The content of json, as YAML"),
        Format::Tsv => ("tsv", "Tab-separated, without a header"),
        Format::Log => ("log", "A few lines each"),
    })
}

/// What a provider may be allowed.
pub(super) fn capability() -> impl TypedValueParser<Value = Capability> {
    one_of(&Capability::ALL, |capability| match capability {
        Capability::Containers => ("containers", "`renku:session/containers`"),
        Capability::Http => ("http", "`renku:session/http`"),
        Capability::Prompt => ("prompt", "`renku:session/prompt`"),
        Capability::Repository => ("repository", "`renku:session/repository`"),
    })
}

/// What a provider is written in.
pub(super) fn language() -> impl TypedValueParser<Value = Language> {
    one_of(&Language::ALL, |language| match language {
        Language::Rust => ("rust", "A few hundred kB, without any other tool than cargo"),
        Language::Python => ("python", "18 MB, with `componentize-py` from PyPI"),
    })
}

/// One of `all`; `words` says how it is typed and what the help says about it.
fn one_of<T: Copy + Send + Sync + 'static>(
    all: &'static [T],
    words: fn(T) -> (&'static str, &'static str),
) -> impl TypedValueParser<Value = T> {
    let shown = all.iter().map(|value| {
        let (name, help) = words(*value);
        PossibleValue::new(name).help(help)
    });
    PossibleValuesParser::new(shown).try_map(move |typed| {
        let value = all.iter().find(|value| words(**value).0 == typed);
        value.copied().ok_or("there is no such value")
    })
}
