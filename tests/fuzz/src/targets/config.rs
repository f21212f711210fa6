//! A `--config` file: YAML, against the schema of a provider. Input: schema (JSON), a zero
//! byte, file; or a file alone, against a schema of every kind.

use renku_session_config::{Schema, fuzzing, yaml};
use serde_json::Value;

use super::{text, texts};

const SCHEMA: &str = r#"{"type":"object","additionalProperties":false,"required":["a"],"properties":{
    "a":{"type":"string","enum":["x","y"]},"b":{"type":"integer","minimum":1,"maximum":9},
    "c":{"type":"array","items":{"type":"number"}},"d":{"type":"object"},"e":{"type":["null","boolean"]}}}"#;

pub(super) fn check(bytes: &[u8]) {
    let open: Value = serde_json::json!({ "type": "object" });
    if let Some(source) = text(bytes) {
        for schema in [serde_json::from_str(SCHEMA).expect("a schema"), open] {
            read(source, &Schema::parse(&schema).expect("a schema"));
        }
    }
    let Some([schema, source]) = texts(bytes) else { return };
    let Ok(schema) = serde_json::from_str(schema) else { return };
    if let Ok(schema) = Schema::parse(&schema) {
        read(source, &schema);
    }
}

fn read(source: &str, schema: &Schema) {
    match fuzzing::values(source, schema) {
        // What is understood means the same when it is written again.
        Ok(values) => {
            let written = yaml(&Value::Object(values.clone())).expect("it can be written");
            assert_eq!(fuzzing::values(&written, schema).expect("ours"), values, "{written}");
        }
        Err(error) => {
            let text = error.to_string();
            let is_plain = text.chars().all(|it| it == '\n' || !it.is_control());
            assert!(is_plain, "{text:?}");
        }
    }
}
