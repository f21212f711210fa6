//! How much the working tree differs from its commit.

use std::path::Path;

use super::error::ProjectError;
use super::git;

/// How many files under `root` are not as committed. Ignored ones do not count,
/// untracked ones do.
///
/// # Errors
///
/// When git fails.
pub(super) fn uncommitted(root: &Path) -> Result<usize, ProjectError> {
    let status = git::output(
        root,
        &["status", "--porcelain=v2", "-z", "--untracked-files=all", "--no-renames"],
    )?;
    // Without `--branch`, every entry is a file.
    Ok(status.split(|byte| *byte == 0).filter(|entry| !entry.is_empty()).count())
}

#[cfg(test)]
mod tests {
    use super::super::testing::Repository;
    use super::*;

    fn is_dirty_after(lines: &[&str]) -> bool {
        let repository = Repository::with_commit();
        repository.write(".gitignore", "*.log\n").commit();
        lines.iter().for_each(|line| repository.shell(line));
        uncommitted(repository.root()).unwrap() > 0
    }

    #[test]
    fn an_edit_a_new_file_a_deletion_and_a_mode_all_count() {
        for lines in [
            &["echo changed > README.md"][..],
            &["echo changed > README.md", "git add -A"],
            &["echo new > 'a file with spaces'"],
            &["rm README.md"],
            &["chmod +x README.md"],
            &["rm README.md", "ln -s other README.md"],
            &["git init -q -b main inner"],
        ] {
            assert!(is_dirty_after(lines), "{lines:?}");
        }
    }

    #[test]
    fn ignored_files_and_what_was_undone_do_not_count() {
        assert!(!is_dirty_after(&[]));
        assert!(!is_dirty_after(&["echo x > run.log"]));
        assert!(!is_dirty_after(&["echo changed > README.md", "git checkout -q README.md"]));
    }
}
