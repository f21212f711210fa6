//! A launcher that a start makes, because its user allows it: everybody in the project
//! sees it, so it does not outlive a start that fails.

use renku_session_sdk::http::Method;
use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, ErrorKind, Result};
use serde_json::{Map, Value, json};

use crate::call::Call;
use crate::config::NewLauncher;
use crate::model::{Launcher, Project};
use crate::outside::Outside;
use crate::service;

/// Makes a launcher for an image.
///
/// # Errors
///
/// `denied` when the user may not change the project.
pub(crate) fn create(
    outside: &dyn Outside,
    project: &Project,
    image: &str,
    wish: &NewLauncher,
) -> Result<Launcher> {
    let name = wish.name.as_deref().unwrap_or_else(|| short_name(image));
    let body = json!({
        "name": name,
        "project_id": project.id,
        "launcher_type": "interactive",
        "environment": environment(name, image, wish),
    });
    let call = Call::new(Method::Post, &["session_launchers"], "make a launcher").body(body);
    let made: Option<Launcher> = service::look(outside, &call)?;
    let launcher = made.ok_or_else(|| {
        Error::new(
            ErrorKind::Denied,
            format!("you may not make launchers in the project {}", project.path()),
        )
        .help("ask an owner or editor of the project")
    })?;
    let text = format!(
        "Made the launcher `{name}` in the project {}, where everybody sees it",
        project.path()
    );
    outside.say(Level::Warn, &text);
    Ok(launcher)
}

/// The last word of an image, without its tag.
fn short_name(image: &str) -> &str {
    let last = image.rsplit('/').next().unwrap_or(image);
    last.split([':', '@']).next().unwrap_or(last)
}

fn environment(name: &str, image: &str, wish: &NewLauncher) -> Value {
    let mut environment = Map::new();
    let mut set = |key: &str, value: Value| environment.insert(key.to_owned(), value);
    set("environment_kind", "CUSTOM".into());
    set("environment_image_source", "image".into());
    set("name", name.into());
    set("container_image", image.into());
    set("port", wish.port.into());
    set("default_url", wish.default_url.as_str().into());
    set("uid", wish.uid.into());
    set("gid", wish.gid.into());
    for (key, value) in [("command", &wish.command), ("args", &wish.args)] {
        if let Some(words) = value {
            set(key, words.clone().into());
        }
    }
    for (key, value) in
        [("mount_directory", &wish.mount_directory), ("working_directory", &wish.working_directory)]
    {
        if let Some(path) = value {
            set(key, path.as_str().into());
        }
    }
    environment.into()
}

/// Removes a launcher that was made for a start that failed, or says that it is still there.
pub(crate) fn take_back(outside: &dyn Outside, project: &Project, launcher: &Launcher) {
    let call =
        Call::new(Method::Delete, &["session_launchers", &launcher.id], "remove the launcher");
    let name = &launcher.name;
    let text = match service::tell(outside, &call) {
        Ok(()) => format!("Removed the launcher `{name}` again"),
        Err(_) => format!(
            "The launcher `{name}` is still in the project: remove it at {}/p/{}",
            outside.base(),
            project.path()
        ),
    };
    outside.say(Level::Warn, &text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launcher_says_where_its_program_listens() {
        assert_eq!(
            environment("mine", "quay.io/me/mine:1", &NewLauncher::default()),
            json!({
                "environment_kind": "CUSTOM", "environment_image_source": "image",
                "name": "mine", "container_image": "quay.io/me/mine:1", "port": 8888,
                "default_url": "/lab", "uid": 1000, "gid": 1000,
            })
        );
        let wish = r#"{"port": 8787, "default_url": "/", "command": ["sh", "-c"], "args": ["run"],
                       "mount_directory": "/w", "working_directory": "/w/x", "uid": 0, "gid": 0}"#;
        assert_eq!(
            environment("r", "rocker/rstudio", &serde_json::from_str(wish).unwrap()),
            json!({
                "environment_kind": "CUSTOM", "environment_image_source": "image",
                "name": "r", "container_image": "rocker/rstudio", "port": 8787,
                "default_url": "/", "uid": 0, "gid": 0, "command": ["sh", "-c"], "args": ["run"],
                "mount_directory": "/w", "working_directory": "/w/x",
            })
        );
    }

    #[test]
    fn the_name_is_that_of_the_image() {
        for image in ["mine", "quay.io/me/mine:1", "localhost:5000/mine@sha256:0"] {
            assert_eq!(short_name(image), "mine", "{image}");
        }
    }
}
