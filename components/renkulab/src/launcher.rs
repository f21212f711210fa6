//! Which launcher a session is started from: named, else the one with the image
//! that the user named, else the only interactive one.

use renku_session_sdk::{Error, ErrorKind, Result};

use crate::ask::Ask;
use crate::call::Call;
use crate::model::{Launcher, Project};
use crate::outside::Outside;
use crate::pools::Pools;
use crate::{address, service};

/// What to start from.
#[derive(Debug, Clone)]
pub(crate) enum Choice {
    /// A launcher that is there.
    Existing(Box<Launcher>),
    /// One that is made for this image; the user allows it.
    New(String),
}

impl Choice {
    /// The id of a launcher that is there.
    pub(crate) fn id(&self) -> Option<&str> {
        match self {
            Self::Existing(launcher) => Some(&launcher.id),
            Self::New(_) => None,
        }
    }
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
    pools: &Pools,
    image: Option<&str>,
) -> Result<Choice> {
    let parts = ["projects", project.id.as_str(), "session_launchers"];
    let all: Vec<Launcher> = service::ask(outside, &Call::get(&parts, "list the launchers"))?;
    let existing = |launcher: &Launcher| Choice::Existing(Box::new(launcher.clone()));
    if let Some(name) = &ask.config.launcher {
        let launcher = named(project, pools, &all, name)?;
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
            pools,
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
        (several, _) => which(outside, project, pools, several).map(existing),
    }
}

/// Asks which of several is meant.
fn which<'a>(
    outside: &dyn Outside,
    project: &Project,
    pools: &Pools,
    several: &[&'a Launcher],
) -> Result<&'a Launcher> {
    let message = format!(
        "the project {} on RenkuLab has {} session launchers",
        project.path(),
        several.len()
    );
    let rows = several.iter().enumerate();
    let rows: Vec<String> =
        rows.map(|(index, one)| format!("  {}  {}", index + 1, shown(pools, one))).collect();
    let question = format!("{message}:\n{}\nWhich one, by its number or name?", rows.join("\n"));
    let answer = match outside.ask("launcher", &question, false) {
        Ok(answer) => answer,
        // Nobody is there.
        Err(error) if error.kind == ErrorKind::InvalidInput => {
            let error = Error::invalid_input(format!("{message}: which one?"))
                .help("name one with `--launcher`");
            return Err(listing(error, pools, several));
        }
        Err(error) => return Err(error),
    };
    let by_number = answer.trim().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    let by_number = by_number.and_then(|index| several.get(index)).copied();
    let is_meant = |launcher: &&&Launcher| {
        launcher.id == answer || launcher.name.to_lowercase() == answer.trim().to_lowercase()
    };
    let mut named = several.iter().filter(is_meant);
    match (by_number, named.next(), named.next()) {
        (Some(launcher), None, _) => Ok(launcher),
        (_, Some(launcher), None) => Ok(launcher),
        _ => Err(listing(
            Error::invalid_input(format!("`{answer}` is none of the session launchers"))
                .help("name one with `--launcher`"),
            pools,
            several,
        )),
    }
}

fn named<'a>(
    project: &Project,
    pools: &Pools,
    all: &'a [Launcher],
    name: &str,
) -> Result<&'a Launcher> {
    let matching = |test: &dyn Fn(&Launcher) -> bool| -> Vec<&'a Launcher> {
        all.iter().filter(|launcher| test(launcher)).collect()
    };
    let mut found = matching(&|launcher| launcher.id == name);
    if found.is_empty() && !address::is_id(name) {
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
            Err(listing(error.help("name one of these with `--launcher`"), pools, &all))
        }
        several => Err(listing(
            Error::invalid_input(format!(
                "the project {path} on RenkuLab has {} launchers called `{name}`",
                several.len()
            ))
            .help("name one by its id"),
            pools,
            several,
        )),
    }
}

/// The launchers as causes, one a line.
fn listing(error: Error, pools: &Pools, launchers: &[&Launcher]) -> Error {
    launchers.iter().fold(error, |error, launcher| error.cause(shown(pools, launcher)))
}

/// What tells a launcher from others: its name, its image, its class.
fn shown(pools: &Pools, launcher: &Launcher) -> String {
    let name = match launcher.resource_class_id {
        None => pools.default_class().map(|place| place.name()),
        Some(id) => pools.name(id),
    };
    let class = match name {
        Some(name) => format!(", class `{name}`"),
        None if launcher.resource_class_id.is_some() => {
            ", in a class that is not open to you".to_owned()
        }
        None => String::new(),
    };
    format!("`{}` ({}): {}{class}", launcher.name, launcher.id, shown_image(launcher))
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Script, ask};

    const LAUNCHERS: &str = r#"[
        {"id":"01M85163C7PB3M49NT6DMCG0KG","name":"Python","launcher_type":"interactive","environment":{"container_image":"renku/python:1"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KH","name":"R","launcher_type":"interactive","resource_class_id":7,"environment":{"container_image":"rocker/rstudio"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KJ","name":"Built","environment":{"container_image":"image:unknown-at-the-moment"}},
        {"id":"01M85163C7PB3M49NT6DMCG0KK","name":"Job","launcher_type":"non-interactive","environment":{"container_image":"renku/python:1"}}]"#;

    fn pools() -> Pools {
        let text = r#"[{"name":"d","default":true,"classes":[
            {"id":1,"name":"small","default":true,"cpu":1,"memory":1,"max_storage":9}]}]"#;
        Pools(serde_json::from_str(text).unwrap())
    }

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
        choose(&outside, &ask, &project, &pools(), image)
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
                "`Python` (01M85163C7PB3M49NT6DMCG0KG): `renku/python:1`, class `small`",
                "`R` (01M85163C7PB3M49NT6DMCG0KH): `rocker/rstudio`, in a class that is not open to you",
                "`Built` (01M85163C7PB3M49NT6DMCG0KJ): an image that was not built yet, class `small`",
            ]
        );
    }

    #[test]
    fn who_is_there_is_asked_which_launcher() {
        for (typed, expected) in [("2", "R"), ("python", "Python"), ("9", "")] {
            let project = Project {
                id: "p".into(),
                namespace: "jane".into(),
                slug: "demo".into(),
                repositories: Vec::new(),
                visibility: None,
            };
            let outside = Script::new()
                .answer("GET /api/data/projects/p/session_launchers", 200, LAUNCHERS)
                .types("launcher", typed);
            let chosen = choose(&outside, &ask(), &project, &pools(), None);
            match chosen {
                Ok(Choice::Existing(launcher)) => assert_eq!(launcher.name, expected),
                Ok(Choice::New(image)) => panic!("{image}"),
                Err(error) => {
                    assert_eq!(error.message, "`9` is none of the session launchers");
                }
            }
            let asked = outside.lines().pop().unwrap();
            assert!(asked.ends_with("Which one, by its number or name?"), "{asked}");
        }
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
