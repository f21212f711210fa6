//! Takes secrets out of what is shown: those that are known by their value, and
//! those whose name says that they are one.

use serde_json::Value;
use url::Url;

use super::{Change, PlannedContainer};

/// What stands for a secret.
pub const MASK: &str = "***";

/// A piece of a secret that is at least this long is taken for it: providers make
/// tokens of a part.
const LEAST: usize = 12;

/// Words in the names of what is nobody's business.
const WORDS: [&str; 7] =
    ["token", "password", "passwd", "secret", "credential", "apikey", "signature"];

/// Whether the name of a variable, a key, an option or a part of a URL is that of a
/// secret. Whoever has a signed URL needs no other: Azure calls the signature `sig`.
pub fn names_a_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    WORDS.iter().any(|word| name.contains(word)) || name.ends_with("key") || name == "sig"
}

#[derive(Debug, Clone, Copy)]
pub(super) struct Hidden<'a> {
    /// Wherever they stand.
    pub(super) secrets: &'a [String],
    /// Whether the values of variables are shown: the user wants to see them.
    pub(super) shows_values: bool,
}

impl Hidden<'_> {
    /// Whether the value of this name is hidden.
    fn hides(self, name: &str, is_environment: bool) -> bool {
        if is_environment { !self.shows_values } else { names_a_secret(name) }
    }
}

/// Hides secrets in everything of a change that a provider filled in.
pub(super) fn hide_in_change(change: &mut Change, hidden: Hidden<'_>) {
    match change {
        Change::Start { planned: Some(planned), .. } => hide_in_container(planned, hidden),
        Change::Request { url, headers, body, .. } => {
            *url = in_url(url, hidden.secrets);
            for (name, value) in headers {
                *value = named(name, value, hidden.secrets);
            }
            if let Some(body) = body {
                // Everything that is sent to a place for secrets is one.
                let is_secrets =
                    url.split('?').next().is_some_and(|path| path.ends_with("secrets"));
                hide_in(body, hidden, is_secrets);
            }
        }
        _ => {}
    }
}

fn hide_in_container(planned: &mut PlannedContainer, hidden: Hidden<'_>) {
    let PlannedContainer { container, spec, rows, command } = planned;
    container.iter_mut().for_each(|container| hide_in(container, hidden, false));
    hide_in(spec, hidden, false);
    for row in rows {
        let is_environment = row.name == "variable";
        row.words.iter_mut().for_each(|word| *word = in_word(word, hidden, is_environment));
    }
    for group in command.iter_mut().flat_map(|command| &mut command.groups) {
        let is_environment = group.first().is_some_and(|option| option == "--env");
        group.iter_mut().for_each(|word| *word = in_word(word, hidden, is_environment));
    }
}

/// `is_environment`: what stands here are variables. Nobody knows which of them are secret:
/// `MYSQL_PWD`, `GH_PAT` and `DATABASE_URL` do not say so.
fn hide_in(value: &mut Value, hidden: Hidden<'_>, is_environment: bool) {
    match value {
        Value::String(text) => *text = in_word(text, hidden, is_environment),
        Value::Array(items) => {
            items.iter_mut().for_each(|item| hide_in(item, hidden, is_environment));
        }
        Value::Object(object) => {
            // `{"name": "A", "value": "…"}`, as APIs write variables.
            let name = object.get("name").and_then(Value::as_str).map(str::to_owned);
            for (key, item) in object.iter_mut() {
                let is_value = match &name {
                    Some(name) if key == "value" => hidden.hides(name, is_environment),
                    Some(_) if is_environment => false,
                    _ => hidden.hides(key, is_environment),
                };
                match item {
                    Value::String(_) | Value::Number(_) if is_value => *item = MASK.into(),
                    item => hide_in(item, hidden, is_environment || names_an_environment(key)),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn in_word(word: &str, hidden: Hidden<'_>, is_environment: bool) -> String {
    match word.split_once('=') {
        // `NAME=value`, `--option=value`
        Some((name, _))
            if !name.contains(char::is_whitespace) && hidden.hides(name, is_environment) =>
        {
            format!("{name}={MASK}")
        }
        _ => hide(word, hidden.secrets),
    }
}

/// Whether variables stand behind a key: `Env`, `environment`, `env_variables`; or the
/// configuration of a service, of which nobody knows either what is secret in it.
fn names_an_environment(key: &str) -> bool {
    key.get(..3).is_some_and(|begin| begin.eq_ignore_ascii_case("env")) || key == "configuration"
}

fn named(name: &str, value: &str, secrets: &[String]) -> String {
    if names_a_secret(name) { MASK.to_owned() } else { hide(value, secrets) }
}

fn in_url(text: &str, secrets: &[String]) -> String {
    let Ok(mut url) = Url::parse(text) else { return hide(text, secrets) };
    let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
    if pairs.iter().any(|(name, value)| named(name, value, secrets) != *value) {
        let shown = pairs.iter().map(|(name, value)| (name, named(name, value, secrets)));
        url.query_pairs_mut().clear().extend_pairs(shown);
    }
    hide(url.as_str(), secrets)
}

/// The text without any piece of a secret.
fn hide(text: &str, secrets: &[String]) -> String {
    let hidden = |text: String, secret: &String| {
        let head: String = secret.chars().take(LEAST).collect();
        let (mut shown, mut rest) = (String::new(), text.as_str());
        while let Some((before, from)) = rest.find(&head).and_then(|at| rest.split_at_checked(at)) {
            let same = from.chars().zip(secret.chars()).take_while(|(one, other)| one == other);
            let length: usize = same.map(|(letter, _)| letter.len_utf8()).sum();
            shown.push_str(before);
            shown.push_str(MASK);
            rest = from.get(length..).unwrap_or_default();
        }
        shown + rest
    };
    secrets.iter().filter(|secret| !secret.is_empty()).fold(text.to_owned(), hidden)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn hidden_with(mut value: Value, shows_values: bool) -> Value {
        let secrets = ["abcdefghijklmnopqrstuvwxyz".into(), "é1".into()];
        hide_in(&mut value, Hidden { secrets: &secrets, shows_values }, false);
        value
    }

    fn hidden(value: Value) -> Value {
        hidden_with(value, false)
    }

    #[test]
    fn values_of_variables_are_hidden_whatever_they_are_called() {
        let variables = json!({
            "Env": ["MYSQL_PWD=a", "GH_PAT=b", "REGION=c", "NOTHING"],
            "environment": { "DATABASE_URL": "postgres://ada:d@db/e", "PORT": 5432 },
            "env_variable_overrides": [{ "name": "GH_PAT", "value": "f" }],
            "Cmd": ["lab", "--port=8888"],
        });
        assert_eq!(
            hidden(variables.clone()),
            json!({
                "Env": ["MYSQL_PWD=***", "GH_PAT=***", "REGION=***", "NOTHING"],
                "environment": { "DATABASE_URL": "***", "PORT": "***" },
                "env_variable_overrides": [{ "name": "GH_PAT", "value": "***" }],
                "Cmd": ["lab", "--port=8888"],
            })
        );
        assert_eq!(hidden_with(variables.clone(), true), variables);
        // A secret that is known is nobody's to see.
        assert_eq!(
            hidden_with(json!({ "Env": ["JUPYTER_TOKEN=abcdefghijklmnop"] }), true),
            json!({ "Env": ["JUPYTER_TOKEN=***"] })
        );
    }

    #[test]
    fn what_is_called_a_secret_is_hidden_wherever_it_stands() {
        assert_eq!(
            hidden(json!({
                "Env": ["JUPYTER_TOKEN=a", "AWS_SECRET_ACCESS_KEY=b", "EMAIL=jane@example.org"],
                "Cmd": ["lab", "--ServerApp.token=c", "say token = d"],
                "variables": [{ "name": "DB_PASSWORD", "value": "e" }, { "name": "A", "value": "f" }],
                "api_key": 7, "launcher_id": "g", "token": null,
            })),
            json!({
                "Env": ["JUPYTER_TOKEN=***", "AWS_SECRET_ACCESS_KEY=***", "EMAIL=***"],
                "Cmd": ["lab", "--ServerApp.token=***", "say token = d"],
                "variables": [{ "name": "DB_PASSWORD", "value": "***" }, { "name": "A", "value": "f" }],
                "api_key": "***", "launcher_id": "g", "token": null,
            })
        );
    }

    #[test]
    fn known_secrets_are_hidden_also_in_part() {
        assert_eq!(
            hidden(json!([
                "x=abcdefghijklmnop, y",
                "abcdefghijklmnopqrstuvwxyz!",
                "abcdefg",
                "é1é1"
            ])),
            json!(["x=***, y", "***!", "abcdefg", "******"])
        );
    }

    #[test]
    fn a_url_keeps_everything_but_its_secrets() {
        assert_eq!(
            in_url("https://a.example/b?user=jane&token=c", &[]),
            "https://a.example/b?user=jane&token=***"
        );
        assert_eq!(in_url("https://a.example/b?q=1%202", &[]), "https://a.example/b?q=1%202");
    }
}
