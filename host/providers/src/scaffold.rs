//! A new project for the author of a provider: complete, with the SDK and the
//! contract in it, so that it builds wherever its language does.
//!
//! The templates are projects themselves (`host/templates`), whose provider is
//! called `my-provider`; the build script embeds them.

use std::path::{Path, PathBuf};

use super::catalogue::is_bundled;
use super::name::Name;
use crate::domain::{Advice, Diagnostic, ErrorKind};
use crate::sandbox::VERSION;

mod embedded {
    include!(concat!(env!("OUT_DIR"), "/templates.rs"));
}

/// What a provider can be written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// A few hundred kB, without any other tool than cargo
    #[default]
    Rust,
    /// 18 MB, with `componentize-py` from PyPI
    Python,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::Rust, Self::Python];

    fn files(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Rust => embedded::RUST,
            Self::Python => embedded::PYTHON,
        }
    }
}

/// Words that cargo takes for no package, as they are words of Rust or crates that
/// everybody has.
const RESERVED: [&str; 50] = [
    "abstract",
    "alloc",
    "as",
    "async",
    "await",
    "become",
    "box",
    "break",
    "const",
    "continue",
    "core",
    "crate",
    "do",
    "dyn",
    "else",
    "enum",
    "extern",
    "false",
    "final",
    "fn",
    "for",
    "gen",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "macro",
    "match",
    "mod",
    "move",
    "mut",
    "override",
    "priv",
    "proc_macro",
    "pub",
    "ref",
    "return",
    "self",
    "static",
    "std",
    "struct",
    "super",
    "test",
    "trait",
    "true",
    "try",
    "type",
    "unsafe",
    "use",
];

/// Makes the project `name` in `folder`, which is empty or does not exist.
///
/// # Errors
///
/// When the name cannot be, there is something in the folder, or it cannot be
/// written.
pub fn scaffold(name: &str, language: Language, folder: &Path) -> Result<(), ScaffoldError> {
    check(name)?;
    let unwritable = |source| ScaffoldError::Unwritable { folder: folder.to_owned(), source };
    match std::fs::read_dir(folder).map(|mut entries| entries.next().is_none()) {
        Ok(true) => {}
        Ok(false) => return Err(ScaffoldError::Exists { folder: folder.into() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) if error.kind() == std::io::ErrorKind::NotADirectory => {
            return Err(ScaffoldError::Exists { folder: folder.into() });
        }
        Err(error) => return Err(unwritable(error)),
    }
    for (file, text) in language.files() {
        let path = folder.join(file);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).map_err(unwritable)?;
        std::fs::write(&path, named(text, name)).map_err(unwritable)?;
    }
    Ok(())
}

/// A template's text with the provider's own name; as part of a file's name,
/// cargo writes it with underscores; types are written `MyProvider`. `@CONTRACT` stands
/// for the version of the contract.
fn named(text: &str, name: &str) -> String {
    text.replace("@CONTRACT", &format!("@{VERSION}"))
        .replace("my-provider", name)
        .replace("my_provider", &name.replace('-', "_"))
        .replace("MyProvider", &camel_case(name))
}

fn camel_case(name: &str) -> String {
    let words = name.split(['-', '_']).map(|word| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters)
    });
    words.flatten().collect()
}

fn check(name: &str) -> Result<(), ScaffoldError> {
    let invalid = |reason: String| ScaffoldError::Name { reason };
    let parsed: Name = name.parse().map_err(invalid)?;
    if name.contains('/') {
        return Err(invalid(format!(
            "`{name}` has a namespace; leave it out here, `add --name {name}` adds it"
        )));
    }
    if !name.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Err(invalid(format!("`{name}` does not begin with a letter")));
    }
    if RESERVED.contains(&name) {
        return Err(invalid(format!("`{name}` is a keyword of Rust")));
    }
    if is_bundled(&parsed) {
        return Err(invalid(format!("`{name}` is the name of a provider that is part of `renku`")));
    }
    Ok(())
}

/// Why there is no new project.
#[derive(Debug, thiserror::Error)]
pub enum ScaffoldError {
    /// The name cannot be.
    #[error("{reason}")]
    Name { reason: String },
    /// There is something already.
    #[error("`{}` already exists and is not empty", folder.display())]
    Exists { folder: PathBuf },
    /// It cannot be written.
    #[error("the project cannot be created in `{}`", folder.display())]
    Unwritable { folder: PathBuf, source: std::io::Error },
}

impl Diagnostic for ScaffoldError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Name { .. } => {
                ErrorKind::InvalidInput.hint("choose a name like `slurm` or `my-cluster`")
            }
            Self::Exists { .. } => {
                ErrorKind::Conflict.hint("name another folder with `--directory`")
            }
            Self::Unwritable { source, .. } => ErrorKind::Other.causes([source.to_string()]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_gets_the_name_in_every_spelling() {
        assert_eq!(
            named("my-provider my_provider MyProvider", "my-cluster_2"),
            "my-cluster_2 my_cluster_2 MyCluster2"
        );
        assert_eq!(named("import a:b/c@CONTRACT;", "x"), format!("import a:b/c@{VERSION};"));
    }

    #[test]
    fn names_that_no_project_can_have_are_refused() {
        for name in ["", "A", "acme/slurm", "../x", "9p", "fn", "test", "docker"] {
            assert!(check(name).is_err(), "{name}");
        }
        for name in ["slurm", "my-cluster", "my_cluster2"] {
            assert!(check(name).is_ok(), "{name}");
        }
    }

    #[test]
    fn every_project_has_the_contract_in_it() {
        for language in [Language::Rust, Language::Python] {
            let has = |end: &str| language.files().iter().any(|(path, _)| path.ends_with(end));
            assert!(
                has("README.md") && has("manifest.json") && has("containers.wit"),
                "{language:?}"
            );
        }
    }
}
