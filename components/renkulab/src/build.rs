//! Images that RenkuLab builds from a repository: whether the launcher's was built, why
//! not, and building it.

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::{Level, Progress};
use renku_session_sdk::{Error, ErrorKind, Result};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::Launcher;
use crate::outside::Outside;
use crate::service;

/// How long a build may take, in seconds.
const LONGEST: u64 = 60 * 60;

/// Milliseconds between two looks at it.
const PAUSE: u32 = 2000;

/// Lines of the log that explain a failure.
const LAST_LINES: usize = 10;

/// The step whose log is of interest.
const STEP: &str = "step-build-and-push";

/// One build of an environment.
#[derive(Debug, Clone, Deserialize)]
struct Build {
    id: String,
    status: String,
    error_reason: Option<String>,
    result: Option<Built>,
}

#[derive(Debug, Clone, Deserialize)]
struct Built {
    image: String,
}

/// The image of a launcher, built first where the user wants that.
///
/// # Errors
///
/// `conflict` when it was not built, with what its build says.
pub(crate) fn image(outside: &dyn Outside, ask: &Ask, launcher: &Launcher) -> Result<String> {
    let name = &launcher.name;
    match launcher.image() {
        Some(image) if !launcher.is_built_from_code() => match ask.build {
            false => Ok(image.to_owned()),
            true => Err(Error::invalid_input(format!(
                "the launcher `{name}` has an image of its own, `{image}`, that RenkuLab does not build"
            ))
            .help("leave out `--build`")),
        },
        _ if ask.build => run(outside, launcher),
        Some(image) => {
            let build = newest(outside, launcher)?;
            if let Some(text) = build.and_then(|build| remark(name, &build)) {
                outside.say(Level::Warn, &text);
            }
            Ok(image.to_owned())
        }
        None => Err(not_built(outside, launcher)?),
    }
}

/// What is to be known of a newer build than that of the image.
fn remark(name: &str, build: &Build) -> Option<String> {
    let (what, how) = match build.status.as_str() {
        "in_progress" => ("is being built anew", "waits for the new one"),
        "failed" => ("could not be built anew", "tries it again"),
        _ => return None,
    };
    Some(format!(
        "The image of the launcher `{name}` {what}; the session runs the one before, and `--build` {how}"
    ))
}

fn not_built(outside: &dyn Outside, launcher: &Launcher) -> Result<Error> {
    let name = &launcher.name;
    let again = "add `--build`: RenkuLab builds it, and the start waits for it";
    Ok(match newest(outside, launcher)? {
        Some(build) if build.status == "in_progress" => {
            Error::conflict(format!("the image of the launcher `{name}` is being built"))
                .help("add `--build` to wait for it")
        }
        Some(build) if build.status == "failed" => failed(outside, name, &build).help(again),
        _ => Error::conflict(format!("the image of the launcher `{name}` was not built yet"))
            .help(again),
    })
}

/// Starts a build, or takes the one that runs, and follows it to its image.
fn run(outside: &dyn Outside, launcher: &Launcher) -> Result<String> {
    let name = &launcher.name;
    let parts = ["environments", launcher.environment.id.as_str(), "builds"];
    let call = Call::new(Method::Post, &parts, "build the image");
    let build: Build = match service::ask(outside, &call) {
        Ok(build) => build,
        // One runs already.
        Err(error) if error.kind == ErrorKind::Conflict => {
            newest(outside, launcher)?.ok_or(error)?
        }
        Err(error) => return Err(error),
    };
    outside.report(&Progress::Phase(format!("Building the image of the launcher `{name}`")));
    let end = outside.now() + LONGEST * 1000;
    let mut shown = None;
    loop {
        let call = Call::get(&["builds", &build.id], "look at the build");
        let now: Build = service::ask(outside, &call)?;
        match (now.status.as_str(), now.result) {
            ("in_progress", _) => {}
            ("succeeded", Some(built)) => return Ok(built.image),
            ("failed", _) => return Err(failed(outside, name, &build)),
            (status, _) => {
                return Err(Error::conflict(format!(
                    "the build of the image of the launcher `{name}` is {status}"
                ))
                .help("add `--build` to start another one"));
            }
        }
        if outside.now() >= end {
            return Err(Error::new(
                ErrorKind::Timeout,
                format!("the image of the launcher `{name}` is not built after {LONGEST} s"),
            )
            .help("add `--build` to go on waiting for it"));
        }
        let last = log(outside, &build.id).pop();
        if last.is_some() && last != shown {
            outside.report(&Progress::Note(last.clone().unwrap_or_default()));
            shown = last;
        }
        outside.sleep(PAUSE)?;
    }
}

fn failed(outside: &dyn Outside, name: &str, build: &Build) -> Error {
    let error =
        Error::conflict(format!("the build of the image of the launcher `{name}` has failed"));
    let reason = build.error_reason.iter().filter(|reason| *reason != "Failed").cloned();
    let lines = log(outside, &build.id);
    let last = lines.len().saturating_sub(LAST_LINES);
    reason.chain(lines.into_iter().skip(last)).fold(error, Error::cause)
}

/// The lines of a build; none while there are none to be had.
fn log(outside: &dyn Outside, id: &str) -> Vec<String> {
    let call = Call::get(&["builds", id, "logs"], "read the log of the build");
    let logs: Option<Map<String, Value>> = service::look(outside, &call).unwrap_or_default();
    let logs = logs.unwrap_or_default();
    let text = logs.get(STEP).or_else(|| logs.values().next()).and_then(Value::as_str);
    text.unwrap_or_default().lines().map(str::to_owned).collect()
}

fn newest(outside: &dyn Outside, launcher: &Launcher) -> Result<Option<Build>> {
    let parts = ["environments", launcher.environment.id.as_str(), "builds"];
    let builds: Option<Vec<Build>> =
        service::look(outside, &Call::get(&parts, "look at the builds"))?;
    Ok(builds.unwrap_or_default().into_iter().next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    const BUILDS: &str = "GET /api/data/environments/e/builds";
    const POST: &str = "POST /api/data/environments/e/builds";
    const BUILD: &str = "GET /api/data/builds/b";
    const LOGS: &str = "GET /api/data/builds/b/logs";
    const NO_LOGS: &str = r#"{"error":{"message":"Cannot find taskrun"}}"#;
    const NEVER: &str = "image:unknown-at-the-moment";

    fn of(image: &str, source: &str, build: bool, outside: &Script) -> Result<String> {
        let launcher = format!(
            r#"{{"id":"l","name":"Built","environment":{{"id":"e","container_image":"{image}","environment_image_source":"{source}"}}}}"#
        );
        let launcher = serde_json::from_str(&launcher).unwrap();
        super::image(outside, &Ask { build, ..ask() }, &launcher)
    }

    fn at(status: &str) -> String {
        let result = match status {
            "succeeded" => r#","result":{"image":"x:2"}"#,
            _ => "",
        };
        format!(r#"{{"id":"b","status":"{status}"{result}}}"#)
    }

    #[test]
    fn an_image_that_is_no_build_is_not_looked_at() {
        assert_eq!(of("x:1", "image", false, &Script::new()).unwrap(), "x:1");
        let error = of("x:1", "image", true, &Script::new()).unwrap_err();
        assert_eq!(error.help.as_deref(), Some("leave out `--build`"));
    }

    #[test]
    fn what_became_of_the_build_is_told() {
        for (builds, message) in [
            ("[]".to_owned(), "the image of the launcher `Built` was not built yet"),
            (
                format!("[{}]", at("in_progress")),
                "the image of the launcher `Built` is being built",
            ),
            (
                format!("[{},{}]", at("failed"), at("succeeded")),
                "the build of the image of the launcher `Built` has failed",
            ),
        ] {
            let log = r#"{"prepare":"x","step-build-and-push":"one\nERROR: two"}"#;
            let outside = Script::new().answer(BUILDS, 200, &builds).answer(LOGS, 200, log);
            let error = of(NEVER, "build", false, &outside).unwrap_err();
            assert_eq!(error.message, message);
            if message.ends_with("failed") {
                assert_eq!(error.causes, ["one", "ERROR: two"]);
            }
        }
    }

    #[test]
    fn an_older_image_runs_when_the_last_build_failed_and_that_is_told() {
        let outside = Script::new().answer(BUILDS, 200, &format!("[{}]", at("failed")));
        assert_eq!(of("x:1", "build", false, &outside).unwrap(), "x:1");
        assert_eq!(
            outside.lines().pop().unwrap(),
            "says: The image of the launcher `Built` could not be built anew; the session runs the one before, and `--build` tries it again"
        );
    }

    #[test]
    fn a_build_is_started_and_followed() {
        let outside = Script::new()
            .answer(POST, 201, &at("in_progress"))
            .answer(BUILD, 200, &at("in_progress"))
            .answer(BUILD, 200, &at("in_progress"))
            .answer(BUILD, 200, &at("succeeded"))
            .answer(LOGS, 404, NO_LOGS)
            .answer(LOGS, 200, r#"{"step-build-and-push":"===> BUILDING"}"#);
        assert_eq!(of(NEVER, "build", true, &outside).unwrap(), "x:2");
        let told: Vec<String> =
            outside.lines().into_iter().filter(|line| !line.contains("/api/")).collect();
        assert_eq!(
            told,
            ["phase: Building the image of the launcher `Built`", "note: ===> BUILDING"]
        );
    }

    #[test]
    fn a_build_that_runs_already_is_followed() {
        let outside = Script::new()
            .answer(POST, 409, r#"{"error":{"message":"already has a build in progress."}}"#)
            .answer(BUILDS, 200, &format!("[{}]", at("in_progress")))
            .answer(BUILD, 200, &at("failed"))
            .answer(LOGS, 200, r#"{"step-build-and-push":"ERROR: no such package"}"#);
        let error = of("x:1", "build", true, &outside).unwrap_err();
        assert_eq!(error.causes, ["ERROR: no such package"]);
    }
}
