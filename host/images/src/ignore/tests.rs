//! The documented rules of `.dockerignore`, one by one.

use super::*;

/// Whether `path` is left out, asked directory by directory as the walk does.
fn excluded(rules: &str, path: &str) -> bool {
    let rules = IgnoreFile::parse(rules).expect("rules");
    let mut matched = Matched::new();
    let mut excluded = false;
    let mut prefix = String::new();
    for part in path.split('/') {
        if !prefix.is_empty() {
            prefix.push('/');
        }
        prefix.push_str(part);
        (excluded, matched) = rules.excludes(&prefix, &matched);
    }
    excluded
}

fn check(rules: &str, left_out: &[&str], sent: &[&str]) {
    for path in left_out {
        assert!(excluded(rules, path), "`{path}` should be left out by {rules:?}");
    }
    for path in sent {
        assert!(!excluded(rules, path), "`{path}` should be sent with {rules:?}");
    }
}

#[test]
fn the_examples_of_the_documentation() {
    check("*/temp*", &["somedir/temporary.txt", "somedir/temp"], &["temp", "a/b/temp"]);
    check("*/*/temp*", &["somedir/subdir/temporary.txt"], &["somedir/temp"]);
    check("temp?", &["tempa", "tempb"], &["temp", "tempab", "a/tempa"]);
    check("**/*.go", &["a.go", "a/b/c.go"], &["a.goo"]);
    check("*.md\n!README.md", &["a.md"], &["README.md"]);
    check(
        "*.md\n!README*.md\nREADME-secret.md",
        &["a.md", "README-secret.md"],
        &["README.md", "README-x.md"],
    );
    check("*.md\nREADME-secret.md\n!README*.md", &["a.md"], &["README-secret.md"]);
}

#[test]
fn comments_and_empty_lines_say_nothing() {
    check("# a\n\n  \n  b  \r\n", &["b"], &["# a", "a", "c"]);
    check("\u{feff}a", &["a"], &[]);
}

#[test]
fn outer_slashes_and_dots_do_not_matter() {
    check("/a/\n./b\nc//d/.", &["a", "b", "c/d"], &["c"]);
    check("a/../e", &["e"], &["a"]);
}

#[test]
fn what_is_below_an_excluded_directory_is_excluded() {
    check("node_modules", &["node_modules/x/y"], &["a/node_modules"]);
    check("**/node_modules", &["node_modules/x", "a/b/node_modules/x"], &["node_modules2"]);
    check("a*c", &["abc/d"], &["ab/c"]);
}

#[test]
fn exceptions_reach_into_excluded_directories() {
    check(
        "*\n!src\n!data/**/*.csv",
        &["a", "data/x", "data/a/x"],
        &["src/x", "data/x.csv", "data/a/b.csv"],
    );
    check("a\n!a/b\na/b/c", &["a/x", "a/b/c"], &["a/b", "a/b/d"]);
}

#[test]
fn a_directory_is_looked_into_only_for_an_exception_that_could_be_there() {
    let rules = IgnoreFile::parse("*\n!src/keep\n!data/**/x\n!l*g").expect("rules");
    for (directory, expected) in [
        ("src", true),
        ("src/keep", false),
        ("srcs", false),
        ("data", true),
        ("data/a", true),
        ("lag", true),
        ("node_modules", false),
    ] {
        assert_eq!(rules.may_contain_exception(directory), expected, "{directory}");
    }
    let everywhere = IgnoreFile::parse("*\n!**/x").expect("rules");
    assert!(everywhere.may_contain_exception("a/b"));
}

#[test]
fn double_stars_stand_for_any_number_of_directories() {
    check("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["b", "xa/b", "a/xb"]);
    check("a/**", &["a/x", "a/x/y"], &["a", "b"]);
    check("**.txt", &["a.txt", "a/b.txt"], &["a.txt2"]);
    check("**", &["a", "a/b"], &[]);
}

#[test]
fn classes_and_escapes() {
    check("[a-c]x\n[^d]y\n\\*z", &["bx", "ey", "*z"], &["dx", "dy", "az"]);
    for broken in ["[", "[]", "a\\", "!", "[a-"] {
        assert_eq!(IgnoreFile::parse(broken).expect_err(broken), broken);
    }
}

#[test]
fn names_are_compared_by_characters_not_bytes() {
    check("?", &["ä", "a"], &["äö"]);
}

#[test]
fn the_dockerfile_and_the_file_itself_are_always_sent() {
    let root = tempfile::tempdir().expect("tempdir");
    std::fs::write(root.path().join(".dockerignore"), "*\nsub/Dockerfile\n").expect("write");
    let tree = ProjectTree::open(root.path()).expect("tree");
    let rules = IgnoreFile::read(&tree, "sub/Dockerfile").expect("rules");
    assert!(!rules.excludes(".dockerignore", &[]).0);
    let (excluded, parent) = rules.excludes("sub", &[]);
    assert!(excluded && rules.may_contain_exception("sub"));
    assert!(!rules.excludes("sub/Dockerfile", &parent).0);
    assert!(rules.excludes("sub/other", &parent).0);
}

#[test]
fn a_file_beside_the_dockerfile_takes_precedence_and_a_broken_line_is_named() {
    let root = tempfile::tempdir().expect("tempdir");
    std::fs::write(root.path().join(".dockerignore"), "a\n").expect("write");
    std::fs::write(root.path().join("Dockerfile.dockerignore"), "b\n").expect("write");
    let tree = ProjectTree::open(root.path()).expect("tree");
    let rules = IgnoreFile::read(&tree, "Dockerfile").expect("rules");
    assert!(rules.excludes("b", &[]).0 && !rules.excludes("a", &[]).0);
    std::fs::write(root.path().join("Dockerfile.dockerignore"), "[\n").expect("write");
    let error = IgnoreFile::read(&tree, "Dockerfile").expect_err("broken");
    assert_eq!(error.to_string(), "`Dockerfile.dockerignore` has an invalid pattern: `[`");
}

#[test]
fn more_patterns_than_can_be_compared_are_an_error() {
    let root = tempfile::tempdir().expect("tempdir");
    let tree = ProjectTree::open(root.path()).expect("tree");
    let write = |count: usize| {
        std::fs::write(root.path().join(".dockerignore"), "*x\n".repeat(count)).expect("write");
    };
    write(PATTERNS);
    assert!(IgnoreFile::read(&tree, "Dockerfile").is_ok());
    write(PATTERNS + 1);
    let error = IgnoreFile::read(&tree, "Dockerfile").expect_err("too many");
    assert_eq!(error.to_string(), "`.dockerignore` has more than 1000 patterns");
}
