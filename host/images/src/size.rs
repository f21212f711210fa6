//! A context that is too large: said while it is sent, so that small ones pay
//! nothing for the question.

use std::collections::BTreeMap;

use crate::dockerfile::Sources;
use crate::files::ProjectTree;
use crate::files::below::Kind;
use crate::ignore::IgnoreFile;
use crate::walk::walk;

/// From how many bytes on a context is worth a word.
pub(crate) const LARGE: u64 = 500_000_000;
/// How many folders are named.
const NAMED: usize = 3;
/// Folders below that are no explanation.
const SMALL_PART: u64 = 20;

/// What to tell about a context of more than [`LARGE`] bytes: how large it is,
/// what takes the most, what to do.
pub(crate) fn advice(tree: &ProjectTree, ignore: &IgnoreFile) -> String {
    let mut total = 0;
    let mut parts: BTreeMap<String, u64> = BTreeMap::new();
    // A folder that cannot be read is the build's own error.
    let _ = walk(tree, ignore, &Sources::Everything, &mut |entry, path| {
        if entry.seen().kind == Kind::File {
            total += entry.seen().len;
            *parts.entry(part(path).to_owned()).or_default() += entry.seen().len;
        }
        Ok(())
    });
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, bytes)| std::cmp::Reverse(*bytes));
    parts.retain(|(_, bytes)| *bytes >= total / SMALL_PART);
    let named: Vec<String> = parts
        .iter()
        .take(NAMED)
        .map(|(name, bytes)| format!("`{name}` ({} MB)", bytes / 1_000_000))
        .collect();
    format!(
        "{} MB are sent to the builder, most of it {}; list what the image does not need in \
         `.dockerignore`",
        total / 1_000_000,
        named.join(", ")
    )
}

/// The folder (at most two deep) or the file in the root that a file counts for.
fn part(path: &str) -> &str {
    let mut slashes = path.match_indices('/').map(|(position, _)| position);
    let end = slashes.by_ref().take(2).last();
    end.and_then(|end| path.get(..end)).unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_folders_are_named() {
        let folder = tempfile::tempdir().expect("tempdir");
        for (name, megabytes) in [
            ("data/raw/a", 300),
            ("data/raw/b", 100),
            ("models/c", 200),
            ("d", 1),
            ("cache/e", 900),
        ] {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().expect("parent")).expect("mkdir");
            // Without contents on the disk.
            let file = std::fs::File::create(path).expect("create");
            file.set_len(megabytes * 1_000_000).expect("length");
        }
        std::fs::write(folder.path().join(".dockerignore"), "cache\n").expect("write");
        let tree = ProjectTree::open(folder.path()).expect("tree");
        let ignore = IgnoreFile::read(&tree, "Dockerfile").expect("rules");
        assert_eq!(
            advice(&tree, &ignore),
            "601 MB are sent to the builder, most of it `data/raw` (400 MB), `models` (200 MB); list \
             what the image does not need in `.dockerignore`"
        );
    }

    #[test]
    fn folders_are_at_most_two_deep() {
        for (path, expected) in [("a", "a"), ("a/b", "a"), ("a/b/c", "a/b"), ("a/b/c/d", "a/b")] {
            assert_eq!(part(path), expected);
        }
    }
}
