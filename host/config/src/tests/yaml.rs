//! YAML that is followed, refused or bounded.

use serde_json::json;

use super::*;

#[test]
fn what_is_not_yaml_is_refused_where_it_breaks() {
    refuses(
        "command: [a\nport: 1\n",
        "my.yaml:2:5: this is not valid YAML: did not find expected ',' or ']'",
    );
    refuses(
        "command: a\n\tport: 1\n",
        "my.yaml:2:1: this is not valid YAML: found a tab character that violates indentation",
    );
    refuses("command: *a\n", "my.yaml:1:10: this is not valid YAML: unknown anchor");
}

#[test]
fn what_json_cannot_say_is_refused() {
    refuses("command: !shell ls\n", "my.yaml:1:10: tags, such as `!name`, are not allowed");
    refuses("command: a\nlabels: {1: a}\n", "my.yaml:2:10: a key must be text: put it in quotes");
    refuses("command: a\n? [b]\n: c\n", "my.yaml:2:3: a key must be text: put it in quotes");
    refuses("limits: {idle: .inf}\n", "my.yaml:1:16: infinity and not-a-number are not allowed");
    refuses("port: 99999999999999999999\n", "my.yaml:1:7: this number is too large");
    refuses(
        "command: a\n---\nport: 1\n",
        "my.yaml: there is a second document in the file; only one is allowed",
    );
}

#[test]
fn an_alias_is_followed_and_its_problem_is_told_where_it_is_written() {
    let source = "command: &c [a, b]\nlabels: {again: *c}\n";
    assert_eq!(
        parsed(Some(&schema()), source).unwrap(),
        json!({"command": ["a", "b"], "labels": {"again": ["a", "b"]}})
    );
    refuses(
        "labels: {list: &c [a, 1]}\ncommand: *c\n",
        "my.yaml:1:23: `command[1]` must be text, but it is a number: put it in quotes",
    );
}

#[test]
fn aliases_that_grow_without_end_are_stopped() {
    let text = "x".repeat(1000);
    let mut wide = format!("a0: &a0 ['{text}', '{text}']\n");
    for level in 1..24 {
        let below = level - 1;
        wide.push_str(&format!("a{level}: &a{level} [*a{below}, *a{below}]\n"));
    }
    let error = parsed(Some(&json!({"type": "object"})), &wide).unwrap_err().to_string();
    let message = "anchors and aliases repeat too much: the values together are too large";
    assert!(error.starts_with("my.yaml:"), "{error}");
    assert!(error.ends_with(&format!(": {message}")), "{error}");

    let many = format!("a: &a []\nb: [{}]", "*a,".repeat(1000));
    let loops = format!(
        "a: &a [{}]\nb: &b [{}]\nc: [{}]",
        "1,".repeat(99),
        "*a,".repeat(999),
        "*b,".repeat(999)
    );
    assert!(parsed(Some(&json!({"type": "object"})), &many).is_ok());
    let error = parsed(Some(&json!({"type": "object"})), &loops).unwrap_err().to_string();
    assert!(error.ends_with(message), "{error}");
}

#[test]
fn no_file_without_aliases_is_too_large_in_memory() {
    let open = json!({"type": "object"});
    let worst = format!("a: [{}]", "\"\\L\",".repeat((LARGEST - 10) / 5));
    assert!(parsed(Some(&open), &worst).is_ok());
    let keys: String = (0..100_000).map(|key| format!("{key:x}k:\n")).collect();
    assert!(keys.len() < LARGEST);
    assert!(parsed(Some(&open), &keys).is_ok());
}

#[test]
fn a_mebibyte_of_brackets_is_refused_at_once() {
    for (source, column) in [("[", 256), ("{? ", 766), ("- ", 65), ("? ", 65)] {
        let started = std::time::Instant::now();
        assert_eq!(
            parsed(None, &source.repeat(LARGEST / source.len())).unwrap_err().to_string(),
            format!("my.yaml:1:{column}: lists and mappings are nested deeper than 32")
        );
        assert!(started.elapsed().as_secs() < 10, "{source}");
    }
}

#[test]
fn deep_nesting_is_refused() {
    let open = json!({"type": "object"});
    let nested = |depth: usize| format!("a: {}{}", "[".repeat(depth), "]".repeat(depth));
    assert!(parsed(Some(&open), &nested(31)).is_ok());
    for depth in [32, 100, 1000] {
        assert_eq!(
            parsed(Some(&open), &nested(depth)).unwrap_err().to_string(),
            "my.yaml:1:35: lists and mappings are nested deeper than 32",
            "{depth}"
        );
    }
}
