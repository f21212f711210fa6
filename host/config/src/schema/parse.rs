//! From the manifest's JSON to a [`Schema`].

use serde_json::{Map, Value};

use super::{Schema, Type, is_less};
use crate::error::ConfigError;
use crate::{check, document, text};

/// Why a schema is refused: the place, as a JSON pointer (RFC 6901), and words.
type Refused = String;

impl Schema {
    /// Reads the schema of a manifest (its key `config`).
    ///
    /// # Errors
    ///
    /// [`ConfigError::Schema`] if a keyword is unknown or has a wrong value, if
    /// it contradicts itself, or if it does not describe a mapping.
    pub fn parse(schema: &Value) -> Result<Self, ConfigError> {
        document(schema).map_err(|reason| ConfigError::Schema { reason })
    }
}

/// Reads the schema of a whole configuration.
fn document(schema: &Value) -> Result<Schema, Refused> {
    let schema = self::schema(schema, "", 0)?;
    if schema.types == [Type::Object] {
        Ok(schema)
    } else {
        Err("`/type` must be `object`: a configuration has keys".into())
    }
}

fn schema(value: &Value, at: &str, depth: usize) -> Result<Schema, Refused> {
    if depth > document::DEEPEST {
        return Err(format!("`{at}` is nested deeper than {}", document::DEEPEST));
    }
    let keywords = object(value, at)?;
    let mut schema = Schema::default();
    for (keyword, value) in keywords {
        let at = below(at, keyword);
        match keyword.as_str() {
            "type" => schema.types = types(value, &at)?,
            "properties" => schema.properties = properties(value, &at, depth)?,
            "required" => schema.required = required(value, &at)?,
            "additionalProperties" if value == &Value::Bool(false) => schema.closed = true,
            "additionalProperties" => {
                return Err(format!("`{at}` can only be `false`; leave it out to allow any key"));
            }
            "enum" => schema.values = filled(array(value, &at)?, &at)?.clone(),
            "minimum" => schema.minimum = Some(number(value, &at)?),
            "maximum" => schema.maximum = Some(number(value, &at)?),
            "items" => schema.items = Some(Box::new(self::schema(value, &at, depth + 1)?)),
            "description" => schema.description = Some(string(value, &at)?.to_owned()),
            "default" => schema.default = Some(value.clone()),
            _ => return Err(format!("`{at}`: this keyword is not supported")),
        }
    }
    consistent(&schema, at)?;
    Ok(schema)
}

/// Refuses what no configuration could satisfy, and a default that is wrong.
fn consistent(schema: &Schema, at: &str) -> Result<(), Refused> {
    if let (Some(minimum), Some(maximum)) = (&schema.minimum, &schema.maximum)
        && is_less(maximum, minimum)
    {
        return Err(format!("`{}` is less than the minimum", below(at, "maximum")));
    }
    let unknown = schema.required.iter().find(|key| schema.property(key).is_none());
    if let (true, Some(key)) = (schema.closed, unknown) {
        let (at, key) = (below(at, "required"), text::shown(key));
        return Err(format!("`{at}`: `{key}` is not one of the properties"));
    }
    let inner = |keyword, value| {
        let at = below(at, keyword);
        check::value(schema, value, "it").first().map_or(Ok(()), |finding| {
            Err(format!("`{at}` does not match its own schema: {}", finding.message))
        })
    };
    schema.values.iter().try_for_each(|value| inner("enum", value))?;
    schema.default.iter().try_for_each(|value| inner("default", value))
}

fn properties(value: &Value, at: &str, depth: usize) -> Result<Vec<(String, Schema)>, Refused> {
    object(value, at)?
        .iter()
        .map(|(name, value)| {
            let at = below(at, name);
            // Names are printed, and typed by people.
            if name.is_empty() || name.chars().any(text::is_invisible) {
                return Err(format!("`{at}` cannot be the name of a key"));
            }
            Ok((name.clone(), schema(value, &at, depth + 1)?))
        })
        .collect()
}

fn types(value: &Value, at: &str) -> Result<Vec<Type>, Refused> {
    let names = match value {
        Value::Array(names) => filled(names, at)?.as_slice(),
        one => std::slice::from_ref(one),
    };
    let of_name = |name: &Value| name.as_str().and_then(Type::of_name);
    names
        .iter()
        .map(|name| of_name(name).ok_or_else(|| format!("`{at}` names a type that does not exist")))
        .collect()
}

fn required(value: &Value, at: &str) -> Result<Vec<String>, Refused> {
    array(value, at)?.iter().map(|key| Ok(string(key, at)?.to_owned())).collect()
}

fn filled<'a>(values: &'a Vec<Value>, at: &str) -> Result<&'a Vec<Value>, Refused> {
    if values.is_empty() {
        Err(format!("`{at}` is empty, so nothing could match"))
    } else {
        Ok(values)
    }
}

fn object<'a>(value: &'a Value, at: &str) -> Result<&'a Map<String, Value>, Refused> {
    value.as_object().ok_or_else(|| format!("`{at}` must be an object"))
}

fn array<'a>(value: &'a Value, at: &str) -> Result<&'a Vec<Value>, Refused> {
    value.as_array().ok_or_else(|| format!("`{at}` must be an array"))
}

fn string<'a>(value: &'a Value, at: &str) -> Result<&'a str, Refused> {
    value.as_str().ok_or_else(|| format!("`{at}` must be a string"))
}

fn number(value: &Value, at: &str) -> Result<serde_json::Number, Refused> {
    value.as_number().cloned().ok_or_else(|| format!("`{at}` must be a number"))
}

fn below(at: &str, name: &str) -> String {
    format!("{at}/{}", text::shown(name).replace('~', "~0").replace('/', "~1"))
}
