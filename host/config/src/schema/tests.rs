//! Schemas that are refused, and why.

use serde_json::{Value, json};

use super::Schema;
use crate::domain::Diagnostic;

/// The reason why a key with this schema is refused.
fn refused(key: Value) -> String {
    reason(&json!({"type": "object", "properties": {"key": key}}))
}

fn reason(schema: &Value) -> String {
    let error = Schema::parse(schema).unwrap_err();
    assert_eq!(error.to_string(), "the provider's description of its configuration is not valid");
    error.causes().join("\n")
}

#[test]
fn the_schema_of_the_docker_provider_is_accepted() {
    let manifest = include_str!("../../../../components/docker/manifest.json");
    let manifest: Value = serde_json::from_str(manifest).unwrap();
    let schema = Schema::parse(&manifest["config"]).unwrap();
    assert_eq!(
        schema.keys().collect::<Vec<_>>().join(" "),
        "command port default_url ready_path base_url working_directory mount_path token_environment environment"
    );
}

#[test]
fn a_keyword_that_would_not_be_checked_is_refused() {
    assert_eq!(
        refused(json!({"type": "string", "pattern": "^/"})),
        "`/properties/key/pattern`: this keyword is not supported"
    );
    assert_eq!(reason(&json!({"$ref": "other"})), "`/$ref`: this keyword is not supported");
    assert_eq!(
        refused(json!({"additionalProperties": true})),
        "`/properties/key/additionalProperties` can only be `false`; leave it out to allow any key"
    );
}

#[test]
fn a_keyword_with_a_wrong_value_is_refused() {
    for (key, expected) in [
        (json!(true), "`/properties/key` must be an object"),
        (json!({"type": "int"}), "`/properties/key/type` names a type that does not exist"),
        (json!({"type": []}), "`/properties/key/type` is empty, so nothing could match"),
        (json!({"type": 1}), "`/properties/key/type` names a type that does not exist"),
        (json!({"enum": []}), "`/properties/key/enum` is empty, so nothing could match"),
        (json!({"enum": "a"}), "`/properties/key/enum` must be an array"),
        (json!({"minimum": "1"}), "`/properties/key/minimum` must be a number"),
        (json!({"items": []}), "`/properties/key/items` must be an object"),
        (json!({"required": [1]}), "`/properties/key/required` must be a string"),
        (json!({"description": 1}), "`/properties/key/description` must be a string"),
        (
            json!({"properties": {"a/\n": {}}}),
            "`/properties/key/properties/a~1\\u{a}` cannot be the name of a key",
        ),
    ] {
        assert_eq!(refused(key), expected);
    }
}

#[test]
fn a_schema_that_contradicts_itself_is_refused() {
    for (key, expected) in [
        (json!({"minimum": 2, "maximum": 1}), "`/properties/key/maximum` is less than the minimum"),
        (
            json!({"required": ["a"], "additionalProperties": false}),
            "`/properties/key/required`: `a` is not one of the properties",
        ),
        (
            json!({"type": "integer", "default": "8888"}),
            "`/properties/key/default` does not match its own schema: `it` must be a whole number, but it is text",
        ),
        (
            json!({"type": "string", "enum": ["a", 1]}),
            "`/properties/key/enum` does not match its own schema: `it` must be text, but it is a number",
        ),
    ] {
        assert_eq!(refused(key), expected);
    }
}

#[test]
fn a_configuration_is_a_mapping() {
    let expected = "`/type` must be `object`: a configuration has keys";
    assert_eq!(reason(&json!({"type": "string"})), expected);
    assert_eq!(reason(&json!({})), expected);
}

#[test]
fn a_schema_without_end_is_refused() {
    let mut schema = json!({"type": "object"});
    for _ in 0..40 {
        schema = json!({"type": "object", "properties": {"a": schema}});
    }
    assert!(reason(&schema).ends_with("/properties/a` is nested deeper than 32"));
}
