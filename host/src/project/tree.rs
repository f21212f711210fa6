//! What differs between the working tree and its commit, as one digest.
//!
//! git says which files differ; what they hold is read from the disk, because
//! that is what an image is built from. So `git add` does not change the digest
//! and an edit does.

use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};

use super::error::ProjectError;
use super::head::Head;
use super::{git, hexadecimal};

const BUFFER_BYTES: usize = 128 * 1024;

/// The digest of everything under `root` that is not as committed, 64
/// hexadecimal digits; none when nothing differs. Ignored files do not count.
///
/// # Errors
///
/// When git fails.
pub(super) fn changes(root: &Path) -> Result<Option<String>, ProjectError> {
    let paths = changed_paths(root)?;
    if paths.is_empty() {
        return Ok(None);
    }
    let mut digest = Sha256::new();
    for path in &paths {
        field(&mut digest, path);
        entry(&mut digest, &root.join(to_path(path)))?;
    }
    Ok(Some(hexadecimal(&digest.finalize())))
}

/// How many files under `root` are not as committed. Ignored ones do not count.
///
/// # Errors
///
/// When git fails.
pub(super) fn uncommitted(root: &Path) -> Result<usize, ProjectError> {
    Ok(changed_paths(root)?.len())
}

/// The paths that `git status` names, relative to `root`, sorted, each once.
fn changed_paths(root: &Path) -> Result<Vec<Vec<u8>>, ProjectError> {
    let status = git::output(
        root,
        &["status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames"],
    )?;
    let mut paths: Vec<Vec<u8>> = status
        .split(|byte| *byte == 0)
        .filter_map(path_of)
        .map(|path| path.strip_suffix(b"/").unwrap_or(path).to_vec())
        .collect();
    paths.sort_unstable();
    paths.dedup();
    Ok(paths)
}

/// The path in one entry of `git status --porcelain=v2 -z` (`git-status(1)`,
/// "Porcelain Format Version 2"): behind 8 fields when changed, 10 when
/// unmerged, 1 when untracked.
fn path_of(entry: &[u8]) -> Option<&[u8]> {
    let fields = match entry.first()? {
        b'1' => 8,
        b'u' => 10,
        b'?' => 1,
        _ => return None,
    };
    entry.splitn(fields + 1, |byte| *byte == b' ').nth(fields)
}

/// Adds what is at a path: kind and contents.
fn entry(digest: &mut Sha256, path: &Path) -> Result<(), ProjectError> {
    let Ok(metadata) = fs::symlink_metadata(path) else {
        field(digest, b"absent");
        return Ok(());
    };
    if metadata.is_dir() {
        return repository(digest, path);
    }
    if metadata.is_symlink() {
        field(digest, b"link");
        let target = fs::read_link(path).unwrap_or_default();
        field(digest, target.as_os_str().as_encoded_bytes());
    } else if metadata.is_file() {
        field(digest, if is_executable(&metadata) { b"program" } else { b"file" });
        if contents(digest, path, metadata.len()).is_err() {
            // Which we cannot read, nobody can build from as us; what is visible
            // of it still tells one state from another.
            field(digest, b"unreadable");
            field(digest, format!("{:?}", metadata.modified().ok()).as_bytes());
        }
    } else {
        // A pipe or a device: opening it might wait for ever.
        field(digest, b"special");
    }
    Ok(())
}

/// Adds a repository inside the project: its commit and its own changes.
fn repository(digest: &mut Sha256, path: &Path) -> Result<(), ProjectError> {
    field(digest, b"repository");
    // Without a `.git` of its own, git would answer for the project around it.
    if fs::symlink_metadata(path.join(".git")).is_err() {
        return Ok(());
    }
    field(digest, Head::read(path)?.commit.unwrap_or_default().as_bytes());
    field(digest, changes(path)?.unwrap_or_default().as_bytes());
    Ok(())
}

fn contents(digest: &mut Sha256, path: &Path, length: u64) -> io::Result<()> {
    let mut file = File::open(path)?;
    let mut buffer = vec![0; BUFFER_BYTES];
    digest.update(length.to_le_bytes());
    loop {
        let count = match file.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        digest.update(buffer.get(..count).unwrap_or_default());
    }
}

/// Lengths stand before contents, so that no two states look the same.
fn field(digest: &mut Sha256, bytes: &[u8]) {
    digest.update((bytes.len() as u64).to_le_bytes());
    digest.update(bytes);
}

#[cfg(unix)]
fn is_executable(metadata: &Metadata) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    // git knows this one bit of a file's mode.
    metadata.permissions().mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn to_path(bytes: &[u8]) -> &Path {
    use std::os::unix::ffi::OsStrExt as _;
    Path::new(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn to_path(bytes: &[u8]) -> std::path::PathBuf {
    // git speaks UTF-8 where paths are not bytes.
    String::from_utf8_lossy(bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::super::testing::Repository;
    use super::*;

    fn state(repository: &Repository) -> Option<String> {
        changes(repository.root()).unwrap()
    }

    #[test]
    fn the_same_changes_give_the_same_digest_and_others_another() {
        let repository = Repository::with_commit();
        assert_eq!(state(&repository), None);

        repository.write("notes.txt", "one");
        let untracked = state(&repository).unwrap();
        assert_eq!(untracked.len(), 64);
        assert_eq!(state(&repository).as_ref(), Some(&untracked));

        repository.write("notes.txt", "two");
        let edited = state(&repository).unwrap();
        assert_ne!(edited, untracked);

        repository.write("notes.txt", "one");
        assert_eq!(state(&repository), Some(untracked));
    }

    #[test]
    fn staging_changes_nothing_because_the_disk_is_what_is_built() {
        let repository = Repository::with_commit();
        repository.write("README.md", "changed");
        repository.write("a file with spaces", "x");
        let before = state(&repository).unwrap();
        repository.git(&["add", "-A"]);
        assert_eq!(state(&repository), Some(before));
    }

    #[test]
    fn a_name_a_kind_and_a_deletion_all_count() {
        let states: Vec<String> = [
            &["mv README.md readme.txt"][..],
            &["rm README.md"],
            &["rm README.md", "ln -s other README.md"],
            &["rm README.md", "ln -s another README.md"],
            &["chmod +x README.md"],
            &["rm README.md", "mkfifo README.md"],
        ]
        .into_iter()
        .map(|lines| {
            let repository = Repository::with_commit();
            lines.iter().for_each(|line| repository.shell(line));
            state(&repository).unwrap()
        })
        .collect();
        let mut unique = states.clone();
        unique.sort();
        unique.dedup();
        assert_eq!(unique.len(), states.len(), "{states:?}");
    }

    #[test]
    fn ignored_files_do_not_count() {
        let repository = Repository::with_commit();
        repository.write(".gitignore", "*.log\n");
        repository.commit();
        repository.write("run.log", "x");
        assert_eq!(state(&repository), None);
    }

    #[test]
    fn a_repository_inside_counts_with_its_commit_and_its_changes() {
        let repository = Repository::with_commit();
        repository.shell("git init -q -b main inner");
        let unborn = state(&repository).unwrap();
        repository.write("inner/file", "x");
        let dirty = state(&repository).unwrap();
        repository.shell(
            "git -C inner add -A && git -C inner -c user.name=J -c user.email=j@example.org commit -qm x",
        );
        let committed = state(&repository).unwrap();
        assert_ne!(unborn, dirty);
        assert_ne!(dirty, committed);
        assert_ne!(unborn, committed);
    }

    #[test]
    fn entries_of_every_kind_name_their_path() {
        for (entry, expected) in [
            (&b"1 .M N... 100644 100644 100644 aa aa a file"[..], Some(&b"a file"[..])),
            (b"u UU N... 1 2 3 4 aa bb cc both", Some(b"both")),
            (b"? new file", Some(b"new file")),
            (b"# branch.oid x", None),
            (b"! ignored", None),
            (b"", None),
        ] {
            assert_eq!(path_of(entry), expected);
        }
    }
}
