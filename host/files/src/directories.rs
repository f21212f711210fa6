//! Where this user's files are (XDG Base Directory Specification 0.8), each
//! with a variable of our own that beats it.

use std::path::{Path, PathBuf};

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// Our own variable, the one of the specification, and what stands for both below
/// the home.
struct Kind {
    own: &'static str,
    xdg: &'static str,
    fallback: &'static str,
}

const CACHE: Kind =
    Kind { own: "RENKU_CACHE_DIR", xdg: "XDG_CACHE_HOME", fallback: ".cache/renku" };
const CONFIGURATION: Kind =
    Kind { own: "RENKU_CONFIG_DIR", xdg: "XDG_CONFIG_HOME", fallback: ".config/renku" };
const DATA: Kind =
    Kind { own: "RENKU_DATA_DIR", xdg: "XDG_DATA_HOME", fallback: ".local/share/renku" };
const STATE: Kind =
    Kind { own: "RENKU_STATE_DIR", xdg: "XDG_STATE_HOME", fallback: ".local/state/renku" };

/// `$RENKU_CACHE_DIR`, else `$XDG_CACHE_HOME/renku`, else `~/.cache/renku`: what
/// may be deleted at any time. None without a home.
#[must_use]
pub fn cache() -> Option<PathBuf> {
    Environment::ours().folder(&CACHE)
}

/// `$RENKU_CONFIG_DIR`, else `$XDG_CONFIG_HOME/renku`, else `~/.config/renku`:
/// what the user decided.
#[must_use]
pub fn configuration() -> Option<PathBuf> {
    Environment::ours().folder(&CONFIGURATION)
}

/// `$RENKU_DATA_DIR`, else `$XDG_DATA_HOME/renku`, else `~/.local/share/renku`:
/// what the user installed.
#[must_use]
pub fn data() -> Option<PathBuf> {
    Environment::ours().folder(&DATA)
}

/// `$RENKU_STATE_DIR`, else `$XDG_STATE_HOME/renku`, else `~/.local/state/renku`:
/// sessions that no engine keeps. None without a home.
#[must_use]
pub fn state() -> Option<PathBuf> {
    Environment::ours().folder(&STATE)
}

/// Where data and state of this user are, as variables: for this very program when it is
/// started again with nothing else of our environment.
pub fn variables() -> impl Iterator<Item = (&'static str, PathBuf)> {
    let ours = Environment::ours();
    let all = [&CACHE, &CONFIGURATION, &DATA, &STATE].into_iter();
    all.filter_map(move |kind| Some((kind.own, ours.folder(kind)?)))
}

/// The folders of this computer's administrator, the strongest first: `renku` below each of
/// `$XDG_CONFIG_DIRS`, `/etc/xdg` where that is not set.
#[must_use]
pub fn system_configuration() -> Vec<PathBuf> {
    let named = std::env::var_os("XDG_CONFIG_DIRS").filter(|value| !value.is_empty());
    let named = named.unwrap_or_else(|| "/etc/xdg".into());
    let folders = std::env::split_paths(&named).filter(|folder| folder.is_absolute());
    folders.map(|folder| folder.join("renku")).collect()
}

/// The home. None when it is not an absolute path: a relative one would be another
/// folder for every folder that we are started in, such as a project.
#[must_use]
pub fn home() -> Option<PathBuf> {
    etcetera::home_dir().ok().filter(|home| home.is_absolute())
}

/// There is no home that could be used.
#[derive(Debug, thiserror::Error)]
pub enum NoHome {
    /// There is none.
    #[error("your home directory is not known")]
    Unknown,
    /// It is not one folder.
    #[error("`HOME={}` is not an absolute path", .0.display())]
    Relative(PathBuf),
}

impl NoHome {
    /// Why there is none.
    #[must_use]
    pub fn reason() -> Self {
        match std::env::var_os("HOME").map(PathBuf::from) {
            Some(home) if !home.as_os_str().is_empty() && !home.is_absolute() => {
                Self::Relative(home)
            }
            _ => Self::Unknown,
        }
    }
}

impl Diagnostic for NoHome {
    fn advice(&self) -> Advice<'_> {
        ErrorKind::InvalidInput.hint(match self {
            Self::Unknown => "set the environment variable `HOME`",
            Self::Relative(_) => "set `HOME` to the whole path of your home directory",
        })
    }
}

/// The folder from which on the way to a file of ours has to be ours: the home,
/// else the folder that a variable names, else none.
pub(crate) fn root_of(path: &Path) -> Option<PathBuf> {
    Environment::ours().root_of(path)
}

/// The variable that names another place for a file.
pub(crate) fn variable_for(path: &Path) -> Option<&'static str> {
    let all = [&CACHE, &CONFIGURATION, &DATA, &STATE].into_iter();
    let ours = Environment::ours();
    all.filter(|kind| ours.folder(kind).is_some_and(|folder| path.starts_with(folder)))
        .map(|kind| kind.own)
        .next()
}

/// What the environment says. A relative path in one of the variables is ignored,
/// as the specification wants it.
struct Environment<V> {
    home: Option<PathBuf>,
    variable: V,
}

impl Environment<fn(&str) -> Option<PathBuf>> {
    fn ours() -> Self {
        Self { home: home(), variable: |name| std::env::var_os(name).map(PathBuf::from) }
    }
}

impl<V: Fn(&str) -> Option<PathBuf>> Environment<V> {
    fn absolute(&self, name: &str) -> Option<PathBuf> {
        (self.variable)(name).filter(|path| path.is_absolute())
    }

    fn folder(&self, kind: &Kind) -> Option<PathBuf> {
        let xdg = || Some(self.absolute(kind.xdg)?.join("renku"));
        let fallback = || Some(self.home.as_ref()?.join(kind.fallback));
        self.absolute(kind.own).or_else(xdg).or_else(fallback)
    }

    fn root_of(&self, path: &Path) -> Option<PathBuf> {
        if let Some(home) = self.home.as_ref().filter(|home| path.starts_with(home)) {
            return Some(home.clone());
        }
        let named = [CACHE, CONFIGURATION, DATA, STATE].into_iter();
        let named = named.flat_map(|kind| [kind.own, kind.xdg]);
        let above = named.filter_map(|name| self.absolute(name)).filter(|it| path.starts_with(it));
        above.max_by_key(|folder| folder.components().count())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(
        home: &'static str,
        variables: &'static [(&'static str, &'static str)],
    ) -> Environment<impl Fn(&str) -> Option<PathBuf>> {
        let variable = |name: &str| {
            let found = variables.iter().find(|(variable, _)| *variable == name);
            found.map(|(_, value)| PathBuf::from(value))
        };
        Environment { home: Some(home.into()), variable }
    }

    #[test]
    fn our_variable_beats_the_standard_which_beats_the_home() {
        let folder = |variables| around("/home/jane", variables).folder(&CONFIGURATION).unwrap();
        assert_eq!(folder(&[]), Path::new("/home/jane/.config/renku"));
        assert_eq!(folder(&[("XDG_CONFIG_HOME", "/x")]), Path::new("/x/renku"));
        assert_eq!(
            folder(&[("XDG_CONFIG_HOME", "/x"), ("RENKU_CONFIG_DIR", "/own")]),
            Path::new("/own")
        );
        assert_eq!(folder(&[("RENKU_CONFIG_DIR", "own")]), Path::new("/home/jane/.config/renku"));
    }

    #[test]
    fn the_way_to_a_file_begins_at_the_home_or_where_a_variable_says() {
        let variables = &[("XDG_CONFIG_HOME", "/srv"), ("RENKU_DATA_DIR", "/srv/data/renku")];
        let root = |path: &str| around("/home/jane", variables).root_of(Path::new(path));
        assert_eq!(root("/home/jane/.config/renku").unwrap(), Path::new("/home/jane"));
        assert_eq!(root("/srv/renku").unwrap(), Path::new("/srv"));
        assert_eq!(root("/srv/data/renku/providers").unwrap(), Path::new("/srv/data/renku"));
        assert_eq!(root("/tmp/renku"), None);
    }
}
