//! Configuration files and what the user is told about them, whole.

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
        "my.yaml:1:6: `port` must be a whole number, but it is empty\n\
         hint: The port that answers HTTP. [default: 8888]",
    );
    refuses("command:", "my.yaml:1:9: `command` must be a list or text, but it is empty");
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
    refuses("client: jupyter\n", "my.yaml:1:1: the key `command` is missing\nhint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`");
    assert_eq!(
        parsed(Some(&schema()), "").unwrap_err().to_string(),
        "my.yaml: the key `command` is missing"
    );
}

#[test]
fn a_repeated_key_is_refused_at_its_second_place() {
    refuses(
        "command: a\nport: 1\ncommand: b\n",
        "my.yaml:3:1: `command` is there more than once",
    );
    refuses(
        "command: a\nlimits: {idle: 1, idle: 2, idle: 3}\n",
        "the configuration file `my.yaml` has 2 problems\n  \
         my.yaml:2:19: `limits.idle` is there more than once\n  \
         my.yaml:2:28: `limits.idle` is there more than once",
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
fn what_is_not_yaml_is_refused_where_it_breaks() {
    refuses("command: [a\nport: 1\n", "my.yaml:2:5: this is not valid YAML: did not find expected ',' or ']'");
    refuses("command: a\n\tport: 1\n", "my.yaml:2:1: this is not valid YAML: found a tab character that violates indentation");
    refuses("command: *a\n", "my.yaml:1:10: this is not valid YAML: unknown anchor");
}

#[test]
fn what_json_cannot_say_is_refused() {
    refuses("command: !shell ls\n", "my.yaml:1:10: tags, such as `!name`, are not allowed");
    refuses("command: a\nlabels: {1: a}\n", "my.yaml:2:10: a key must be text: put it in quotes");
    refuses("command: a\n? [b]\n: c\n", "my.yaml:2:3: a key must be text: put it in quotes");
    refuses("limits: {idle: .inf}\n", "my.yaml:1:16: infinity and not-a-number are not allowed");
    refuses("port: 99999999999999999999\n", "my.yaml:1:7: this number is too large");
    refuses("command: a\n---\nport: 1\n", "my.yaml: there is a second document in the file; only one is allowed");
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
    let loops = format!("a: &a [{}]\nb: &b [{}]\nc: [{}]", "1,".repeat(99), "*a,".repeat(999), "*b,".repeat(999));
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

#[test]
fn the_value_of_an_option_is_checked_like_that_of_a_key() {
    let schema = schema();
    let check = |key: &str, value: Value, origin: &str| {
        check_value(Some(&schema), key, &value, origin).map_err(|error| told(&error))
    };
    assert_eq!(check("port", json!(80), "--port"), Ok(()));
    assert_eq!(
        check("port", json!("80"), "--port"),
        Err("`--port` must be a whole number, but it is text\n\
             hint: The port that answers HTTP. [default: 8888]"
            .into())
    );
    assert_eq!(
        check("command", json!(["a", 1, true]), "--command"),
        Err("`--command[1]` must be text, but it is a number; \
             `--command[2]` must be text, but it is `true`"
            .into())
    );
    assert_eq!(
        check("clients", json!("rstudio"), "--client"),
        Err("`--client`: unknown key `clients`; did you mean `client`?\n\
             hint: the keys of this provider are `command`, `port`, `client`, `limits`, `labels`"
            .into())
    );
    assert_eq!(
        check_value(None, "port", &json!(1), "--port").unwrap_err().to_string(),
        "`--port`: unknown key `port`: this provider has no configuration"
    );
}

mod files {
    //! The same, from real files.

    use std::fs;

    use super::*;
    use crate::domain::ErrorKind;

    fn refused(name: &str, content: Option<&[u8]>) -> (ErrorKind, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(name);
        if let Some(content) = content {
            fs::write(&file, content).unwrap();
        }
        let error = load(&file, &Schema::parse(&schema()).unwrap()).unwrap_err();
        let folder = folder.path().display().to_string();
        (error.kind(), told(&error).replace(&folder, "FOLDER"))
    }

    #[test]
    fn a_file_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("my.yaml");
        fs::write(&file, "command: jupyter lab\r\nport: 8080\r\n").unwrap();
        let expected = json!({"command": "jupyter lab", "port": 8080});
        assert_eq!(load(&file, &Schema::parse(&schema()).unwrap()).unwrap(), expected);
        assert_eq!(Value::Object(load_for(Some(&schema()), &file).unwrap()), expected);
    }

    #[test]
    fn a_file_that_is_not_there_is_not_found() {
        assert_eq!(
            refused("my.yaml", None),
            (
                ErrorKind::NotFound,
                "cannot read the configuration file `FOLDER/my.yaml`\n  \
                 No such file or directory (os error 2)\n\
                 hint: check the path after `--config`"
                    .into()
            )
        );
    }

    #[test]
    fn a_folder_is_no_file() {
        assert_eq!(
            refused("", None),
            (
                ErrorKind::InvalidInput,
                "cannot read the configuration file `FOLDER/`\n  \
                 Is a directory (os error 21)\n\
                 hint: check the path after `--config`"
                    .into()
            )
        );
    }

    #[test]
    fn a_file_of_more_than_a_mebibyte_is_refused() {
        assert_eq!(
            refused("big.yaml", Some(&vec![b'#'; LARGEST + 1])),
            (
                ErrorKind::InvalidInput,
                "the configuration file `FOLDER/big.yaml` is larger than 1 MiB\n\
                 hint: give `--config` a YAML file of keys and values"
                    .into()
            )
        );
        let (_, fits) = refused("big.yaml", Some(&vec![b'#'; LARGEST]));
        assert!(fits.starts_with("FOLDER/big.yaml: the key `command` is missing"), "{fits}");
    }

    #[test]
    fn a_file_that_is_not_text_is_refused() {
        assert_eq!(
            refused("image.png", Some(&[0x89, b'P', b'N', b'G'])),
            (
                ErrorKind::InvalidInput,
                "the configuration file `FOLDER/image.png` is not text in UTF-8\n\
                 hint: give `--config` a YAML file of keys and values"
                    .into()
            )
        );
    }
}
