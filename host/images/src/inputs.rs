//! The digest of what an image is built from: the Dockerfile, the rules of what
//! is left out, the build arguments, and the files that it takes. Two states of
//! a project with the same digest have the same image.
//!
//! Not among it: the images that a Dockerfile begins from (`--force-build
//! --pull always` looks for newer ones), and files that only an `ONBUILD` of such
//! an image takes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use crate::ImageError;
use crate::dockerfile::Sources;
use crate::ignore::IgnoreFile;
use crate::locate::locate;
use crate::walk::{Entry, walk};

/// Changes when the digest is made in another way.
const VERSION: &[u8] = b"renku-session inputs 1";
const BUFFER_BYTES: usize = 128 * 1024;
/// Larger files are not read: their size and time stand for them, as for make(1).
/// Reading gigabytes would make every start wait for seconds.
const LARGEST_READ: u64 = 64 * 1024 * 1024;

/// The digest of what `descriptor` (a path relative to `root`) would be built
/// from now, 64 hexadecimal digits. `commit` stands for what git keeps in `.git`,
/// which changes without anything changing.
///
/// # Errors
///
/// [`ImageError::DockerfileMissing`], `DockerfileOutside`, `IgnorePattern`,
/// `ProjectUnreadable`.
pub fn built_from(
    root: &Path,
    descriptor: &str,
    arguments: &BTreeMap<String, String>,
    commit: Option<&str>,
) -> Result<String, ImageError> {
    let dockerfile = locate(root, descriptor)?;
    let path = root.join(&dockerfile);
    let text =
        std::fs::read(&path).map_err(|source| ImageError::ProjectUnreadable { path, source })?;
    let ignore = IgnoreFile::read(root, &dockerfile)?;
    let sources = Sources::of(&String::from_utf8_lossy(&text));

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
    walk(root, &ignore, &sources, &mut |entry| {
        match entry.relative {
            ".git" => field(&mut digest, commit.unwrap_or_default().as_bytes()),
            path if path.starts_with(".git/") => {}
            _ => add(&mut digest, entry, &mut buffer)?,
        }
        Ok(())
    })?;
    Ok(digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect())
}

fn add(digest: &mut Sha256, entry: &Entry<'_>, buffer: &mut [u8]) -> io::Result<()> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    let metadata = entry.metadata;
    let mode = metadata.permissions().mode() & 0o777;
    field(digest, entry.relative.as_bytes());
    if metadata.is_symlink() {
        field(digest, b"link");
        field(digest, std::fs::read_link(entry.path)?.as_os_str().as_encoded_bytes());
    } else if metadata.is_dir() {
        field(digest, b"directory");
        field(digest, &mode.to_le_bytes());
    } else if metadata.is_file() {
        field(digest, b"file");
        field(digest, &mode.to_le_bytes());
        field(digest, &metadata.len().to_le_bytes());
        if metadata.len() > LARGEST_READ {
            field(digest, &metadata.mtime().to_le_bytes());
            field(digest, &metadata.mtime_nsec().to_le_bytes());
            return Ok(());
        }
        match contents(digest, entry.path, buffer) {
            // Only a build needs to read it, and says so then.
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
                field(digest, b"unreadable");
            }
            result => result?,
        }
    }
    Ok(())
}

fn contents(digest: &mut Sha256, path: &Path, buffer: &mut [u8]) -> io::Result<()> {
    let mut file = File::open(path)?;
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

        fn write(&self, name: &str, text: &str) {
            let path = self.0.path().join(name);
            std::fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
            std::fs::write(path, text).expect("write");
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
