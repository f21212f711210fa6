//! How much the working tree differs from its commit.

use super::error::ProjectError;
use super::git::{Repository, Untracked};

/// How many files are not as committed. Ignored ones do not count, untracked ones do.
///
/// # Errors
///
/// When git fails.
pub(super) fn uncommitted(repository: &Repository) -> Result<usize, ProjectError> {
    Ok(repository.status(Untracked::All, false)?.changed)
}

#[cfg(test)]
mod tests {
    use super::super::testing::Repository;
    use super::*;

    fn is_dirty_after(lines: &[&str]) -> bool {
        let repository = Repository::with_commit();
        repository.write(".gitignore", "*.log\n").commit();
        lines.iter().for_each(|line| repository.shell(line));
        uncommitted(&repository.opened()).unwrap() > 0
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

    #[test]
    fn what_git_is_set_to_and_only_compares_files_counts() {
        for lines in [
            &["git config core.fileMode false", "chmod +x README.md"][..],
            &[
                "git config core.autocrlf true && rm README.md && git checkout -q README.md",
                "touch README.md",
            ],
            &["echo x > mine", "echo mine > .git/info/exclude"],
            &["git sparse-checkout set --no-cone /README.md /.gitignore", "test -f README.md"],
            &["git update-index --split-index", "git config core.splitIndex true"],
        ] {
            assert!(!is_dirty_after(lines), "{lines:?}");
        }
        assert!(is_dirty_after(&["git update-index --split-index", "echo x > README.md"]));
        let time = "t=$(stat -c %y .git/index); printf 'An anALYsis\\n' > README.md; touch -d \"$t\" README.md";
        // As long as before, and of the same moment: only the content tells.
        assert!(is_dirty_after(&["git update-index --refresh", time]));
    }

    #[test]
    fn changes_in_submodules_count_as_far_as_the_project_says_so() {
        let inner = Repository::with_commit();
        let add = format!(
            "git -c protocol.file.allow=always submodule --quiet add {} sub && git commit -qm sub",
            inner.root().display()
        );
        let commit = "cd sub && git -c user.name=x -c user.email=x commit -q --allow-empty -m x";
        let ignore = |what: &str| {
            format!("git config -f .gitmodules submodule.sub.ignore {what} && git commit -qam i")
        };
        assert!(!is_dirty_after(&[&add]));
        assert!(is_dirty_after(&[&add, "echo x > sub/README.md"]));
        assert!(is_dirty_after(&[&add, "echo x > sub/new"]));
        assert!(is_dirty_after(&[&add, commit]));
        assert!(!is_dirty_after(&[&add, &ignore("untracked"), "echo x > sub/new"]));
        assert!(is_dirty_after(&[&add, &ignore("untracked"), "echo x > sub/README.md"]));
        assert!(!is_dirty_after(&[&add, &ignore("dirty"), "echo x > sub/README.md"]));
        assert!(is_dirty_after(&[&add, &ignore("dirty"), commit]));
        assert!(!is_dirty_after(&[&add, &ignore("all"), commit]));
        assert!(!is_dirty_after(&[&add, "git submodule --quiet deinit -f sub"]));
    }

    #[test]
    fn the_same_holds_where_references_are_in_tables_and_in_linked_worktrees() {
        for format in ["files", "reftable"] {
            let repository = Repository::stored(&["--ref-format", format]);
            repository.write("README.md", "x\n").commit();
            repository.git(&["worktree", "add", "-q", "-b", "other", "../linked"]);
            let project = super::super::Project::locate(&repository.root().join("../linked"));
            let linked = project.unwrap();
            assert_eq!(linked.branch().unwrap().as_deref(), Some("other"), "{format}");
            assert_eq!(linked.commit().unwrap().unwrap(), repository.git(&["rev-parse", "main"]));
            assert!(!linked.dirty().unwrap());
            assert!(uncommitted(&repository.opened()).unwrap() == 0);
            repository.write("../linked/README.md", "y\n").write("new", "");
            assert_eq!(linked.uncommitted().unwrap(), 1);
            assert_eq!(uncommitted(&repository.opened()).unwrap(), 1);
        }
    }

    #[test]
    fn digests_of_256_bits_are_known() {
        let repository = Repository::stored(&["--object-format", "sha256"]);
        repository.write("README.md", "x\n").commit();
        assert_eq!(uncommitted(&repository.opened()).unwrap(), 0);
        assert_eq!(repository.opened().head().unwrap().commit.unwrap().len(), 64);
    }
}
