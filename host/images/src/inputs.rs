//! The digest of what an image is built from: the Dockerfile, the rules of what
//! is left out, the build arguments, and the files that it takes. Two states of
//! a project with the same digest have the same image.
//!
//! Not among it: the images that a Dockerfile begins from, and files that only an
//! `ONBUILD` of such an image takes. Only an engine knows those; they are asked for by
//! [`Inputs`].

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::ImageError;
use crate::dockerfile::{self, Sources};
use crate::domain::hexadecimal;
use crate::files::ProjectTree;
use crate::files::below::{Entry, Kind};
use crate::ignore::IgnoreFile;
use crate::locate::{locate, missing};
use crate::walk::walk;

/// Changes when the digest is made in another way.
const VERSION: &[u8] = b"renku-session inputs 1";
/// More than any Dockerfile has.
const DOCKERFILE_BYTES: u64 = 1024 * 1024;
const BUFFER_BYTES: usize = 128 * 1024;
/// Larger files are not read: their size and time stand for them, as for make(1).
/// Reading gigabytes would make every start wait for seconds.
const LARGEST_READ: u64 = 64 * 1024 * 1024;

/// What an engine has to be asked about, beside the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// The images that the Dockerfile begins from.
    pub bases: BTreeSet<String>,
}

impl Inputs {
    /// Of the Dockerfile `descriptor`, a path relative to `root`.
    ///
    /// # Errors
    ///
    /// As [`built_from`].
    pub fn of(
        root: &Path,
        descriptor: &str,
        arguments: &BTreeMap<String, String>,
    ) -> Result<Self, ImageError> {
        let tree = ProjectTree::open(root)?;
        let text = read(&tree, &locate(&tree, descriptor)?)?;
        Ok(Self { bases: dockerfile::bases(&String::from_utf8_lossy(&text), arguments) })
    }

    /// The digest of the files that `triggers` (ONBUILD of a base image) take.
    ///
    /// # Errors
    ///
    /// As [`built_from`].
    pub fn taken_by(
        root: &Path,
        descriptor: &str,
        triggers: &[String],
    ) -> Result<String, ImageError> {
        let tree = ProjectTree::open(root)?;
        let ignore = IgnoreFile::read(&tree, &locate(&tree, descriptor)?)?;
        let sources = Sources::of(&triggers.join("\n")).through_links(&tree);
        let mut digest = Sha256::new();
        field(&mut digest, triggers.join("\n").as_bytes());
        let mut buffer = vec![0; BUFFER_BYTES];
        walk(&tree, &ignore, &sources, &mut |entry, path| match path == ".git"
            || path.starts_with(".git/")
        {
            true => Ok(()),
            false => add(&mut digest, entry, path, &mut buffer),
        })?;
        Ok(hexadecimal(&digest.finalize()))
    }
}

fn read(tree: &ProjectTree, dockerfile: &str) -> Result<Vec<u8>, ImageError> {
    let text = tree.read(Path::new(dockerfile), DOCKERFILE_BYTES)?;
    // It was there a moment ago.
    text.ok_or_else(|| missing(dockerfile))
}

/// Whether only BuildKit builds a Dockerfile, which [`locate`] found.
///
/// # Errors
///
/// As [`built_from`].
pub fn needs_buildkit(tree: &ProjectTree, dockerfile: &str) -> Result<bool, ImageError> {
    Ok(dockerfile::needs_buildkit(&String::from_utf8_lossy(&read(tree, dockerfile)?)))
}

/// The digest of what `descriptor` (a path relative to `root`) would be built
/// from now, 64 hexadecimal digits. `commit` stands for what git keeps in `.git`,
/// which changes without anything changing.
///
/// # Errors
///
/// [`ImageError::DockerfileMissing`], `DockerfileOutside`, `IgnorePattern`,
/// `File`.
pub fn built_from(
    root: &Path,
    descriptor: &str,
    arguments: &BTreeMap<String, String>,
    commit: Option<&str>,
) -> Result<String, ImageError> {
    let tree = ProjectTree::open(root)?;
    let dockerfile = locate(&tree, descriptor)?;
    let text = read(&tree, &dockerfile)?;
    let ignore = IgnoreFile::read(&tree, &dockerfile)?;
    let sources = Sources::of(&String::from_utf8_lossy(&text)).through_links(&tree);

    let mut digest = Sha256::new();
    field(&mut digest, VERSION);
    field(&mut digest, &text);
    field(&mut digest, ignore.text());
    field(&mut digest, &arguments.len().to_le_bytes());
    for (name, value) in arguments {
        field(&mut digest, name.as_bytes());
        field(&mut digest, value.as_bytes());
    }
    let mut buffer = vec![0; BUFFER_BYTES];
    let mut links = Vec::new();
    let mut take = |entry: &Entry, path: &str| match path {
        ".git" => {
            field(&mut digest, commit.unwrap_or_default().as_bytes());
            Ok(())
        }
        path if path.starts_with(".git/") => Ok(()),
        path => {
            if entry.seen().kind == Kind::Link && sources.name(path) {
                links.push(path.to_owned());
            }
            add(&mut digest, entry, path, &mut buffer)
        }
    };
    walk(&tree, &ignore, &sources, &mut take)?;
    // Links in a folder are taken as links; one that is named itself stands for its target.
    let behind = sources.behind(&links, &tree);
    if !behind.is_empty() {
        field(&mut digest, b"behind links");
        let mut take = |entry: &Entry, path: &str| match path == ".git" || path.starts_with(".git/")
        {
            true => Ok(()),
            false => add(&mut digest, entry, path, &mut buffer),
        };
        walk(&tree, &ignore, &behind, &mut take)?;
    }
    Ok(hexadecimal(&digest.finalize()))
}

fn add(digest: &mut Sha256, entry: &Entry, path: &str, buffer: &mut [u8]) -> io::Result<()> {
    let seen = entry.seen();
    let mode = seen.mode & 0o777;
    field(digest, path.as_bytes());
    match seen.kind {
        Kind::Link => {
            field(digest, b"link");
            field(digest, entry.target()?.as_os_str().as_encoded_bytes());
        }
        Kind::Folder => {
            field(digest, b"directory");
            field(digest, &mode.to_le_bytes());
        }
        Kind::File => {
            field(digest, b"file");
            field(digest, &mode.to_le_bytes());
            field(digest, &seen.len.to_le_bytes());
            if seen.len > LARGEST_READ {
                field(digest, &seen.modified.to_le_bytes());
                field(digest, &seen.modified_nanoseconds.to_le_bytes());
                return Ok(());
            }
            match entry.open() {
                // Only a build needs to read it, and says so then.
                Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                    field(digest, b"unreadable");
                }
                Err(error) => return Err(error),
                Ok(None) => field(digest, b"gone"),
                Ok(Some(file)) => contents(digest, file.take(LARGEST_READ), buffer)?,
            }
        }
        Kind::Pipe | Kind::Socket | Kind::Device => {}
    }
    Ok(())
}

fn contents(digest: &mut Sha256, mut file: impl Read, buffer: &mut [u8]) -> io::Result<()> {
    loop {
        match file.read(buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => digest.update(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Lengths stand before contents, so that no two states look the same.
fn field(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn with(dockerfile: &str) -> Self {
            let folder = Self(tempfile::tempdir().expect("tempdir"));
            folder.write("Dockerfile", dockerfile);
            folder.write("requirements.txt", "numpy\n");
            folder.write("notebook.ipynb", "{}");
            folder
        }

        fn write(&self, name: &str, text: &str) -> &Self {
            let path = self.0.path().join(name);
            std::fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
            std::fs::write(path, text).expect("write");
            self
        }

        fn digest(&self) -> String {
            self.digest_with(&[])
        }

        fn digest_with(&self, arguments: &[(&str, &str)]) -> String {
            let arguments =
                arguments.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            built_from(self.0.path(), "Dockerfile", &arguments, Some("c0")).expect("digest")
        }
    }

    #[test]
    fn only_what_the_image_is_made_of_changes_the_digest() {
        let folder = Folder::with("FROM a\nCOPY requirements.txt /tmp/\n");
        let before = folder.digest();
        assert_eq!(before.len(), 64);
        folder.write("notebook.ipynb", "{\"cells\":[]}");
        folder.write("data/new.csv", "1");
        assert_eq!(folder.digest(), before);
        folder.write("requirements.txt", "scipy\n");
        let edited = folder.digest();
        assert_ne!(edited, before);
        folder.write("requirements.txt", "numpy\n");
        assert_eq!(folder.digest(), before, "the same contents, the same digest");
        folder.write("Dockerfile", "FROM b\nCOPY requirements.txt /tmp/\n");
        assert_ne!(folder.digest(), before);
    }

    #[test]
    fn build_arguments_and_rules_of_what_is_ignored_count() {
        let folder = Folder::with("FROM a\nCOPY . /app\n");
        let before = folder.digest();
        assert_ne!(folder.digest_with(&[("A", "1")]), before);
        assert_ne!(folder.digest_with(&[("A", "1")]), folder.digest_with(&[("A", "2")]));
        folder.write(".dockerignore", "*.ipynb\n");
        let ignoring = folder.digest();
        assert_ne!(ignoring, before);
        folder.write("notebook.ipynb", "{\"cells\":[]}");
        assert_eq!(folder.digest(), ignoring);
    }

    #[test]
    fn what_git_writes_down_for_itself_does_not_count() {
        let folder = Folder::with("FROM a\nCOPY . /app\n");
        folder.write(".git/index", "1");
        let before = folder.digest();
        folder.write(".git/index", "2");
        assert_eq!(folder.digest(), before);
        let other = built_from(folder.0.path(), "Dockerfile", &BTreeMap::new(), Some("c1"));
        assert_ne!(other.expect("digest"), before, "another commit");
    }

    #[test]
    fn a_very_large_file_counts_by_size_and_time() {
        let folder = Folder::with("FROM a\nCOPY large /tmp/\n");
        let file = std::fs::File::create(folder.0.path().join("large")).expect("create");
        // Without contents on the disk.
        file.set_len(200 << 30).expect("length");
        let before = folder.digest();
        assert_eq!(folder.digest(), before);
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(1);
        file.set_modified(later).expect("time");
        assert_ne!(folder.digest(), before);
    }

    #[test]
    fn a_link_that_is_named_counts_with_what_it_points_to() {
        let link = |folder: &Folder, target: &str, name: &str| {
            std::os::unix::fs::symlink(target, folder.0.path().join(name)).expect("link");
        };
        for source in ["link.txt", "*.txt", "folder/real", "folder/r*", "folder"] {
            let folder = Folder::with(&format!("FROM a\nCOPY {source} /x/\n"));
            std::fs::remove_file(folder.0.path().join("requirements.txt")).expect("remove");
            folder.write("env/real", "1");
            link(&folder, "env/real", "link.txt");
            link(&folder, "env", "folder");
            let before = folder.digest();
            folder.write("notebook.ipynb", "{\"cells\":[]}");
            assert_eq!(folder.digest(), before, "{source}");
            folder.write("env/real", "2");
            assert_ne!(folder.digest(), before, "{source}");
        }
        // Links in a folder are taken as links, and builders have rules of their own for
        // those that lead out.
        let folder = Folder::with("FROM a\nCOPY src /x/\n");
        folder.write("src/a", "").write("env/real", "1");
        link(&folder, "../env/real", "src/link");
        let before = folder.digest();
        folder.write("env/real", "2");
        assert_eq!(folder.digest(), before);
        let folder = Folder::with("FROM a\nCOPY out /x/\n");
        link(&folder, "/env", "out");
        let before = folder.digest();
        folder.write("env/real", "1");
        assert_ne!(folder.digest(), before);
    }

    #[test]
    fn what_onbuild_takes_counts_apart() {
        let folder = Folder::with("FROM a\n");
        let triggers = ["COPY requirements.txt /x/".to_owned(), "RUN make".to_owned()];
        let taken = || Inputs::taken_by(folder.0.path(), "Dockerfile", &triggers).expect("digest");
        let before = taken();
        folder.write("notebook.ipynb", "{}\n");
        assert_eq!(taken(), before);
        folder.write("requirements.txt", "scipy\n");
        assert_ne!(taken(), before);
    }

    #[test]
    fn a_dockerfile_that_leads_out_or_is_no_file_is_refused() {
        let folder = Folder::with("FROM a\n");
        let path = folder.0.path().join("Dockerfile");
        let refused = || {
            let built = built_from(folder.0.path(), "Dockerfile", &BTreeMap::new(), None);
            built.expect_err("refused").to_string()
        };
        std::fs::remove_file(&path).expect("remove");
        std::os::unix::fs::symlink("/dev/zero", &path).expect("link");
        assert_eq!(refused(), "the Dockerfile `Dockerfile` is outside the project");
        std::fs::remove_file(&path).expect("remove");
        assert!(
            std::process::Command::new("mkfifo").arg(&path).status().expect("mkfifo").success()
        );
        assert_eq!(refused(), format!("`{}` is a named pipe, not a file", path.display()));
        std::fs::remove_file(&path).expect("remove");
        std::fs::File::create(&path).expect("create").set_len(1 << 40).expect("length");
        assert!(
            refused().ends_with("is larger than 1024 KiB, the most it may have"),
            "{}",
            refused()
        );
    }

    #[test]
    fn kinds_and_modes_count() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = Folder::with("FROM a\nCOPY requirements.txt /tmp/\n");
        let path = folder.0.path().join("requirements.txt");
        let before = folder.digest();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("chmod");
        let program = folder.digest();
        std::fs::remove_file(&path).expect("remove");
        let absent = folder.digest();
        std::os::unix::fs::symlink("notebook.ipynb", &path).expect("link");
        let link = folder.digest();
        let mut all = vec![before, program, absent, link];
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 4);
    }
}
