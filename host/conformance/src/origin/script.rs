//! The file after `--exchanges`: what the service answers, and how it changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::exchange::Exchange;
use super::message::{Asked, Said};
use crate::domain::{Advice, Diagnostic, ErrorKind};

/// All exchanges; the first one that fits is the answer.
#[derive(Debug, Clone)]
pub struct Script(Vec<Exchange>);

/// Why there is no script.
#[derive(Debug, thiserror::Error)]
pub enum ScriptError {
    /// The file cannot be read.
    #[error("cannot read the exchanges `{}`", path.display())]
    Unreadable { path: PathBuf, source: std::io::Error },
    /// It is no list of exchanges.
    #[error("`{}` is not a list of exchanges", path.display())]
    Malformed { path: PathBuf, reason: String },
}

impl Diagnostic for ScriptError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Unreadable { source, .. } => {
                ErrorKind::InvalidInput.hint("check the path").causes([source.to_string()])
            }
            Self::Malformed { reason, .. } => ErrorKind::InvalidInput
                .hint("`docs/provider-guide.md` shows one, under `The answers of a web service`")
                .causes([reason]),
        }
    }
}

impl Script {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// When it is not there, or is no list of exchanges.
    pub fn read(path: &Path) -> Result<Self, ScriptError> {
        let text = std::fs::read_to_string(path)
            .map_err(|source| ScriptError::Unreadable { path: path.into(), source })?;
        Self::parse(&text).map_err(|reason| ScriptError::Malformed { path: path.into(), reason })
    }

    fn parse(text: &str) -> Result<Self, String> {
        let exchanges: Vec<Exchange> =
            serde_json::from_str(text).map_err(|error| error.to_string())?;
        for (index, exchange) in exchanges.iter().enumerate() {
            if let Some(problem) = exchange.problem() {
                return Err(format!("exchange {}: {problem}", index + 1));
            }
        }
        Ok(Self(exchanges))
    }

    /// The answer to a request; none when there is no exchange for it.
    pub(super) fn answer(
        &self,
        asked: &Asked,
        state: &mut String,
        kept: &mut BTreeMap<String, String>,
    ) -> Option<Said> {
        self.0.iter().find_map(|exchange| exchange.answer(asked, state, kept))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const JOBS: &str = r#"[
        {"request": "PUT /jobs/{name}", "then": "running", "status": 201},
        {"request": "POST /jobs", "keep": {"name": "/job/name"}, "then": "running"},
        {"request": "GET /jobs", "when": "running", "body": [{"name": "{name}"}]},
        {"request": "GET /jobs?all=1", "text": "{name}"},
        {"request": "GET /jobs", "body": []},
        {"request": "DELETE /jobs/{name}", "when": ["running", "ended"], "then": ""},
        {"request": "GET /static/*/x", "status": 204}
    ]"#;

    /// Asks one thing after the other: status and body, or `-`.
    fn ask(requests: &[&str]) -> Vec<String> {
        let script = Script::parse(JOBS).unwrap();
        let (mut state, mut kept) = (String::new(), BTreeMap::new());
        let asked = |line: &str| {
            let (head, body) = line.split_once(" < ").unwrap_or((line, ""));
            let (method, target) = head.split_once(' ').unwrap();
            let (path, query) = match target.split_once('?') {
                Some((path, query)) => (path, Some(query.to_owned())),
                None => (target, None),
            };
            Asked { method: method.into(), path: path.into(), query, body: body.into() }
        };
        let said = |line: &&str| match script.answer(&asked(line), &mut state, &mut kept) {
            Some(Said::Answer { status, body, .. }) => {
                format!("{status} {}", String::from_utf8(body).unwrap()).trim().to_owned()
            }
            _ => "-".to_owned(),
        };
        requests.iter().map(said).collect()
    }

    #[test]
    fn what_is_started_under_a_name_is_listed_until_it_is_stopped() {
        assert_eq!(
            ask(&[
                "GET /jobs",
                "PUT /jobs/a",
                "GET /jobs",
                "DELETE /jobs/b",
                "DELETE /jobs/a",
                "GET /jobs"
            ]),
            ["200 []", "201", r#"200 [{"name":"a"}]"#, "-", "200", "200 []"]
        );
    }

    #[test]
    fn a_name_can_be_in_the_body() {
        assert_eq!(
            ask(&[r#"POST /jobs < {"job":{"name":"b"}}"#, "GET /jobs", "GET /jobs?all=1"]),
            ["200", r#"200 [{"name":"b"}]"#, r#"200 [{"name":"b"}]"#]
        );
    }

    #[test]
    fn any_part_of_a_path_and_no_more_than_that() {
        assert_eq!(ask(&["GET /static/v1/x", "GET /static/x", "GET /else"]), ["204", "-", "-"]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        for (text, problem) in [
            (
                r#"[{"request": "GET"}]"#,
                "exchange 1: `request` must be a method and a path, such as `GET /jobs`",
            ),
            (
                r#"[{"request": "LIST /"}]"#,
                "exchange 1: the method must be GET, HEAD, POST, PUT, PATCH or DELETE",
            ),
            (r#"[{"request": "GET jobs"}]"#, "exchange 1: the path must begin with `/`"),
            (
                r#"[{"request": "GET /", "body": 1, "text": ""}]"#,
                "exchange 1: it has both `body` and `text`",
            ),
            (
                r#"[{"request": "GET /", "status": 101}]"#,
                "exchange 1: `status` must be from 200 to 599",
            ),
            (
                r#"[{"request": "GET /", "keep": {"a": "b"}}]"#,
                "exchange 1: `keep` needs JSON pointers, such as `/job/name`",
            ),
        ] {
            assert_eq!(Script::parse(text).unwrap_err(), problem);
        }
        assert!(Script::parse(r#"[{"request": "GET /", "colour": 1}]"#).is_err());
    }
}
