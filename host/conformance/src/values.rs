//! Configurations that a provider's schema allows, and no sensible person writes.

use serde_json::{Map, Value, json};

/// The most configurations that are tried.
const MOST: usize = 80;

/// An ordinary configuration: what was given, and the required keys.
pub(super) fn ordinary(schema: Option<&Value>, given: &Map<String, Value>) -> Map<String, Value> {
    let mut config = given.clone();
    let required = schema.and_then(|it| it.get("required")).and_then(Value::as_array);
    for key in required.into_iter().flatten().filter_map(Value::as_str) {
        if !config.contains_key(key) {
            let value = property(schema, key).map_or(Value::Null, plain);
            config.insert(key.to_owned(), value);
        }
    }
    config
}

/// The ordinary configuration with one extreme value each.
pub(super) fn extreme(
    schema: Option<&Value>,
    ordinary: &Map<String, Value>,
) -> Vec<Map<String, Value>> {
    let with = |key: &str, value: Value| {
        let mut config = ordinary.clone();
        config.insert(key.to_owned(), value);
        config
    };
    let properties = schema.and_then(|it| it.get("properties")).and_then(Value::as_object);
    properties
        .into_iter()
        .flatten()
        .flat_map(|(key, schema)| extremes(schema).into_iter().map(move |it| (key, it)))
        .map(|(key, value)| with(key, value))
        .take(MOST)
        .collect()
}

fn property<'a>(schema: Option<&'a Value>, key: &str) -> Option<&'a Value> {
    schema?.get("properties")?.get(key)
}

/// The types that a schema allows.
fn types(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => vec!["string", "integer", "array", "object", "boolean", "null"],
    }
}

/// A value that is as good as any.
fn plain(schema: &Value) -> Value {
    let known = schema.get("enum").and_then(Value::as_array).and_then(|values| values.first());
    if let Some(value) = schema.get("default").or(known).or_else(|| schema.get("minimum")) {
        return value.clone();
    }
    match types(schema).first().copied() {
        Some("integer" | "number") => json!(1),
        Some("array") => json!([]),
        Some("object") => json!({}),
        Some("boolean") => json!(false),
        Some("null") => Value::Null,
        _ => json!("conformance"),
    }
}

fn extremes(schema: &Value) -> Vec<Value> {
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        return values.clone();
    }
    types(schema).into_iter().flat_map(|kind| of_type(kind, schema)).collect()
}

fn of_type(kind: &str, schema: &Value) -> Vec<Value> {
    match kind {
        "string" => vec![
            json!(""),
            json!(" "),
            json!("a\u{0}b"),
            json!("\u{1b}[2J\u{202e}\n\"'`$(x)"),
            json!("../../../etc/passwd"),
            json!("é".repeat(10_000)),
        ],
        "integer" | "number" => {
            let (minimum, maximum) = (schema.get("minimum"), schema.get("maximum"));
            let smallest = minimum.cloned().unwrap_or(json!(i64::MIN));
            let largest = maximum.cloned().unwrap_or(json!(u64::MAX));
            let mut values = vec![smallest, largest];
            if minimum.is_none() {
                values.extend([json!(-1), json!(0)]);
            }
            values
        }
        "array" => {
            let items = schema.get("items").map(extremes).unwrap_or_default();
            let many = items.iter().cycle().take(if items.is_empty() { 0 } else { 1000 });
            vec![
                json!([]),
                Value::Array(items.iter().take(2).cloned().collect()),
                many.cloned().collect(),
            ]
        }
        "object" => {
            let odd = json!({ "": "", "a=b": "c\u{0}", "A": 1.5, "B": [1], "C": { "d": null } });
            match schema.get("additionalProperties") {
                Some(Value::Bool(false)) => vec![json!({})],
                _ => vec![json!({}), odd],
            }
        }
        "boolean" => vec![json!(true), json!(false)],
        _ => vec![Value::Null],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_required_is_there() {
        let schema = json!({
            "type": "object",
            "required": ["a", "b", "c"],
            "properties": {
                "a": { "type": "string" },
                "b": { "type": "integer", "minimum": 3 },
                "c": { "enum": ["x", "y"] },
            },
        });
        let given = Map::from_iter([("a".to_owned(), json!("mine"))]);
        let config = ordinary(Some(&schema), &given);
        assert_eq!(Value::Object(config), json!({ "a": "mine", "b": 3, "c": "x" }));
        assert!(ordinary(None, &Map::new()).is_empty());
    }

    #[test]
    fn no_extreme_leaves_what_the_schema_allows() {
        let schema = json!({
            "type": "object",
            "properties": {
                "port": { "type": "integer", "minimum": 1, "maximum": 65535 },
                "kind": { "enum": ["a", "b"] },
                "deep": { "type": "object", "additionalProperties": false },
            },
        });
        let tried: Vec<Value> =
            extreme(Some(&schema), &Map::new()).into_iter().map(Value::Object).collect();
        let expected = [
            json!({ "port": 1 }),
            json!({ "port": 65535 }),
            json!({ "kind": "a" }),
            json!({ "kind": "b" }),
            json!({ "deep": {} }),
        ];
        assert_eq!(tried, expected);
    }
}
