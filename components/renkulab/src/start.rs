//! Starts a session. There is one for each user and launcher: asked for a second
//! one, the service gives the first, in whatever state it is.

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::{Level, Progress};
use renku_session_sdk::{Error, ErrorKind, Result, Session};
use serde_json::{Map, Value, json};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Found, Launcher};
use crate::outside::Outside;
use crate::session::Traits;
use crate::start_plan::StartPlan;
use crate::{hibernate, launcher, new_launcher, service, session, wait};

/// How often a session that is about to go is waited for.
const ATTEMPTS: u32 = 4;

/// Milliseconds before a start whose answer was lost is asked for again.
const PAUSE: u32 = 1000;

/// Starts the session of a plan and waits as long as the request says. `data` is what the
/// session gets in another way than the project says.
///
/// # Errors
///
/// When there is no session that runs.
pub(crate) fn start(
    outside: &dyn Outside,
    ask: &Ask,
    plan: &StartPlan,
    data: &[Value],
) -> Result<Session> {
    match &plan.launcher {
        launcher::Choice::Existing(launcher) => begin(outside, ask, plan, launcher, data),
        launcher::Choice::New(image) => {
            let wish = &ask.config.new_launcher;
            let launcher = new_launcher::create(outside, &plan.project, image, wish)?;
            let session = begin(outside, ask, plan, &launcher, data);
            if session.is_err() {
                new_launcher::take_back(outside, &plan.project, &launcher);
            }
            session
        }
    }
}

fn begin(
    outside: &dyn Outside,
    ask: &Ask,
    plan: &StartPlan,
    launcher: &Launcher,
    data: &[Value],
) -> Result<Session> {
    let class = plan.class.in_words.iter().map(|class| format!(" in {class}")).collect::<String>();
    outside.report(&Progress::Phase(format!("Starting a session on {}{class}", outside.base())));
    let call = Call::new(Method::Post, &["sessions"], "start the session")
        .body(body(ask, plan, launcher, data))
        .with_refresh_token();
    let mut lost = false;
    for _ in 0..ATTEMPTS {
        let (status, found): (u16, Found) = match service::ask_with_status(outside, &call) {
            Ok(answer) => answer,
            // The answer may be lost and the session there: asking again gives it,
            // and never a second one.
            Err(error)
                if !lost && matches!(error.kind, ErrorKind::Unavailable | ErrorKind::Timeout) =>
            {
                lost = true;
                outside.sleep(PAUSE)?;
                continue;
            }
            Err(error) => return Err(error),
        };
        let name = found.name.clone();
        if status == 201 {
            outside.created(&name);
            return finish(outside, ask, plan, launcher, found);
        }
        match found.status.state.as_str() {
            "stopping" => {
                outside.report(&Progress::Phase(format!("Waiting until {name} has stopped")));
                wait::until_gone(outside, &name)?;
            }
            "failed" if plan.class.class.is_none_or(|it| Some(it) == found.resource_class_id) => {
                return Err(wait::failed(outside, &found).help(format!(
                    "`renku session resume {name}` tries it again, and its disk stays; to have more of a machine, start it with `--cpu`, `--memory`, `--gpu` or `--class`"
                )));
            }
            state @ ("hibernated" | "failed") => {
                let text = match state {
                    "failed" => {
                        format!("The session `{name}` has failed; resuming it with other resources")
                    }
                    _ => format!("Resuming the hibernated session `{name}`"),
                };
                outside.say(Level::Warn, &text);
                tell_what_is_kept(outside, ask, plan, &found, data, true);
                let found = hibernate::wake(outside, &found, plan.class.class)?;
                return finish(outside, ask, plan, launcher, found);
            }
            state => {
                outside.say(
                    Level::Warn,
                    &format!("The session `{name}` of this launcher is {state} already"),
                );
                tell_what_is_kept(outside, ask, plan, &found, data, false);
                return finish(outside, ask, plan, launcher, found);
            }
        }
    }
    Err(Error::conflict("somebody else keeps stopping the session of this launcher"))
}

fn body(ask: &Ask, plan: &StartPlan, launcher: &Launcher, data: &[Value]) -> Value {
    let mut body = Map::new();
    body.insert("launcher_id".to_owned(), launcher.id.as_str().into());
    if let Some(class) = plan.class.class {
        body.insert("resource_class_id".to_owned(), class.into());
    }
    if let Some(disk) = plan.class.disk {
        body.insert("disk_storage".to_owned(), disk.into());
    }
    let variables: Vec<Value> = ask
        .config
        .environment()
        .into_iter()
        .map(|(name, value)| json!({ "name": name, "value": value }))
        .collect();
    if !variables.is_empty() {
        body.insert("env_variable_overrides".to_owned(), variables.into());
    }
    if !data.is_empty() {
        body.insert("data_connectors_overrides".to_owned(), data.to_vec().into());
    }
    body.into()
}

/// A session that exists keeps what it has, whatever is asked for; only its
/// class changes when it is resumed.
fn tell_what_is_kept(
    outside: &dyn Outside,
    ask: &Ask,
    plan: &StartPlan,
    found: &Found,
    data: &[Value],
    resumed: bool,
) {
    let name = &found.name;
    let class = plan.class.class.filter(|_| !resumed);
    if class.is_some() && class != found.resource_class_id {
        outside.say(
            Level::Warn,
            &format!(
                "It keeps its resources; to change them, run `renku session pause {name}` and start again: its disk stays"
            ),
        );
    }
    let disk = plan.class.disk.filter(|_| ask.resources.disk.is_some());
    // The service does not say which variables and which data a session has.
    let kept = [
        (disk.is_some() && disk != found.disk(), "disk"),
        (!ask.config.environment().is_empty(), "environment variables"),
        (!data.is_empty(), "data"),
    ];
    let kept: Vec<&str> =
        kept.into_iter().filter_map(|(differs, what)| differs.then_some(what)).collect();
    if !kept.is_empty() {
        outside.say(
            Level::Warn,
            &format!(
                "It keeps its {}; only a new session has others, and `renku session stop {name}` deletes the disk of this one",
                kept.join(" and ")
            ),
        );
    }
}

fn finish(
    outside: &dyn Outside,
    ask: &Ask,
    plan: &StartPlan,
    launcher: &Launcher,
    found: Found,
) -> Result<Session> {
    let found = match ask.wait {
        Some(seconds) if found.status.state != "running" => {
            wait::until_running(outside, &found.name, seconds)?
        }
        _ => found,
    };
    let traits = Traits {
        project: Some(plan.project.path()),
        launcher: Some(launcher.name.clone()),
        class: found.resource_class_id.and_then(|id| plan.pools.name(id)),
    };
    Ok(session::describe(&found, traits, outside.now()))
}

#[cfg(test)]
mod tests {
    use renku_session_sdk::SessionStatus;

    use super::*;
    use crate::testing::{Script, ask};

    const POST: &str = "POST /api/data/sessions";
    const GET: &str = "GET /api/data/sessions/a";
    const PATCH: &str = "PATCH /api/data/sessions/a";

    const POOLS: &str = r#"[{"name":"d","default":true,"classes":[
        {"id":1,"name":"s","default":true,"cpu":1,"memory":1,"max_storage":20},
        {"id":2,"name":"m","cpu":2,"memory":2,"max_storage":20}]}]"#;

    fn at(state: &str) -> String {
        format!(
            r#"{{"name":"a","url":"https://x/a/lab/","resource_class_id":1,"status":{{"state":"{state}"}}}}"#
        )
    }

    /// A script whose project has one launcher, with class 2 and a disk.
    fn script() -> Script {
        Script::new()
            .answer("GET /api/data/version", 200, r#"{"version":"0.80.1"}"#)
            .answer(
                "GET /api/data/namespaces/jane/projects/demo",
                200,
                r#"{"id":"p","namespace":"jane","slug":"demo","visibility":"private"}"#,
            )
            .answer("GET /api/data/resource_pools", 200, POOLS)
            .answer(
                "GET /api/data/projects/p/session_launchers",
                200,
                r#"[{"id":"l","name":"L","disk_storage":5,"environment":{"container_image":"x"}}]"#,
            )
    }

    fn started(outside: &Script, class: Option<u64>) -> Result<Session> {
        let mut asked = ask();
        asked.bound = Some("jane/demo".into());
        asked.from_remote = true;
        asked.config.resource_class_id = class;
        let plan = StartPlan::make(outside, &asked, None).unwrap();
        outside.log.borrow_mut().clear();
        start(outside, &asked, &plan, &[])
    }

    #[test]
    fn a_new_session_is_waited_for_and_taken_back_when_that_fails() {
        let outside = script().answer(POST, 201, &at("starting")).answer(GET, 200, &at("running"));
        let session = started(&outside, Some(2)).unwrap();
        assert_eq!(
            (session.status, session.url.as_deref(), session.project.as_deref()),
            (SessionStatus::Running, Some("https://x/a/lab/"), Some("jane/demo"))
        );
        assert_eq!(
            outside.lines(),
            [
                "phase: Starting a session on https://renkulab.example in the class `m` (2 CPUs, 2 GB of memory)",
                r#"POST /api/data/sessions {"launcher_id":"l","resource_class_id":2,"disk_storage":5} with refresh token"#,
                "created a",
                "GET /api/data/sessions/a",
            ]
        );
    }

    #[test]
    fn an_existing_session_is_never_taken_back() {
        let outside = script().answer(POST, 200, &at("starting")).answer(GET, 200, &at("running"));
        started(&outside, Some(2)).unwrap();
        assert_eq!(
            outside.lines().get(2..4).unwrap(),
            [
                "says: The session `a` of this launcher is starting already",
                "says: It keeps its resources; to change them, run `renku session pause a` and start again: its disk stays",
            ]
        );
    }

    #[test]
    fn what_an_existing_session_keeps_is_told_whatever_its_state() {
        let told = |state: &str, disk: u64| {
            let found = format!(
                r#"{{"name":"a","resources":{{"requests":{{"storage":{disk}}}}},"status":{{"state":"{state}"}}}}"#
            );
            let outside = script()
                .answer("GET /api/data/resource_pools?max_storage=10", 200, POOLS)
                .answer(POST, 200, &found)
                .answer(PATCH, 200, &at("running"));
            let mut asked = ask();
            asked.bound = Some("jane/demo".into());
            asked.resources.disk = Some(10 << 30);
            asked.config = serde_json::from_str(r#"{"environment":{"SEED":42}}"#).unwrap();
            let plan = StartPlan::make(&outside, &asked, None).unwrap();
            start(&outside, &asked, &plan, &[]).unwrap();
            outside.lines().into_iter().find(|line| line.starts_with("says: It keeps"))
        };
        for state in ["running", "hibernated"] {
            assert_eq!(
                told(state, 1).unwrap(),
                "says: It keeps its disk and environment variables; only a new session has others, and `renku session stop a` deletes the disk of this one"
            );
            assert_eq!(
                told(state, 10).unwrap(),
                "says: It keeps its environment variables; only a new session has others, and `renku session stop a` deletes the disk of this one"
            );
        }
    }

    #[test]
    fn a_hibernated_session_is_taken_up_again_with_the_class_that_was_asked_for() {
        let outside = script()
            .answer(POST, 200, &at("hibernated"))
            .answer(PATCH, 200, &at("starting"))
            .answer(GET, 200, &at("running"));
        started(&outside, Some(2)).unwrap();
        assert!(outside.lines().contains(
            &r#"PATCH /api/data/sessions/a {"state":"running","resource_class_id":2} with refresh token"#
                .to_owned()
        ));
    }

    #[test]
    fn a_session_that_is_stopping_is_waited_for_and_started_anew() {
        let missing = r#"{"error":{"code":1404,"message":"does not exist"}}"#;
        let outside = script()
            .answer(POST, 200, &at("stopping"))
            .answer(POST, 201, &at("starting"))
            .answer(GET, 200, &at("stopping"))
            .answer(GET, 404, missing)
            .answer(GET, 200, &at("running"))
            .answer("GET /api/data/user", 200, "{}");
        assert_eq!(started(&outside, None).unwrap().status, SessionStatus::Running);
        assert!(outside.lines().contains(&"created a".to_owned()));
    }

    #[test]
    fn a_start_whose_answer_is_lost_is_asked_for_again_once() {
        let outside = script()
            .answer(POST, 0, "connection reset")
            .answer(POST, 200, &at("starting"))
            .answer(GET, 200, &at("running"));
        assert_eq!(started(&outside, None).unwrap().status, SessionStatus::Running);
        let outside = script().answer(POST, 0, "connection reset");
        assert_eq!(started(&outside, None).unwrap_err().message, "connection reset");
    }

    #[test]
    fn a_session_that_has_failed_is_told_and_not_waited_for() {
        let outside = script().answer(POST, 200, &at("failed")).answer(
            "GET /api/data/sessions/a/logs?max_lines=10",
            200,
            "{}",
        );
        let error = started(&outside, None).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Other);
        assert_eq!(
            error.help.unwrap(),
            "`renku session resume a` tries it again, and its disk stays; to have more of a machine, start it with `--cpu`, `--memory`, `--gpu` or `--class`"
        );
    }

    #[test]
    fn a_session_that_has_failed_is_resumed_with_other_resources() {
        let outside = script()
            .answer(POST, 200, &at("failed"))
            .answer(PATCH, 200, &at("failed"))
            .answer(PATCH, 200, &at("starting"))
            .answer(GET, 200, &at("hibernated"))
            .answer(GET, 200, &at("running"));
        assert_eq!(started(&outside, Some(2)).unwrap().status, SessionStatus::Running);
        let patched: Vec<String> =
            outside.lines().into_iter().filter(|line| line.starts_with(PATCH)).collect();
        assert_eq!(
            patched,
            [
                r#"PATCH /api/data/sessions/a {"state":"hibernated"}"#,
                r#"PATCH /api/data/sessions/a {"state":"running","resource_class_id":2} with refresh token"#,
            ]
        );
    }

    #[test]
    fn a_launcher_that_was_made_for_nothing_is_removed() {
        let made = r#"{"id":"n","name":"mine","environment":{}}"#;
        let outside = script()
            .answer("POST /api/data/session_launchers", 201, made)
            .answer("DELETE /api/data/session_launchers/n", 204, "")
            .answer(POST, 422, r#"{"error":{"message":"no"}}"#);
        let mut asked = ask();
        asked.bound = Some("jane/demo".into());
        asked.image_is_users = true;
        asked.config.create_launcher = true;
        let plan = StartPlan::make(&outside, &asked, Some("me/mine:1")).unwrap();
        let error = start(&outside, &asked, &plan, &[]).unwrap_err();
        assert_eq!(error.kind, ErrorKind::InvalidInput);
        assert_eq!(outside.lines().pop().unwrap(), "says: Removed the launcher `mine` again");
    }
}
