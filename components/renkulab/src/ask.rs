//! What the user asks for, as plain data: the request is the host's and exists
//! in the sandbox only.

use renku_session_sdk::{Error, Request, Resources, Result, config};

use crate::config::Config;

#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Whether it is about one project.
    pub(crate) has_project: bool,
    /// The project that this folder is bound to: an id or `namespace/slug`.
    pub(crate) bound: Option<String>,
    pub(crate) config: Config,
    pub(crate) resources: Resources,
    /// Seconds; none: do not wait.
    pub(crate) wait: Option<u32>,
    /// Whether the image is the user's choice.
    pub(crate) image_is_users: bool,
    /// Whether `--from-remote` was typed.
    pub(crate) from_remote: bool,
    /// A resource class: its number, its name, or `POOL/CLASS`.
    pub(crate) class: Option<String>,
    /// Whether RenkuLab builds the launcher's image first.
    pub(crate) build: bool,
    pub(crate) data: DataWishes,
    /// The container whose log is meant.
    pub(crate) container: Option<String>,
}

/// What was typed about the project's data.
#[derive(Debug, Clone, Default)]
pub(crate) struct DataWishes {
    /// Data connectors and secrets that the session does without.
    pub(crate) skipped: Vec<String>,
    /// Values, by `CONNECTOR/FIELD` or by the file of a session secret.
    pub(crate) given: Vec<(String, String)>,
    /// Whether credentials are saved for the next sessions.
    pub(crate) save: bool,
}

impl Ask {
    /// # Errors
    ///
    /// `invalid-input` for a configuration that is not understood, `unsupported`
    /// for `--name`.
    pub(crate) fn of(request: &Request) -> Result<Self> {
        if request.session_name().is_some() {
            return Err(
                Error::unsupported("RenkuLab names sessions itself").help("leave out `--name`")
            );
        }
        let project = request.project();
        let option = |name| request.option_value(name);
        let lines = |name| {
            let text = option(name).unwrap_or_default();
            text.lines().map(str::to_owned).collect::<Vec<String>>()
        };
        Ok(Self {
            has_project: project.is_some(),
            bound: project.and_then(|project| project.remote_project()),
            config: config(request)?,
            resources: request.resources(),
            wait: request.wait_timeout(),
            image_is_users: request.image_is_users(),
            from_remote: option("from-remote").is_some(),
            class: option("class"),
            build: option("build").is_some(),
            data: DataWishes {
                skipped: lines("skip-data"),
                given: lines("data-secret").iter().map(|line| pair(line)).collect::<Result<_>>()?,
                save: option("save-data").is_some(),
            },
            container: option("container"),
        })
    }
}

/// `NAME=VALUE`. The value is nobody's business, and in no message.
fn pair(line: &str) -> Result<(String, String)> {
    match line.split_once('=') {
        Some((name, value)) if !name.is_empty() && !value.is_empty() => {
            Ok((name.to_owned(), value.to_owned()))
        }
        _ => Err(Error::invalid_input("`--data-secret` has a name and a value")
            .help("write `--data-secret CONNECTOR/FIELD=VALUE`, or `--data-secret FILE=VALUE` for a session secret")),
    }
}
