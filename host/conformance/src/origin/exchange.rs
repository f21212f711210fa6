//! One request and its answer, as an author writes them down.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use super::message::{Asked, Said};

/// An entry of the file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Exchange {
    /// `GET /path`; `*` is any part of it, `{name}` one that is kept.
    request: String,
    /// The states in which this is the answer; any when omitted.
    when: Option<States>,
    /// The state that follows; empty is the beginning.
    then: Option<String>,
    /// Kept parts of the request's body: name → JSON pointer.
    #[serde(default)]
    keep: BTreeMap<String, String>,
    #[serde(default = "ok")]
    status: u16,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    body: Option<Value>,
    /// A body that is no JSON.
    text: Option<String>,
}

/// One state, or several.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
enum States {
    One(String),
    Several(Vec<String>),
}

impl States {
    fn has(&self, state: &str) -> bool {
        match self {
            Self::One(one) => one == state,
            Self::Several(several) => several.iter().any(|it| it == state),
        }
    }
}

fn ok() -> u16 {
    200
}

impl Exchange {
    /// Why it cannot be one.
    pub(super) fn problem(&self) -> Option<&'static str> {
        let Some((method, target)) = self.request.split_once(' ') else {
            return Some("`request` must be a method and a path, such as `GET /jobs`");
        };
        if !["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"].contains(&method) {
            return Some("the method must be GET, HEAD, POST, PUT, PATCH or DELETE");
        }
        if !target.starts_with('/') {
            return Some("the path must begin with `/`");
        }
        if self.body.is_some() && self.text.is_some() {
            return Some("it has both `body` and `text`");
        }
        if !(200..=599).contains(&self.status) {
            return Some("`status` must be from 200 to 599");
        }
        self.keep
            .values()
            .any(|pointer| !pointer.is_empty() && !pointer.starts_with('/'))
            .then_some("`keep` needs JSON pointers, such as `/job/name`")
    }

    /// The answer to `asked`, when this is the exchange for it: moves the state on,
    /// and keeps what is to be kept.
    pub(super) fn answer(
        &self,
        asked: &Asked,
        state: &mut String,
        kept: &mut BTreeMap<String, String>,
    ) -> Option<Said> {
        if self.when.as_ref().is_some_and(|when| !when.has(state)) {
            return None;
        }
        let mut found = self.matches(asked, kept)?;
        if let Ok(body) = serde_json::from_slice::<Value>(&asked.body) {
            let parts = self.keep.iter().filter_map(|(name, pointer)| {
                Some((name.clone(), body.pointer(pointer)?.as_str()?.to_owned()))
            });
            found.extend(parts);
        }
        kept.append(&mut found);
        let said = self.said(kept);
        if let Some(then) = &self.then {
            state.clone_from(then);
            if then.is_empty() {
                kept.clear();
            }
        }
        Some(said)
    }

    fn said(&self, kept: &BTreeMap<String, String>) -> Said {
        let fill = |text: &str| {
            kept.iter().fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
        };
        let mut headers: BTreeMap<String, String> =
            self.headers.iter().map(|(name, value)| (name.clone(), fill(value))).collect();
        let body = match (&self.body, &self.text) {
            (Some(body), _) => {
                headers.entry("Content-Type".into()).or_insert_with(|| "application/json".into());
                fill(&body.to_string())
            }
            (None, text) => fill(text.as_deref().unwrap_or_default()),
        };
        Said::Answer { status: self.status, headers, body: body.into_bytes() }
    }

    /// What `{name}` stands for, when the request is this one. A query that is
    /// written must be there as it is.
    fn matches(
        &self,
        asked: &Asked,
        kept: &BTreeMap<String, String>,
    ) -> Option<BTreeMap<String, String>> {
        let (method, target) = self.request.split_once(' ')?;
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query)),
            None => (target, None),
        };
        if method != asked.method
            || query.is_some_and(|query| asked.query.as_deref() != Some(query))
        {
            return None;
        }
        let (wanted, given) = (path.split('/').count(), asked.path.split('/').count());
        if wanted != given {
            return None;
        }
        let mut found = BTreeMap::new();
        for (wanted, given) in path.split('/').zip(asked.path.split('/')) {
            match wanted.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                Some(name) if kept.get(name).is_some_and(|known| known != given) => return None,
                Some(name) => {
                    found.insert(name.to_owned(), given.to_owned());
                }
                None if wanted == "*" || wanted == given => {}
                None => return None,
            }
        }
        Some(found)
    }
}
