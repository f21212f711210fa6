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
        Ok(Self {
            has_project: project.is_some(),
            bound: project.and_then(|project| project.remote_project()),
            config: config(request)?,
            resources: request.resources(),
            wait: request.wait_timeout(),
            image_is_users: request.image_is_users(),
            from_remote: request.option_value("from-remote").is_some(),
        })
    }
}
