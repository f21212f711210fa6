//! The configuration of a repository. What a git of ours is given is a list of harmless
//! settings, and reading it again changes nothing.

use renku_session_project::fuzzing::git_settings;

use super::text;

/// Sections that a copy may have.
const SECTIONS: [&str; 6] = ["core", "index", "user", "author", "branch", "remote"];

pub(super) fn check(bytes: &[u8]) {
    let Some(text) = text(bytes) else { return };
    let Some(written) = git_settings(text) else { return };
    for line in written.lines().filter(|line| line.starts_with('[')) {
        let section = line.trim_start_matches('[').split([' ', ']']).next().unwrap_or_default();
        assert!(SECTIONS.contains(&section), "{line:?}");
    }
    for dangerous in ["\tfsmonitor", "\thookspath", "\tsshcommand", "\tpager", "\turl", "\tpath"] {
        assert!(!written.contains(dangerous), "{written:?}");
    }
    let again = git_settings(&written).expect("it is of ours");
    // `for_a_copy` chooses what a branch follows: both are there now.
    assert_eq!(again, written);
}
