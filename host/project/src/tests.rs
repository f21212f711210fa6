//! A project, as the rest of the program sees it.

use std::path::Path;

use super::Project;
use super::testing::Repository;
use crate::domain::{Diagnostic as _, ErrorKind};

fn project(repository: &Repository) -> Project {
    Project::locate(repository.root()).unwrap()
}

#[test]
fn a_project_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>() {}
    shared::<Project>();
}

#[test]
fn a_project_is_found_from_any_folder_in_it_and_through_links() {
    let repository = Repository::empty();
    repository.write("a/b/c", "");
    repository.shell("ln -s . self");
    for folder in ["", "a/b", "self/a"] {
        let found = Project::locate(&repository.root().join(folder)).unwrap();
        assert_eq!(found.root(), repository.root());
        assert_eq!(found.id(), project(&repository).id());
        assert_eq!(found.id().len(), 64);
    }
    assert_ne!(project(&Repository::empty()).id(), project(&repository).id());
}

#[test]
fn the_id_is_the_sha256_of_the_canonical_path() {
    let repository = Repository::empty();
    repository.shell(&format!(
        "printf %s '{}' | sha256sum | cut -c1-64 > sum",
        repository.root().display()
    ));
    let sum = std::fs::read_to_string(repository.root().join("sum")).unwrap();
    assert_eq!(project(&repository).id(), sum.trim());
}

#[test]
fn worktrees_and_submodules_are_projects_of_their_own() {
    let repository = Repository::with_commit();
    repository.git(&["worktree", "add", "-q", "-b", "other", "../analysis-other"]);
    let worktree = Project::locate(&repository.root().join("../analysis-other")).unwrap();
    assert!(worktree.root().ends_with("analysis-other"));
    assert_eq!(worktree.branch().unwrap().as_deref(), Some("other"));

    let inner = Repository::with_commit();
    let url = inner.root().display().to_string();
    repository.git(&[
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        &url,
        "inner",
    ]);
    let submodule = Project::locate(&repository.root().join("inner")).unwrap();
    assert!(submodule.root().ends_with("analysis/inner"));
    assert_eq!(submodule.commit().unwrap(), project(&inner).commit().unwrap());
}

#[test]
fn what_is_no_project_is_said_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().canonicalize().unwrap();
    // A `.git` folder that is no repository does not make a project.
    std::fs::create_dir_all(folder.join("plain/.git")).unwrap();
    std::fs::create_dir(folder.join("linked")).unwrap();
    std::fs::write(folder.join("linked/.git"), "gitdir: ../gone\n").unwrap();
    let repository = Repository::empty();
    repository.git(&["init", "-q", "--bare", folder.join("bare.git").to_str().unwrap()]);

    let said = |path: &Path| {
        let error = Project::locate(path).unwrap_err();
        (error.to_string(), error.hint().unwrap_or_default(), error.causes())
    };
    let shown = |name: &str| folder.join(name).display().to_string();
    assert_eq!(
        said(&folder.join("plain")),
        (
            format!("`{}` is not in a git project", shown("plain")),
            "go to your project with `cd`, or make this folder one with `git init`".into(),
            vec![]
        )
    );
    assert_eq!(
        said(&folder.join("linked")),
        (
            format!("`{}` does not point to a git repository", shown("linked/.git")),
            "run `git worktree repair` in the main project, or clone again".into(),
            vec!["its content is `gitdir: ../gone`".into()]
        )
    );
    assert_eq!(
        said(&folder.join("bare.git/refs")),
        (
            format!("`{}` is a bare git repository: it has no files to work on", shown("bare.git")),
            format!("get its files with `git clone {}`", shown("bare.git")),
            vec![]
        )
    );
    assert_eq!(
        said(&repository.root().join(".git/refs")),
        (
            format!("`{}/.git` is git's own folder, not the project", repository.root().display()),
            "go back to the project with `cd ..`".into(),
            vec![]
        )
    );
    assert_eq!(said(&folder.join("none")).0, format!("`{}` cannot be read", shown("none")));
}

#[test]
fn the_name_is_that_of_the_remote_else_of_the_directory() {
    let named = |remotes: &[(&str, &str)], settings: &[(&str, &str)]| {
        let repository = Repository::with_commit();
        for (name, url) in remotes {
            repository.git(&["remote", "add", name, url]);
        }
        for (key, value) in settings {
            repository.git(&["config", key, value]);
        }
        project(&repository).name().to_owned()
    };
    let origin = ("origin", "https://example.org/group/first.git");
    let backup = ("backup", "git@example.org:group/second.git");
    assert_eq!(named(&[], &[]), "analysis");
    assert_eq!(named(&[backup], &[]), "second");
    assert_eq!(named(&[backup, origin], &[]), "first");
    assert_eq!(named(&[origin, backup], &[("branch.main.remote", "backup")]), "second");
    assert_eq!(named(&[origin, backup], &[("branch.main.remote", ".")]), "first");
    let other = ("other", "https://example.org/third");
    assert_eq!(named(&[backup, other], &[]), "analysis");
}

#[test]
fn before_the_first_commit_nothing_can_start() {
    let repository = Repository::empty();
    let project = project(&repository);
    assert_eq!(project.branch().unwrap().as_deref(), Some("main"));
    assert_eq!(project.commit().unwrap(), None);
    assert_eq!(project.candidate_image("0123456789", true).unwrap(), None);
    let error = project.require_startable().unwrap_err();
    assert_eq!(error.to_string(), "this project has no commit yet");
    assert_eq!(error.hint().unwrap(), "run `git add -A && git commit -m \"First commit\"`");
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn a_detached_head_cannot_start() {
    let repository = Repository::with_commit();
    repository.git(&["checkout", "-q", "--detach"]);
    let commit = repository.git(&["rev-parse", "HEAD"]);
    let project = project(&repository);
    assert_eq!(project.branch().unwrap(), None);
    assert_eq!(project.commit().unwrap(), Some(commit.clone()));
    let error = project.require_startable().unwrap_err();
    assert_eq!(
        error.to_string(),
        format!("no branch is checked out: HEAD is detached at `{}`", &commit[..7])
    );
    assert_eq!(
        error.hint().unwrap(),
        "create a branch here with `git switch -c NAME`, or go back to one with `git switch NAME`"
    );
}

#[test]
fn a_branch_keeps_its_whole_name_even_beside_a_tag_of_that_name() {
    let repository = Repository::with_commit();
    repository.git(&["switch", "-q", "-c", "feature/one"]);
    repository.git(&["tag", "feature/one"]);
    let project = project(&repository);
    assert_eq!(project.branch().unwrap().as_deref(), Some("feature/one"));
    project.require_startable().unwrap();
}

#[test]
fn the_image_says_the_commit_and_what_a_dirty_tree_is_built_from() {
    let repository = Repository::with_commit();
    repository.git(&["remote", "add", "origin", "https://example.org/group/My-Analysis.git"]);
    let commit = repository.git(&["rev-parse", "--short=7", "HEAD"]);
    // What is known of a project does not change while a command runs, so each
    // look is a new project.
    let image = |inputs: &str| project(&repository).candidate_image(inputs, true).unwrap().unwrap();
    let dirty = || project(&repository).dirty().unwrap();

    assert!(!dirty());
    assert_eq!(image("0123456789ab"), format!("my-analysis:{commit}"));

    repository.write("README.md", "changed");
    assert!(dirty());
    assert_eq!(image("0123456789ab"), format!("my-analysis:{commit}-0123456"));
    // What the image is built from decides, not what else is edited.
    repository.write("README.md", "changed again");
    assert_eq!(image("0123456789ab"), format!("my-analysis:{commit}-0123456"));
    assert_eq!(image("ba98765432"), format!("my-analysis:{commit}-ba98765"));

    repository.git(&["checkout", "-q", "README.md"]);
    assert_eq!(image("0123456789ab"), format!("my-analysis:{commit}"));
}

#[test]
fn the_author_is_whom_git_would_name() {
    let repository = Repository::with_commit();
    // The environment of the tests wins over the configuration, as in git.
    let expected =
        |variable: &str, set: &str| std::env::var(variable).unwrap_or_else(|_| set.to_owned());
    let project = project(&repository);
    assert_eq!(project.author_name(), Some(expected("GIT_AUTHOR_NAME", "Jane Doe")));
    assert_eq!(project.author_email(), Some(expected("GIT_AUTHOR_EMAIL", "jane@example.org")));
}

#[test]
fn a_configuration_that_git_would_not_understand_is_named_with_its_line() {
    let repository = Repository::with_commit();
    repository.write(".git/config", "[core\n");
    let error = project(&repository).commit().unwrap_err();
    let file = repository.root().join(".git/config");
    assert_eq!(error.to_string(), format!("`{}`, line 1: cannot be parsed", file.display()));
    assert_eq!(error.hint().unwrap(), "repair or remove line 1 with an editor");
    assert_eq!(error.kind(), ErrorKind::Other);
}

#[test]
fn a_repository_elsewhere_is_used_when_it_names_the_project() {
    let repository = Repository::stored(&["--separate-git-dir", "../elsewhere"]);
    repository.write("a", "1").commit();
    let error = project(&repository).commit().unwrap_err();
    let elsewhere = repository.root().parent().unwrap().join("elsewhere");
    let root = repository.root().display();
    assert_eq!(
        error.to_string(),
        format!("`{}` does not belong to this folder", elsewhere.display())
    );
    assert_eq!(error.hint().unwrap(), format!("if it does, run `git config core.worktree {root}`"));
    repository.shell(&format!("git config core.worktree {root}"));
    assert!(project(&repository).commit().unwrap().is_some());
    assert!(!project(&repository).dirty().unwrap());
}

#[test]
fn a_worktree_that_was_moved_is_used_once_it_was_repaired() {
    let repository = Repository::with_commit();
    repository.git(&["worktree", "add", "-q", "-b", "other", "../linked"]);
    repository.shell("mv ../linked ../moved");
    let moved = repository.root().join("../moved");
    let error = Project::locate(&moved).unwrap().commit().unwrap_err();
    assert_eq!(error.hint().unwrap(), "if it does, run `git worktree repair`");
    repository.shell("cd ../moved && git worktree repair");
    assert!(Project::locate(&moved).unwrap().commit().unwrap().is_some());
}

#[test]
fn what_a_partial_or_shallow_clone_lacks_is_neither_missed_nor_fetched() {
    let (repository, bare) = Repository::with_remote();
    repository.write("a", "1").commit().write("a", "2").commit();
    repository.git(&["push", "-q"]);
    repository.git(&["--git-dir", &bare, "config", "uploadpack.allowFilter", "true"]);
    for filter in ["--filter=blob:none", "--filter=tree:0", "--depth=1"] {
        repository
            .shell(&format!("rm -rf ../clone && git clone -q {filter} file://{bare} ../clone"));
        let clone = Project::locate(&repository.root().join("../clone")).unwrap();
        let before = repository.git(&["-C", "../clone", "count-objects", "-v"]);
        assert!(!clone.dirty().unwrap(), "{filter}");
        let state = clone.repository().unwrap().status;
        assert_eq!((state.dirty, state.ahead, state.behind), (false, Some(0), Some(0)), "{filter}");
        assert_eq!(repository.git(&["-C", "../clone", "count-objects", "-v"]), before, "{filter}");
    }
}

#[test]
fn a_link_in_a_store_of_objects_is_refused() {
    for place in ["objects", "objects/pack", "objects/info"] {
        let repository = Repository::with_commit();
        repository.shell(&format!(
            "mv .git/{place} ../moved && ln -s {}/../moved .git/{place}",
            repository.root().display()
        ));
        let error = project(&repository).dirty().unwrap_err();
        let shown = repository.root().join(".git").join(place);
        assert!(
            error.to_string().starts_with(&format!("`{}` leads out", shown.display())),
            "{error}"
        );
    }
}
