//! Compares two answers. What must differ between two runs (ids, times, names
//! with a digest, tokens) may differ, but must be of the same kind, and the same
//! thing has the same id everywhere.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use super::transcript::{Exchange, Received};

/// What stands for what: ids of the recording, and ours.
#[derive(Clone)]
pub(super) struct Known(BTreeMap<String, String>);

impl Known {
    pub(super) fn new(recorded: &str, now: &str) -> Self {
        Self(BTreeMap::from([(recorded.to_owned(), now.to_owned())]))
    }

    pub(super) fn learn(&mut self, recorded: &str, now: &str) {
        self.0.insert(recorded.to_owned(), now.to_owned());
    }

    pub(super) fn knows(&self, recorded: &str) -> bool {
        self.0.contains_key(recorded)
    }

    /// A recorded text in the words of now.
    pub(super) fn translate(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, (recorded, now)| text.replace(recorded, now))
    }
}

/// What two texts of one kind look like.
const KINDS: [(&str, &str); 6] = [
    ("image", "^harbor.dev.renku.ch/renku-builds/renku-build:renku-[0-9a-z]{26}$"),
    ("log", "^Cannot find taskrun from buildrun renku-[0-9a-z]{26} to retrieve logs.$"),
    ("id", "^[0-7][0-9A-HJKMNP-TV-Z]{25}$"),
    ("time", r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{6})?Z$"),
    ("name", "^[a-z][-a-z0-9]*-[0-9a-f]{12}$"),
    ("etag", "^\"[0-9A-F]{32}\"$"),
];

/// Keys whose values only the login knows.
const SECRETS: [&str; 4] = ["device_code", "access_token", "refresh_token", "id_token"];

/// What is different, in words; nothing when nothing is.
pub(super) fn answers(exchange: &Exchange, answer: &Received, known: &mut Known) -> Vec<String> {
    let mut problems = Vec::new();
    if answer.status != exchange.status {
        problems.push(format!("status {} instead of {}", answer.status, exchange.status));
    }
    let kind = answer.headers.get("content-type").map_or("None", String::as_str);
    if kind != exchange.content_type {
        problems.push(format!("content type {kind} instead of {}", exchange.content_type));
    }
    for (name, recorded) in &exchange.headers {
        let now = answer.headers.get(&name.to_ascii_lowercase());
        let now = now.map(|value| value.trim_matches('"').to_owned());
        let same =
            now.as_ref().is_some_and(|now| now == recorded || name.eq_ignore_ascii_case("etag"));
        if !same {
            problems.push(format!("header {name} is {now:?} instead of {recorded}"));
        }
    }
    let body = if answer.text.is_empty() { "null" } else { &answer.text };
    match serde_json::from_str(body) {
        Ok(body) => values("", &exchange.body, &body, known, &mut problems),
        Err(error) => problems.push(format!("the body is not JSON: {error}")),
    }
    problems
}

fn values(at: &str, recorded: &Value, now: &Value, known: &mut Known, problems: &mut Vec<String>) {
    match (recorded, now) {
        (Value::Object(recorded), Value::Object(now)) => {
            for key in recorded.keys().filter(|key| !now.contains_key(*key)) {
                problems.push(format!("{at}/{key} is missing"));
            }
            for key in now.keys().filter(|key| !recorded.contains_key(*key)) {
                problems.push(format!("{at}/{key} was not there"));
            }
            for (key, value) in recorded {
                if let Some(now) = now.get(key) {
                    values(&format!("{at}/{key}"), value, now, known, problems);
                }
            }
        }
        (Value::Array(recorded), Value::Array(now)) if recorded.len() == now.len() => {
            for (place, (recorded, now)) in recorded.iter().zip(now).enumerate() {
                values(&format!("{at}/{place}"), recorded, now, known, problems);
            }
        }
        (Value::String(recorded), Value::String(now)) => {
            if !texts(at, recorded, now, known) {
                problems.push(format!("{at} is `{now}` instead of `{recorded}`"));
            }
        }
        _ if recorded == now => {}
        _ => problems.push(format!("{at} is {now} instead of {recorded}")),
    }
}

fn texts(at: &str, recorded: &str, now: &str, known: &mut Known) -> bool {
    let key = at.rsplit('/').next().unwrap_or_default();
    if SECRETS.contains(&key) {
        // The first one is used later, also when it is no longer good.
        if !known.knows(recorded) {
            known.learn(recorded, now);
        }
        return true;
    }
    if key == "user_code" {
        let code = Regex::new("^[A-Z0-9]{4}-[A-Z0-9]{4}$").unwrap();
        known.learn(recorded, now);
        return code.is_match(recorded) && code.is_match(now);
    }
    if key == "session_state" || known.translate(recorded) == now {
        return true;
    }
    for (kind, pattern) in KINDS {
        let pattern = Regex::new(pattern).unwrap();
        if pattern.is_match(recorded) && pattern.is_match(now) {
            if ["id", "name"].contains(&kind) {
                if known.knows(recorded) {
                    return false;
                }
                known.learn(recorded, now);
            }
            return true;
        }
    }
    false
}
