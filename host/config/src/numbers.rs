//! Numbers that would not stay as they were written: YAML reads `3.10` as 3.1 and
//! `1e3` as 1000. Where the schema wants a number that is the same; a value of no
//! particular type, such as a variable of the session, would be another one.

use serde_json::Value;

use super::finding::{Finding, Spot, Step};
use super::position::Positions;
use super::schema::Schema;
use super::text;

/// A finding for every such number in `value`, which was read from `source`.
pub(super) fn changed(source: &str, schema: &Schema, value: &Value) -> Vec<Finding> {
    let mut numbers = Vec::new();
    collect(Some(schema), value, &mut Vec::new(), &mut numbers);
    if numbers.is_empty() {
        return Vec::new();
    }
    let positions = Positions::read(source);
    let finding = |(path, read): (Vec<Step>, String)| {
        let written = positions.written(&path).filter(|written| *written != read)?;
        let message =
            format!("`{}` would be {read}, not `{}`", text::path("", &path), text::shown(written));
        let advice = Some("put it in quotes");
        Some(Finding { advice, ..Finding::new(&path, Spot::Value, message) })
    };
    numbers.into_iter().filter_map(finding).collect()
}

/// The numbers with a fraction for which no schema wants a number, as JSON has them.
fn collect(
    schema: Option<&Schema>,
    value: &Value,
    path: &mut Vec<Step>,
    found: &mut Vec<(Vec<Step>, String)>,
) {
    match value {
        // What wants something else altogether has its finding already.
        Value::Number(number)
            if number.is_f64() && schema.is_none_or(|schema| schema.types.is_empty()) =>
        {
            found.push((path.clone(), number.to_string()));
        }
        Value::Array(items) => {
            let schema = schema.and_then(|schema| schema.items.as_deref());
            for (index, item) in items.iter().enumerate() {
                path.push(Step::Index(index));
                collect(schema, item, path, found);
                path.pop();
            }
        }
        Value::Object(values) => {
            for (key, value) in values {
                path.push(Step::Key(key.clone()));
                collect(schema.and_then(|schema| schema.property(key)), value, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::super::document;
    use super::*;

    fn messages(source: &str) -> Vec<String> {
        let schema = serde_json::json!({ "type": "object", "properties": {
            "share": { "type": "number" }, "environment": { "type": "object" },
        }});
        let schema = Schema::parse(&schema).unwrap();
        let (value, _) = document::read(source).unwrap();
        changed(source, &schema, &value).into_iter().map(|finding| finding.message).collect()
    }

    #[test]
    fn a_number_that_would_be_written_in_another_way_is_found() {
        assert_eq!(
            messages("environment: {V: 3.10, W: 1e3, X: 0.5, Y: '3.10', Z: 3}\nshare: 1.50\n"),
            [
                "`environment.V` would be 3.1, not `3.10`",
                "`environment.W` would be 1000.0, not `1e3`",
            ]
        );
        assert_eq!(messages("list: [1, 2.50]"), ["`list[1]` would be 2.5, not `2.50`"]);
    }
}
