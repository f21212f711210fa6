use super::*;

/// The patterns that a Dockerfile takes; `*everything*` when it cannot be said.
fn sources(text: &str) -> Vec<String> {
    match Sources::of(text) {
        Sources::Everything => vec!["*everything*".into()],
        Sources::Some(sources) => sources.into_iter().map(|source| source.pattern).collect(),
    }
}

#[test]
fn of_more_than_can_be_compared_everything_is_taken() {
    let of = |count: usize| sources(&format!("FROM a\n{}", "COPY *x /x\n".repeat(count))).len();
    assert_eq!((of(MOST), of(MOST + 1)), (MOST, 1));
}

#[test]
fn only_what_is_named_is_taken() {
    let cases: [(&str, &[&str]); 18] = [
        ("FROM a\nRUN echo \"cat <<EOF\" > /x\nCOPY a /b\n", &["a"]),
        ("FROM a\nRUN echo 'x <<EOF y'\nCOPY a /b\n", &["a"]),
        ("FROM a\nRUN echo \"it's\" <<EOF\nCOPY not this\nEOF\nCOPY a /b\n", &["a"]),
        ("FROM a\nRUN echo \\\" <<'END OF'\nCOPY a /b\n", &["a"]),
        ("FROM a\nRUN make\n", &[]),
        ("FROM a\nCOPY requirements.txt /tmp/\n", &["requirements.txt"]),
        ("FROM a\ncopy ./a /b/../c  d/ /x\n", &["a", "c", "d"]),
        ("FROM a\nCOPY --chown=1:1 --link [\"a b\", \"c\", \"/x\"]\n", &["a b", "c"]),
        ("FROM a AS b\nFROM c\nCOPY --from=b /made /made\n", &[]),
        (
            "FROM a\nADD https://example.org/x.tgz git@example.org:x.git data.tgz /x\n",
            &["data.tgz"],
        ),
        ("FROM a\nCOPY env*.yml src/?.py /x/\n", &["env*.yml", "src/?.py"]),
        ("FROM a\nCOPY a \\\n  # a comment\n\n  b \\\n  /x\n", &["a", "b"]),
        ("# escape=`\nFROM a\nCOPY a `\n b /x\n", &["a", "b"]),
        ("FROM a\nRUN <<EOF\nCOPY not this\nEOF\nCOPY this /x\n", &["this"]),
        ("FROM a\nCOPY <<-\"END\" /x\n\tCOPY no /no\n\tEND\nCOPY b /b\n", &["b"]),
        (
            "FROM a\nRUN --mount=type=bind,source=req.txt,target=/r pip install -r /r\n",
            &["req.txt"],
        ),
        ("FROM a\nRUN --mount=type=cache,target=/c --mount=type=secret,id=x make\n", &[]),
        ("# syntax=docker/dockerfile:1.7\nFROM a\nONBUILD COPY . /x\nCOPY b /b\n", &["b"]),
    ];
    for (text, expected) in cases {
        assert_eq!(sources(text), expected, "{text}");
    }
}

#[test]
fn what_is_not_understood_takes_everything() {
    for text in [
        "FROM a\nCOPY . /x\n",
        "FROM a\nADD ./ /x\n",
        "FROM a\nCOPY $FILES /x\n",
        "FROM a\nCOPY \"a b\" /x\n",
        "FROM a\nCOPY [a, b]\n",
        "FROM a\nCOPY --chown\n",
        "FROM a\nRUN --mount=target=/src make\n",
        "FROM a\nRUN --mount=type=bind,target=/src make\n",
        "# syntax=example.org/own:1\nFROM a\n",
        "FROM a\nCOPY a[ /x\n",
    ] {
        assert_eq!(sources(text), ["*everything*"], "{text}");
    }
}

#[test]
fn a_directory_is_taken_with_all_below_it() {
    let sources = Sources::of("FROM a\nCOPY src data/*.csv docs/a/b /x/\n");
    let taken = |path: &str| sources.take(path);
    for path in ["src", "src/a", "src/a/b", "data/x.csv", "data/x.csv/y", "docs/a/b"] {
        assert!(taken(path), "{path}");
    }
    for path in ["srcs", "data", "data/x.txt", "docs/a", "docs/a/c", "a/src"] {
        assert!(!taken(path), "{path}");
    }
    for path in ["src", "src/a", "data", "docs", "docs/a", "docs/a/b"] {
        assert!(sources.may_take_below(path), "{path}");
    }
    for path in ["notebooks", "dat", "docs/b", "sr"] {
        assert!(!sources.may_take_below(path), "{path}");
    }
}

#[test]
fn what_only_buildkit_builds_is_known() {
    for text in [
        "FROM a\nRUN --mount=type=cache,target=/c make\n",
        "FROM a\nCOPY --link a /b\n",
        "FROM a\nRUN <<EOF\nx\nEOF\n",
        "# syntax=docker/dockerfile:1\nFROM a\n",
    ] {
        assert!(needs_buildkit(text), "{text}");
    }
    for text in ["FROM a\nCOPY --chown=1:1 --from=b . /c/\n", "FROM a\nRUN echo '<<EOF'\n"] {
        assert!(!needs_buildkit(text), "{text}");
    }
}
