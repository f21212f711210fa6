//! Does a value match a schema? All that does not, not only the first.

use serde_json::{Map, Number, Value};

use super::finding::{Finding, Spot, Step};
use super::schema::{Schema, Type, describe, equal, is_less};
use super::text;
use crate::domain::nearest;

const QUOTE: &str = "put it in quotes";
const UNQUOTE: &str = "write it without quotes";

/// Everything in `value` that `schema` does not allow. Messages call the value
/// itself `root`, and what is inside by its path behind it; an empty root is a
/// configuration file.
pub(super) fn value(schema: &Schema, value: &Value, root: &str) -> Vec<Finding> {
    let mut check = Check { root, path: Vec::new(), findings: Vec::new() };
    check.value(schema, value);
    check.findings
}

/// What is wrong with a key that the schema does not know.
pub(super) fn unknown_key(schema: &Schema, key: &str, parent: &str) -> String {
    let mut message = format!("unknown key `{}`", text::shown(key));
    if !parent.is_empty() {
        message.push_str(&format!(" in `{parent}`"));
    } else if schema.properties.is_empty() {
        message.push_str(": this provider has no configuration");
    }
    if let Some(known) = nearest(key, schema.keys()) {
        message.push_str(&format!("; did you mean `{}`?", text::shown(known)));
    }
    message
}

struct Check<'a> {
    root: &'a str,
    path: Vec<Step>,
    findings: Vec<Finding>,
}

impl Check<'_> {
    fn value(&mut self, schema: &Schema, value: &Value) {
        if !schema.types.is_empty() && !schema.types.iter().any(|kind| kind.includes(value)) {
            // More about a value of another type would only confuse.
            return self.wrong_type(&schema.types, value);
        }
        if !schema.values.is_empty() && !schema.values.iter().any(|known| equal(known, value)) {
            self.wrong_value(&schema.values, value);
        }
        match value {
            Value::Number(number) => self.range(schema, number),
            Value::Array(items) => self.items(schema, items),
            Value::Object(values) => self.mapping(schema, values),
            Value::Null | Value::Bool(_) | Value::String(_) => {}
        }
    }

    fn wrong_type(&mut self, types: &[Type], value: &Value) {
        let wanted = types.iter().map(|kind| kind.words()).collect::<Vec<_>>().join(" or ");
        let subject = match self.subject() {
            subject if subject.is_empty() => "a configuration".to_owned(),
            subject => format!("`{subject}`"),
        };
        let found = describe(value);
        let advice = advice(types, value);
        self.found(Spot::Value, format!("{subject} must be {wanted}, but it is {found}"), advice);
    }

    fn wrong_value(&mut self, known: &[Value], value: &Value) {
        let written: Vec<String> = known.iter().map(plain).collect();
        let mut message = format!(
            "`{}` must be {}{}",
            self.subject(),
            if known.len() > 1 { "one of " } else { "" },
            text::list(written.iter().map(String::as_str))
        );
        let texts = known.iter().filter_map(Value::as_str);
        if let Some(near) = value.as_str().and_then(|typed| nearest(typed, texts)) {
            message.push_str(&format!("; did you mean `{}`?", text::shown(near)));
        }
        self.found(Spot::Value, message, None);
    }

    fn range(&mut self, schema: &Schema, number: &Number) {
        let subject = self.subject();
        if let Some(minimum) = schema.minimum.as_ref().filter(|minimum| is_less(number, minimum)) {
            let message = format!("`{subject}` must be at least {minimum}, but it is {number}");
            self.found(Spot::Value, message, None);
        }
        if let Some(maximum) = schema.maximum.as_ref().filter(|maximum| is_less(maximum, number)) {
            let message = format!("`{subject}` must be at most {maximum}, but it is {number}");
            self.found(Spot::Value, message, None);
        }
    }

    fn items(&mut self, schema: &Schema, items: &[Value]) {
        let Some(schema) = &schema.items else { return };
        for (index, item) in items.iter().enumerate() {
            self.inside(Step::Index(index), |check| check.value(schema, item));
        }
    }

    fn mapping(&mut self, schema: &Schema, values: &Map<String, Value>) {
        let parent = self.subject();
        for (key, value) in values {
            self.inside(Step::Key(key.clone()), |check| match schema.property(key) {
                Some(schema) => check.value(schema, value),
                None if schema.closed => {
                    check.found(Spot::Key(0), unknown_key(schema, key, &parent), None);
                }
                None => {}
            });
        }
        for key in schema.misses(values) {
            let key = text::shown(key);
            let message = match parent.as_str() {
                "" => format!("the key `{key}` is missing"),
                parent => format!("the key `{key}` is missing in `{parent}`"),
            };
            // The mapping has a key that leads to it, unless it is the root.
            self.found(Spot::Key(0), message, None);
        }
    }

    fn subject(&self) -> String {
        text::path(self.root, &self.path)
    }

    fn found(&mut self, spot: Spot, message: String, advice: Option<&'static str>) {
        self.findings.push(Finding { advice, ..Finding::new(&self.path, spot, message) });
    }

    fn inside(&mut self, step: Step, work: impl FnOnce(&mut Self)) {
        self.path.push(step);
        work(self);
        self.path.pop();
    }
}

/// How the same characters would be read as what is wanted.
fn advice(types: &[Type], value: &Value) -> Option<&'static str> {
    let wants = |kind| types.contains(&kind);
    match value {
        Value::Bool(_) | Value::Number(_) if wants(Type::String) => Some(QUOTE),
        Value::String(text) => {
            let meant = serde_json::from_str::<Value>(text).ok()?;
            let scalar = meant.is_number() || meant.is_boolean();
            (scalar && types.iter().any(|kind| kind.includes(&meant))).then_some(UNQUOTE)
        }
        _ => None,
    }
}

/// A value as people write it: text without quotes.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
