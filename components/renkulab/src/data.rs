//! The data of a project that a session would lack: connectors without credentials, and
//! session secrets without values. The service starts a session all the same, and says
//! nothing.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::Value;

use crate::ask::{Ask, DataWishes};
use crate::call::Call;
use crate::connector::{self, Connector};
use crate::lack::Lack;
use crate::model::Project;
use crate::outside::Outside;
use crate::service;
use crate::session_secret::{self, Slot};

/// What a session gets in another way than the project says, for its start.
pub(crate) type Overrides = Vec<Value>;

/// Connectors that nobody but their members may see.
#[derive(Debug, Default, Deserialize)]
struct Closed {
    count: u64,
}

/// All of it that the user may see.
struct ProjectData {
    connectors: Vec<Connector>,
    /// Those without a value.
    slots: Vec<Slot>,
}

/// Sees to it that the session has the project's data, or does without what the user named.
/// `launcher` has a session already, and that keeps what it has: then nothing is asked.
///
/// # Errors
///
/// `invalid-input` with what is missing when there is nobody to ask.
pub(crate) fn settle(
    outside: &dyn Outside,
    ask: &Ask,
    project: &Project,
    launcher: Option<&str>,
) -> Result<Overrides> {
    let data = ProjectData::of(outside, project)?;
    data.check_names(&ask.data)?;
    let mut overrides = Vec::new();
    let mut missing = Vec::new();
    let mut known = None;
    for connector in &data.connectors {
        if ask.data.skipped.iter().any(|name| connector.is_called(name)) {
            overrides.push(connector.skipped());
        } else if connector.is_incomplete() {
            if has_session(outside, launcher, &mut known)? {
                break;
            }
            match connector.complete(outside, &ask.data) {
                Ok(done) => overrides.extend(done),
                Err(error) if error.kind == ErrorKind::InvalidInput => {
                    missing.push(connector.lacks());
                }
                Err(error) => return Err(error),
            }
        }
    }
    for slot in &data.slots {
        let is_skipped = ask.data.skipped.iter().any(|name| slot.is_called(name));
        if is_skipped || has_session(outside, launcher, &mut known)? {
            continue;
        }
        match slot.fill(outside, project, &ask.data) {
            Ok(()) => {}
            Err(error) if error.kind == ErrorKind::InvalidInput => missing.push(slot.lacks()),
            Err(error) => return Err(error),
        }
    }
    if missing.is_empty() { Ok(overrides) } else { Err(lacking(missing)) }
}

/// Whether the launcher has a session already. Looked up once, and only when it matters.
fn has_session(
    outside: &dyn Outside,
    launcher: Option<&str>,
    known: &mut Option<bool>,
) -> Result<bool> {
    if let Some(known) = known {
        return Ok(*known);
    }
    let found = match launcher {
        None => false,
        Some(id) => service::sessions(outside)?.iter().any(|session| {
            session.launcher_id.as_deref() == Some(id) && session.status.state != "stopping"
        }),
    };
    *known = Some(found);
    Ok(found)
}

/// What is missing, with how to go on.
fn lacking(missing: Vec<Lack>) -> Error {
    let skip: Vec<String> =
        missing.iter().map(|lack| format!("--skip-data {}", lack.name)).collect();
    let example = missing.first().map(|lack| lack.example.clone()).unwrap_or_default();
    let error =
        Error::invalid_input("the session would lack data that the project has").help(format!(
            "add `{}` to do without, or give it, such as `--data-secret {example}`",
            skip.join(" ")
        ));
    missing.into_iter().fold(error, |error, lack| error.cause(lack.reason))
}

impl ProjectData {
    fn of(outside: &dyn Outside, project: &Project) -> Result<Self> {
        let call = Call::get(
            &["projects", &project.id, "inaccessible_data_connector_links"],
            "look at the data connectors",
        );
        let closed: Closed = service::look(outside, &call)?.unwrap_or_default();
        if closed.count > 0 {
            let text = match closed.count {
                1 => {
                    "1 data connector of the project is not open to you; the session is without it"
                        .to_owned()
                }
                count => format!(
                    "{count} data connectors of the project are not open to you; the session is without them"
                ),
            };
            outside.say(Level::Warn, &text);
        }
        Ok(Self {
            connectors: connector::of_project(outside, project)?,
            slots: session_secret::empty_slots(outside, project)?,
        })
    }

    /// A name that the project does not have is a slip of the pen.
    fn check_names(&self, wishes: &DataWishes) -> Result<()> {
        let is_known = |name: &str| {
            self.connectors.iter().any(|it| it.is_called(name))
                || self.slots.iter().any(|it| it.is_called(name))
        };
        let given = wishes.given.iter().map(|(name, _)| match name.rsplit_once('/') {
            Some((connector, _)) if !is_known(name) => connector,
            _ => name.as_str(),
        });
        let mut named = wishes.skipped.iter().map(String::as_str).chain(given);
        let Some(unknown) = named.find(|name| !is_known(name)) else { return Ok(()) };
        let mut names: Vec<String> =
            self.connectors.iter().map(|it| format!("`{}`", it.slug)).collect();
        names.extend(self.slots.iter().map(|it| format!("`{}`", it.filename)));
        let error = Error::invalid_input(format!(
            "the project has neither a data connector nor a session secret without a value called `{unknown}`"
        ));
        Err(match names.is_empty() {
            true => error.help("leave it out"),
            false => error.help(format!("it has {}", names.join(", "))),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::testing::{Script, ask};

    const CLOSED: &str = "GET /api/data/projects/p/inaccessible_data_connector_links";
    const LINKS: &str = "GET /api/data/projects/p/data_connector_links";
    const CONNECTOR: &str = "GET /api/data/data_connectors/c";
    const SECRETS: &str = "GET /api/data/data_connectors/c/secrets";
    const SLOTS: &str = "GET /api/data/projects/p/session_secret_slots";
    const VALUES: &str = "GET /api/data/projects/p/session_secrets";
    const BUCKET: &str = r#"{"id":"c","name":"Bucket","namespace":"jane","slug":"bucket","storage":{
        "configuration":{"type":"s3","access_key_id":"<sensitive>","secret_access_key":"<sensitive>"},
        "sensitive_fields":[{"name":"access_key_id"},{"name":"secret_access_key"}]}}"#;

    /// A project with one connector, of which these fields are saved, and one slot.
    fn script(saved: &str) -> Script {
        Script::new()
            .answer(CLOSED, 200, r#"{"count":0}"#)
            .answer(LINKS, 200, r#"[{"data_connector_id":"c"}]"#)
            .answer(CONNECTOR, 200, BUCKET)
            .answer(SECRETS, 200, saved)
            .answer(SLOTS, 200, r#"[{"id":"s","name":"API key","filename":"api_key"}]"#)
            .answer(VALUES, 200, "[]")
    }

    fn project() -> Project {
        Project {
            id: "p".into(),
            namespace: "jane".into(),
            slug: "demo".into(),
            repositories: Vec::new(),
            visibility: None,
        }
    }

    fn settled(outside: &Script, data: DataWishes) -> Result<Overrides> {
        settle(outside, &Ask { data, ..ask() }, &project(), None)
    }

    fn skipping(names: &[&str]) -> DataWishes {
        let skipped = names.iter().map(|name| (*name).to_owned()).collect();
        DataWishes { skipped, ..DataWishes::default() }
    }

    fn giving(pairs: &[(&str, &str)], save: bool) -> DataWishes {
        let given =
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        DataWishes { given, save, ..skipping(&["api_key"]) }
    }

    const BOTH: [(&str, &str); 2] =
        [("bucket/access_key_id", "AK"), ("bucket/secret_access_key", "SK")];

    #[test]
    fn what_is_missing_is_told_with_how_to_go_on() {
        let error = settled(&script("[]"), DataWishes::default()).unwrap_err();
        assert_eq!(
            (error.kind, error.causes, error.help.as_deref()),
            (
                ErrorKind::InvalidInput,
                vec![
                    "the data connector `bucket` has no credentials: `access_key_id`, `secret_access_key`".to_owned(),
                    "the session secret `api_key` (API key) has no value".to_owned(),
                ],
                Some(
                    "add `--skip-data bucket --skip-data api_key` to do without, or give it, such as `--data-secret bucket/access_key_id=VALUE`"
                )
            )
        );
    }

    #[test]
    fn what_is_skipped_is_left_out() {
        let overrides = settled(&script("[]"), skipping(&["Bucket", "api_key"])).unwrap();
        assert_eq!(overrides, [json!({"data_connector_id": "c", "skip": true})]);
        let error = settled(&script("[]"), skipping(&["other"])).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("it has `bucket`, `api_key`"));
    }

    #[test]
    fn credentials_that_are_given_are_for_this_session_alone() {
        let overrides = settled(&script("[]"), giving(&BOTH, false)).unwrap();
        assert_eq!(
            overrides,
            [json!({
                "data_connector_id": "c",
                "configuration": {"type": "s3", "access_key_id": "AK", "secret_access_key": "SK"},
            })]
        );
    }

    #[test]
    fn credentials_are_saved_when_the_user_wants_it() {
        let outside = script("[]")
            .answer(SECRETS, 200, r#"[{"name":"access_key_id"},{"name":"secret_access_key"}]"#)
            .answer("PATCH /api/data/data_connectors/c/secrets", 200, "[]");
        assert_eq!(settled(&outside, giving(&BOTH, true)).unwrap(), Vec::<Value>::new());
        let sent = r#"PATCH /api/data/data_connectors/c/secrets [{"name":"access_key_id","value":"AK"},{"name":"secret_access_key","value":"SK"}]"#;
        assert!(outside.lines().contains(&sent.to_owned()), "{:?}", outside.lines());
    }

    #[test]
    fn who_is_there_types_them_and_says_whether_they_are_saved() {
        let outside = script("[]")
            .types("bucket/access_key_id", "AK")
            .types("bucket/secret_access_key", "SK")
            .types("api_key", "")
            .agrees(false);
        let overrides = settled(&outside, DataWishes::default()).unwrap();
        assert_eq!(overrides[0]["configuration"]["secret_access_key"], "SK");
        let asked: Vec<String> =
            outside.lines().into_iter().filter(|line| line.starts_with("asks")).collect();
        assert_eq!(
            asked,
            [
                "asks bucket/access_key_id: `access_key_id` of the data connector `bucket` (empty: do without it)",
                "asks bucket/secret_access_key: `secret_access_key` of the data connector `bucket` (empty: do without it)",
                "asks save-data: Save the credentials of `bucket` at RenkuLab for your next sessions?",
                "asks api_key: The session secret `api_key` (API key), which RenkuLab saves for you (empty: do without it)",
            ]
        );
    }

    #[test]
    fn an_empty_answer_does_without() {
        let outside = script("[]").types("bucket/access_key_id", "").types("api_key", "");
        let overrides = settled(&outside, DataWishes::default()).unwrap();
        assert_eq!(overrides, [json!({"data_connector_id": "c", "skip": true})]);
    }

    #[test]
    fn a_session_secret_is_saved() {
        let outside = script("[]").answer(
            "PATCH /api/data/projects/p/session_secrets",
            200,
            r#"[{"secret_slot":{"id":"s"},"secret_id":"x"}]"#,
        );
        let given = vec![("api_key".to_owned(), "V".to_owned())];
        let wishes = DataWishes { given, ..skipping(&["bucket"]) };
        settled(&outside, wishes).unwrap();
        assert_eq!(
            outside.lines().pop().unwrap(),
            r#"PATCH /api/data/projects/p/session_secrets [{"secret_slot_id":"s","value":"V"}]"#
        );
    }

    #[test]
    fn a_session_that_is_there_keeps_what_it_has() {
        let outside = script("[]").answer(
            "GET /api/data/sessions?session_type=interactive",
            200,
            r#"[{"name":"a","launcher_id":"l","status":{"state":"hibernated"}}]"#,
        );
        assert_eq!(settle(&outside, &ask(), &project(), Some("l")).unwrap(), Vec::<Value>::new());
    }

    #[test]
    fn connectors_that_are_closed_to_the_user_are_told() {
        let outside = Script::new()
            .answer(CLOSED, 200, r#"{"count":2}"#)
            .answer(LINKS, 200, "[]")
            .answer(SLOTS, 200, "[]");
        settled(&outside, DataWishes::default()).unwrap();
        assert!(outside.lines().contains(
            &"says: 2 data connectors of the project are not open to you; the session is without them".to_owned()
        ));
    }
}
