//! What the program of a session sees as its files, in the order in which it is put
//! together: the image, for reading alone, and on top of it what can be written.

use std::path::{Path, PathBuf};

/// What is at a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Content {
    /// A file or folder of this machine, for reading alone.
    ReadOnly(PathBuf),
    /// The same, for writing, too.
    Writable(PathBuf),
    /// An empty folder in memory.
    Temporary,
    /// Devices that everybody may use.
    Devices,
    /// The processes of the session.
    Processes,
}

/// One thing at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mount {
    pub(crate) target: String,
    pub(crate) content: Content,
}

impl Mount {
    pub(crate) fn new(target: impl Into<String>, content: Content) -> Self {
        Self { target: target.into(), content }
    }
}

/// The image, and all that is mounted over it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Files {
    pub(crate) root: PathBuf,
    /// Those further up come first.
    pub(crate) mounts: Vec<Mount>,
}

impl Files {
    /// Of an image, with its devices and its folder for temporary files.
    pub(crate) fn of(root: &Path) -> Self {
        let mounts = vec![
            Mount::new("/dev", Content::Devices),
            Mount::new("/proc", Content::Processes),
            Mount::new("/tmp", Content::Temporary),
        ];
        Self { root: root.to_owned(), mounts }
    }

    /// With one more.
    pub(crate) fn mount(&mut self, target: impl Into<String>, content: Content) {
        self.mounts.push(Mount::new(target, content));
        self.mounts.sort_by(|one, other| one.target.cmp(&other.target));
    }

    /// Whether something is mounted below this place, and not below another mount.
    pub(crate) fn opens(&self, place: &str) -> bool {
        self.mounts.iter().any(|mount| is_below(&mount.target, place))
    }

    /// Whether something is mounted exactly there.
    pub(crate) fn covers(&self, place: &str) -> bool {
        self.mounts.iter().any(|mount| mount.target == place)
    }
}

fn is_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.len() > 1 && rest.starts_with('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_open_when_something_is_mounted_below_it() {
        let mut files = Files::of(Path::new("/image"));
        files.mount("/home/jovyan", Content::Writable("/state/home".into()));
        assert!(files.opens("/home") && !files.opens("/home/jovyan") && !files.opens("/hom"));
        assert!(files.covers("/tmp") && !files.covers("/home"));
        let targets: Vec<_> = files.mounts.iter().map(|it| it.target.as_str()).collect();
        assert_eq!(targets, ["/dev", "/home/jovyan", "/proc", "/tmp"]);
    }
}
