//! Which launcher a session is started from: named, else the one with the image
//! that the user named, else the only interactive one.

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, ErrorKind, Result};
use serde_json::json;

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Launcher, Project};
use crate::outside::Outside;
use crate::{project, service};

/// What to start from.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// A launcher that is there.
    Existing(Box<Launcher>),
    /// One that is made for this image; the user allows it.
    New(String),
}

/// The launcher for what was asked; `image` is the user's choice.
///
/// # Errors
///
/// `not-found` or `invalid-input` with all launchers of the project.
pub(crate) fn choose(
    outside: &dyn Outside,
    ask: &Ask,
    project: &Project,
    image: Option<&str>,
) -> Result<Choice> {
    let parts = ["projects", project.id.as_str(), "session_launchers"];
    let all: Vec<Launcher> = service::ask(outside, &Call::get(&parts, "list the launchers"))?;
    let existing = |launcher: &Launcher| Choice::Existing(Box::new(launcher.clone()));
    if let Some(name) = &ask.config.launcher {
        let launcher = named(project, &all, name)?;
        return match image {
            Some(image) if !launcher.image().is_some_and(|own| is_same(own, image)) => {
                Err(Error::invalid_input(format!(
                    "the launcher `{}` does not start the image `{image}`, but {}",
                    launcher.name,
                    shown_image(launcher)
                ))
                .help("leave out `--launcher` or `--image`"))
            }
            _ => Ok(existing(launcher)),
        };
    }
    let interactive: Vec<&Launcher> =
        all.iter().filter(|launcher| launcher.is_interactive()).collect();
    let candidates: Vec<&Launcher> = match image {
        None => interactive.clone(),
        Some(image) => interactive
            .iter()
            .copied()
            .filter(|launcher| launcher.image().is_some_and(|own| is_same(own, image)))
            .collect(),
    };
    match (candidates.as_slice(), image) {
        ([launcher], _) => Ok(existing(launcher)),
        ([], Some(image)) if ask.config.create_launcher => Ok(Choice::New(image.to_owned())),
        ([], Some(image)) => Err(listing(
            Error::not_found(format!(
                "no launcher of {} on RenkuLab starts the image `{image}`",
                project.path()
            ))
            .help("name a launcher with `--launcher`, or create one for everybody in the project with `create_launcher: true` in the file of `--config`"),
            &interactive,
        )),
        ([], None) => Err(Error::not_found(format!(
            "the project {} on RenkuLab has no session launcher",
            project.path()
        ))
        .help(format!(
            "add one at {}/p/{}, or run `renku session start` with `--image IMAGE` and `create_launcher: true` in the file of `--config`",
            outside.base(),
            project.path()
        ))),
        (several, _) => Err(listing(
            Error::invalid_input(format!(
                "the project {} on RenkuLab has {} session launchers: which one?",
                project.path(),
                several.len()
            ))
            .help("name one with `--launcher`"),
            several,
        )),
    }
}

fn named<'a>(project: &Project, all: &'a [Launcher], name: &str) -> Result<&'a Launcher> {
    let matching = |test: &dyn Fn(&Launcher) -> bool| -> Vec<&'a Launcher> {
        all.iter().filter(|launcher| test(launcher)).collect()
    };
    let mut found = matching(&|launcher| launcher.id == name);
    if found.is_empty() && !project::is_id(name) {
        found = matching(&|launcher| launcher.name == name);
        if found.is_empty() {
            let lower = name.to_lowercase();
            found = matching(&|launcher| launcher.name.to_lowercase() == lower);
        }
    }
    let path = project.path();
    match found.as_slice() {
        [launcher] if launcher.is_interactive() => Ok(launcher),
        [launcher] => Err(Error::invalid_input(format!(
            "the launcher `{}` starts jobs, not sessions",
            launcher.name
        ))
        .help("name another one with `--launcher`")),
        [] => {
            let all: Vec<&Launcher> = all.iter().filter(|one| one.is_interactive()).collect();
            let error = Error::not_found(format!(
                "the project {path} on RenkuLab has no launcher `{name}`"
            ));
            Err(listing(error.help("name one of these with `--launcher`"), &all))
        }
        several => Err(listing(
            Error::invalid_input(format!(
                "the project {path} on RenkuLab has {} launchers called `{name}`",
                several.len()
            ))
            .help("name one by its id"),
            several,
        )),
    }
}

/// The launchers as causes, one a line.
fn listing(error: Error, launchers: &[&Launcher]) -> Error {
    launchers.iter().fold(error, |error, launcher| {
        error.cause(format!("`{}` ({}): {}", launcher.name, launcher.id, shown_image(launcher)))
    })
}

fn shown_image(launcher: &Launcher) -> String {
    launcher
        .image()
        .map_or_else(|| "an image that was not built yet".to_owned(), |image| format!("`{image}`"))
}

/// Whether two names mean one image: the registry and the tag have defaults.
fn is_same(one: &str, other: &str) -> bool {
    full(one) == full(other)
}

fn full(image: &str) -> String {
    let (name, digest) = image.split_once('@').map_or((image, ""), |(name, digest)| (name, digest));
    let mut name = match name.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => name.to_owned(),
        Some(_) => format!("docker.io/{name}"),
        None => format!("docker.io/library/{name}"),
    };
    let last = name.rsplit('/').next().unwrap_or_default();
    if digest.is_empty() && !last.contains(':') {
        name.push_str(":latest");
    }
    format!("{name}@{digest}")
}

/// Makes a launcher for an image.
///
/// # Errors
///
/// `denied` when the user may not change the project.
pub(crate) fn create(outside: &dyn Outside, project: &Project, image: &str) -> Result<Launcher> {
    let last = image.rsplit('/').next().unwrap_or(image);
    let name = last.split([':', '@']).next().unwrap_or(last);
    let body = json!({
        "name": name,
        "project_id": project.id,
        "launcher_type": "interactive",
        "environment": {
            "environment_kind": "CUSTOM",
            "environment_image_source": "image",
            "name": name,
            "container_image": image,
        },
    });
    let call = Call::new(Method::Post, &["session_launchers"], "make a launcher").body(body);
    let made: Option<Launcher> = service::look(outside, &call)?;
    let launcher = made.ok_or_else(|| {
        Error::new(
            ErrorKind::Denied,
            format!("you are not allowed to create launchers in the project {}", project.path()),
        )
        .help("ask an owner or editor of the project")
    })?;
    let text = format!(
        "Created the launcher `{name}` in the project {}; everybody in the project sees it",
        project.path()
    );
    outside.say(Level::Warn, &text);
    Ok(launcher)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    const LAUNCHERS: &str = r#"[
        {"id":"01M85163C7PB3M49NT6DMCG0KG","name":"Python","launcher_type":"interactive","environment":{"container_image":"renku/python:1"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KH","name":"R","launcher_type":"interactive","environment":{"container_image":"rocker/rstudio"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KJ","name":"Built","environment":{"container_image":"image:unknown-at-the-moment"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KK","name":"Job","launcher_type":"non-interactive","environment":{"container_image":"renku/python:1"}}]"#;

    fn choose_of(
        launchers: &str,
        launcher: Option<&str>,
        image: Option<&str>,
        create: bool,
    ) -> Result<Choice> {
        let project = Project {
            id: "p".into(),
            namespace: "jane".into(),
            slug: "demo".into(),
            repositories: Vec::new(),
            visibility: None,
        };
        let outside =
            Script::new().answer("GET /api/data/projects/p/session_launchers", 200, launchers);
        let mut ask = ask();
        ask.config.launcher = launcher.map(str::to_owned);
        ask.config.create_launcher = create;
        choose(&outside, &ask, &project, image)
    }

    fn chosen(launcher: Option<&str>, image: Option<&str>) -> String {
        match choose_of(LAUNCHERS, launcher, image, false) {
            Ok(Choice::Existing(launcher)) => launcher.name,
            Ok(Choice::New(image)) => format!("new: {image}"),
            Err(error) => error.message,
        }
    }

    #[test]
    fn a_launcher_is_named_by_id_or_name() {
        for (name, expected) in [
            ("01M85163C7PB3M49NT6DMCG0KH", "R"),
            ("Python", "Python"),
            ("python", "Python"),
            ("Job", "the launcher `Job` starts jobs, not sessions"),
            ("Perl", "the project jane/demo on RenkuLab has no launcher `Perl`"),
        ] {
            assert_eq!(chosen(Some(name), None), expected);
        }
    }

    #[test]
    fn an_image_picks_the_interactive_launcher_that_has_it() {
        for image in ["rocker/rstudio", "rocker/rstudio:latest", "docker.io/rocker/rstudio"] {
            assert_eq!(chosen(None, Some(image)), "R");
        }
        assert_eq!(chosen(None, Some("renku/python:1")), "Python");
        assert_eq!(
            chosen(Some("R"), Some("renku/python:1")),
            "the launcher `R` does not start the image `renku/python:1`, but `rocker/rstudio`"
        );
    }

    #[test]
    fn a_launcher_is_made_only_when_the_user_allows_it() {
        assert_eq!(
            chosen(None, Some("me/mine:1")),
            "no launcher of jane/demo on RenkuLab starts the image `me/mine:1`"
        );
        let choice = choose_of(LAUNCHERS, None, Some("me/mine:1"), true).unwrap();
        assert!(matches!(choice, Choice::New(image) if image == "me/mine:1"));
    }

    #[test]
    fn several_launchers_are_listed() {
        let error = choose_of(LAUNCHERS, None, None, false).unwrap_err();
        assert_eq!(
            error.message,
            "the project jane/demo on RenkuLab has 3 session launchers: which one?"
        );
        assert_eq!(
            error.causes,
            [
                "`Python` (01M85163C7PB3M49NT6DMCG0KG): `renku/python:1`",
                "`R` (01M85163C7PB3M49NT6DMCG0KH): `rocker/rstudio`",
                "`Built` (01M85163C7PB3M49NT6DMCG0KJ): an image that was not built yet",
            ]
        );
    }

    #[test]
    fn the_only_interactive_one_needs_no_name() {
        let two = r#"[
            {"id":"a","name":"Only","environment":{"container_image":"x"}},
            {"id":"b","name":"Job","launcher_type":"non-interactive","environment":{}}]"#;
        let choice = choose_of(two, None, None, false).unwrap();
        assert!(matches!(choice, Choice::Existing(launcher) if launcher.name == "Only"));
        let error = choose_of("[]", None, None, false).unwrap_err();
        assert_eq!(error.message, "the project jane/demo on RenkuLab has no session launcher");
    }
}
