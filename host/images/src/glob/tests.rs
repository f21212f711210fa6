//! What Docker matches, and how long that may take.

use std::time::{Duration, Instant};

use super::*;

#[track_caller]
fn matches(pattern: &str, path: &str) -> bool {
    Glob::parse(pattern).expect(pattern).0.matches(path)
}

#[test]
fn wildcards_stay_within_a_folder_and_double_stars_do_not() {
    for (pattern, matching, others) in [
        ("*", &["a", ".a", "ab.c", ""][..], &["a/b"][..]),
        ("a*c", &["ac", "abc", "a.c"], &["a/c", "abcd"]),
        ("?b", &["ab", "öb"], &["/b", "b", "aab"]),
        ("a/**", &["a/b", "a/b/c"], &["a", "ab", "b/a/b"]),
        ("a**", &["a", "ab", "a/b"], &["ba"]),
        ("**/b", &["b", "a/b", "a/a/b"], &["ab", "b/a"]),
        ("**b", &["b", "ab", "a/b", "a/ab"], &["ba", "b/a"]),
        ("a/**/b", &["a/b", "a/x/b", "a/x/y/b"], &["b", "xa/b", "a/xb"]),
        ("a**b", &["ab", "a/b", "ax/b"], &["axb", "a/xb"]),
        ("**/*.c", &["a.c", "x/a.c", "x/y/.c"], &["a.cc", "c"]),
        ("**/x/**", &["x/a", "a/x/b/c"], &["x", "ax/b"]),
        ("**/**/a", &["a", "x/a", "x/y/a"], &["xa"]),
        ("a/**/**/**/b", &["a/b", "a/x/b", "a/x/y/z/b"], &["ab", "a/xb"]),
        ("**", &["a", "a/b"], &[]),
    ] {
        for path in matching {
            assert!(matches(pattern, path), "{pattern} and {path}");
        }
        for path in others {
            assert!(!matches(pattern, path), "{pattern} and {path}");
        }
    }
}

#[test]
fn classes_have_ranges_and_escapes() {
    for (pattern, matching, others) in [
        ("[a-c]x", &["ax", "cx"][..], &["dx", "x", "-x"][..]),
        ("[^a-c]", &["d", "ä"], &["a", ""]),
        (r"[\]\-]", &["]", "-"], &[r"\", "a"]),
        (r"\[a\]", &["[a]"], &["a"]),
        (r"a\*", &["a*"], &["ab"]),
        ("a.b+(c)", &["a.b+(c)"], &["axb+(c)"]),
    ] {
        for path in matching {
            assert!(matches(pattern, path), "{pattern} and {path}");
        }
        for path in others {
            assert!(!matches(pattern, path), "{pattern} and {path}");
        }
    }
    for broken in ["[", "[]", "[]a]", "[-]", "[x-]", "[a-b-c]", "[c-a]", "[^", r"a\", "[a"] {
        assert!(Glob::parse(broken).is_none(), "{broken}");
    }
}

/// The rules as they are defined, one character at a time: slow and obvious.
fn defined(steps: &[Step], path: &[char]) -> bool {
    let Some((step, rest)) = steps.split_first() else { return path.is_empty() };
    let tail = |from: usize| path.get(from..).unwrap_or_default();
    let one = |fits: bool| fits && defined(rest, tail(1));
    let first = path.first().copied();
    match step {
        Step::Literal(wanted) => one(first == Some(*wanted)),
        Step::AnyCharacter => one(first.is_some_and(|c| c != '/')),
        Step::Class(ranges, negated) => one(first.is_some_and(|c| {
            ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != *negated
        })),
        Step::Star => {
            let longest = path.iter().take_while(|c| **c != '/').count();
            (0..=longest).any(|length| defined(rest, tail(length)))
        }
        Step::Everything => (0..=path.len()).any(|length| defined(rest, tail(length))),
        Step::Optional => defined(&rest[1..], path) || defined(rest, path),
        Step::Folders => (1..=path.len())
            .filter(|length| path[length - 1] == '/')
            .any(|length| defined(rest, tail(length))),
    }
}

#[test]
fn all_ways_at_once_find_what_one_after_the_other_finds() {
    // Every pattern and every path of up to four of these.
    fn texts(parts: &[&str], longest: usize) -> Vec<String> {
        let mut all = vec![String::new()];
        let mut last = all.clone();
        for _ in 0..longest {
            last = last
                .iter()
                .flat_map(|text| parts.iter().map(move |part| format!("{text}{part}")))
                .collect();
            all.extend_from_slice(&last);
        }
        all
    }
    let paths = texts(&["a", "b", "/"], 4);
    let mut found = 0;
    for pattern in texts(&["a", "*", "**", "?", "/", "[^a]"], 4) {
        let Some((glob, _)) = Glob::parse(&pattern) else { continue };
        for path in &paths {
            let characters: Vec<char> = path.chars().collect();
            let expected = defined(&glob.0, &characters);
            assert_eq!(glob.matches(path), expected, "{pattern} and {path}");
            found += usize::from(expected);
        }
    }
    assert!(found > 1000, "{found}");
}

#[test]
fn a_pattern_of_many_stars_takes_no_longer_than_its_length() {
    let path = "a".repeat(250);
    for part in ["*a", "**/a", "?*", "[a-z]*", "**a*"] {
        let pattern = format!("{}b", part.repeat(1000));
        let begin = Instant::now();
        assert!(!matches(&pattern, &path), "{part}");
        assert!(begin.elapsed() < Duration::from_secs(2), "{part}: {:?}", begin.elapsed());
    }
}

#[test]
fn a_pattern_that_repeats_itself_takes_no_longer_for_each_path() {
    let begin = Instant::now();
    for part in ["**/", "**", "***", "*/"] {
        let (glob, _) = Glob::parse(&format!("{}b", part.repeat(50_000))).expect(part);
        for _ in 0..1000 {
            assert!(!glob.matches("source/package/module.py"), "{part}");
        }
    }
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
}
