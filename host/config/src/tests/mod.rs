//! Configuration files and the errors about them, whole.

mod files;
mod options;
mod yaml;

use std::path::Path;

use serde_json::{Value, json};

use super::*;
use crate::domain::Diagnostic;

/// What the docker provider says, and a little of everything else.
fn schema() -> Value {
    json!({
        "type": "object",
        "additionalProperties": false,
        "required": ["command"],
        "properties": {
            "command": { "type": ["array", "string"], "items": { "type": "string" } },
            "port": {
                "type": "integer", "minimum": 1, "maximum": 65535,
                "description": "The port that answers HTTP.", "default": 8888
            },
            "client": { "enum": ["jupyter", "rstudio"] },
            "limits": {
                "type": "object",
                "additionalProperties": false,
                "required": ["idle"],
                "properties": {
                    "idle": { "type": "number", "minimum": 0.5 },
                    "hard": { "type": "boolean" }
                }
            },
            "labels": { "type": "object" }
        }
    })
}

fn parsed(schema: Option<&Value>, source: &str) -> Result<Value, ConfigError> {
    from_text(source, Path::new("my.yaml"), &schema_of(schema)?).map(Value::Object)
}

/// Everything an error says, as the user sees it.
fn told(error: &ConfigError) -> String {
    let mut lines = vec![error.to_string()];
    lines.extend(error.causes().iter().map(|cause| format!("  {cause}")));
    lines.extend(error.hint().map(|hint| format!("hint: {hint}")));
    lines.join("\n")
}

#[track_caller]
fn refuses(source: &str, expected: &str) {
    assert_eq!(told(&parsed(Some(&schema()), source).unwrap_err()), expected);
}

#[test]
fn a_right_file_is_returned_as_it_is_and_without_defaults() {
    let source = "command: [jupyter, lab]\nlabels: {any: 'thing', n: 0x10}\nlimits:\n  idle: 1\n";
    assert_eq!(
        parsed(Some(&schema()), source).unwrap(),
        json!({"command": ["jupyter", "lab"], "labels": {"any": "thing", "n": 16}, "limits": {"idle": 1}})
    );
}

#[test]
fn an_empty_file_is_an_empty_mapping() {
    let open = json!({"type": "object"});
    for source in ["", "# nothing yet\n", "---\n", "{}", "\u{feff}"] {
        assert_eq!(parsed(Some(&open), source).unwrap(), json!({}), "{source:?}");
    }
}

#[test]
fn a_misspelled_key_is_corrected() {
    refuses(
        "command: a\ncomand: jupyter lab\n",
        "my.yaml:2:1: unknown key `comand`; did you mean `command`?\n\
         hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
}

#[test]
fn all_problems_are_told_in_the_order_of_the_file() {
    refuses(
        "port: 70000\nclinet: rstudio\nlimits:\n    hard: yes\n    soft: 1\nclient: Rstudo\ncommand:\n  - jupyter\n  - 8\n",
        "the configuration file `my.yaml` has 7 problems\n  \
         my.yaml:1:7: `port` must be at most 65535, but it is 70000\n  \
         my.yaml:2:1: unknown key `clinet`; did you mean `client`?\n  \
         my.yaml:3:1: the key `idle` is missing in `limits`\n  \
         my.yaml:4:11: `limits.hard` must be `true` or `false`, but it is text\n  \
         my.yaml:5:5: unknown key `soft` in `limits`\n  \
         my.yaml:6:9: `client` must be one of `jupyter`, `rstudio`; did you mean `rstudio`?\n  \
         my.yaml:9:5: `command[1]` must be text, but it is a number: put it in quotes\n\
         hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
}

#[test]
fn a_number_in_quotes_is_no_number() {
    refuses(
        "command: a\nport: '8888'\n",
        "my.yaml:2:7: `port` must be a whole number, but it is text: write it without quotes\n\
         hint: The port that answers HTTP. [default: 8888]",
    );
    refuses(
        "command: a\nport: 80.5\n",
        "my.yaml:2:7: `port` must be a whole number, but it is a number with a fraction\n\
         hint: The port that answers HTTP. [default: 8888]",
    );
}

#[test]
fn a_key_without_a_value_is_empty() {
    refuses(
        "port:\ncommand: a\n",
        "my.yaml:1:5: `port` must be a whole number, but it is empty\n\
         hint: The port that answers HTTP. [default: 8888]",
    );
    refuses("command:", "my.yaml:1:8: `command` must be a list or text, but it is empty");
}

#[test]
fn columns_are_counted_in_characters() {
    refuses(
        "{command: 'äöü→', port: 0}",
        "my.yaml:1:25: `port` must be at least 1, but it is 0\n\
         hint: The port that answers HTTP. [default: 8888]",
    );
}

#[test]
fn a_key_that_must_be_there_is_missing() {
    refuses(
        "client: jupyter\n",
        "my.yaml:1:1: the key `command` is missing\nhint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
    assert_eq!(
        parsed(Some(&schema()), "").unwrap_err().to_string(),
        "my.yaml: the key `command` is missing"
    );
}

#[test]
fn a_repeated_key_is_refused_at_its_second_place() {
    refuses("command: a\nport: 1\ncommand: b\n", "my.yaml:3:1: `command` occurs more than once");
    refuses("command: a\nport: 1\nport: 2\n", "my.yaml:3:1: `port` occurs more than once");
    refuses(
        "command: a\nlimits: {idle: 1, idle: 2, idle: 3}\n",
        "the configuration file `my.yaml` has 2 problems\n  \
         my.yaml:2:19: `limits.idle` occurs more than once\n  \
         my.yaml:2:28: `limits.idle` occurs more than once",
    );
}

#[test]
fn a_file_that_is_no_mapping_is_refused() {
    refuses(
        "- command\n",
        "my.yaml:1:1: a configuration must be keys with values, but it is a list\n\
         hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
    refuses(
        "\n  jupyter lab\n",
        "my.yaml:2:3: a configuration must be keys with values, but it is text\n\
         hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
}

#[test]
fn only_the_first_of_very_many_problems_are_shown() {
    let source: String = (0..50_000).map(|key| format!("key{key}: 1\n")).collect();
    let error = parsed(None, &source).unwrap_err();
    let causes = error.causes();
    assert_eq!(error.to_string(), "the configuration file `my.yaml` has 50000 problems");
    assert_eq!(causes.len(), 21);
    assert_eq!(causes[19], "my.yaml:20:1: unknown key `key19`: this provider has no configuration");
    assert_eq!(causes[20], "and 49980 more");
}

#[test]
fn an_escape_sequence_in_a_key_does_not_reach_the_terminal() {
    refuses(
        "command: a\n\"\\e[2J\": 1\n",
        "my.yaml:2:1: unknown key `\\u{1b}[2J`\n\
         hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`",
    );
}

#[test]
fn a_provider_without_configuration_accepts_no_key() {
    assert_eq!(
        told(&parsed(None, "port: 1\n").unwrap_err()),
        "my.yaml:1:1: unknown key `port`: this provider has no configuration\n\
         hint: leave `--config` away"
    );
    assert_eq!(parsed(None, "").unwrap(), json!({}));
}
