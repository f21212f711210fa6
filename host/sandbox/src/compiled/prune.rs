//! Removes compiled code that nobody used for long. Runs after something was
//! compiled, which took longer than this ever does.

use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// What was not loaded for so long goes.
const UNUSED: Duration = Duration::from_secs(60 * 24 * 60 * 60);
/// A process that writes for so long has died.
const STRAY: Duration = Duration::from_secs(60 * 60);
/// What is kept at most, the last used first.
const BYTES: u64 = 512 << 20;

/// Removes old entries from `directory`. What cannot be removed stays.
pub(super) fn prune(directory: &Path, now: SystemTime) {
    for path in superfluous(entries(directory), now, BYTES) {
        // Another process may have been faster.
        let _ = std::fs::remove_file(path);
    }
}

struct CompiledFile {
    path: PathBuf,
    used: SystemTime,
    bytes: u64,
    temporary: bool,
}

fn entries(directory: &Path) -> Vec<CompiledFile> {
    let read = std::fs::read_dir(directory).into_iter().flatten().flatten();
    read.filter_map(|entry| {
        let metadata = entry.metadata().ok().filter(std::fs::Metadata::is_file)?;
        let temporary = entry.file_name().to_string_lossy().starts_with('.');
        // Most systems note a read once a day only (mount(8), relatime): enough.
        let used = metadata.accessed().or_else(|_| metadata.modified()).ok()?;
        Some(CompiledFile { path: entry.path(), used, bytes: metadata.len(), temporary })
    })
    .collect()
}

fn superfluous(mut entries: Vec<CompiledFile>, now: SystemTime, most: u64) -> Vec<PathBuf> {
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.used));
    let mut kept = 0u64;
    let mut gone = Vec::new();
    for entry in entries {
        let age = now.duration_since(entry.used).unwrap_or_default();
        let limit = if entry.temporary { STRAY } else { UNUSED };
        let total = kept.saturating_add(entry.bytes);
        if age > limit || total > most {
            gone.push(entry.path);
        } else {
            kept = total;
        }
    }
    gone
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    fn entry(name: &str, age: Duration, bytes: u64, now: SystemTime) -> CompiledFile {
        CompiledFile { path: name.into(), used: now - age, bytes, temporary: name.starts_with('.') }
    }

    #[test]
    fn what_was_not_used_for_long_goes() {
        let now = SystemTime::now();
        let entries = vec![
            entry("old", 61 * DAY, 1, now),
            entry("used", 59 * DAY, 1, now),
            entry(".renku-new-1", 2 * STRAY, 1, now),
            entry(".renku-new-2", STRAY / 2, 1, now),
        ];
        assert_eq!(superfluous(entries, now, 100), [PathBuf::from(".renku-new-1"), "old".into()]);
    }

    #[test]
    fn what_is_too_much_goes_the_oldest_first() {
        let now = SystemTime::now();
        let entries = vec![
            entry("b", 2 * DAY, 40, now),
            entry("c", 3 * DAY, 40, now),
            entry("a", DAY, 40, now),
        ];
        assert_eq!(superfluous(entries, now, 100), [PathBuf::from("c")]);
    }

    #[test]
    fn folders_and_fresh_entries_stay() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        std::fs::write(folder.path().join("fresh"), "x").unwrap();
        prune(folder.path(), SystemTime::now());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 2);
        prune(folder.path(), SystemTime::now() + 61 * DAY);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
