//! Starts a session: what a container needs to be one.

use renku_session_sdk::containers::{self, Container, ContainerSpec, ImageConfig, Probe, RunAs};
use renku_session_sdk::invocation::Level;
use renku_session_sdk::{
    Error, ErrorKind, Project, Request, Result, Session, SessionStatus, config, invocation, now,
    readable_name,
};

use crate::config::Config;
use crate::port::Ports;
use crate::{base_url, command, login, renkulab, session};

/// How long the page that opens may take, once the session answers.
const PAGE_SECONDS: u32 = 30;
/// How many names are tried before giving up.
const ATTEMPTS: usize = 3;

/// Starts a session of `image` and waits as long as the request says.
///
/// # Errors
///
/// When the container does not start or does not answer in time.
pub(crate) fn start(request: &Request, image: &str) -> Result<Session> {
    let project = request
        .project()
        .ok_or_else(|| Error::invalid_input("there is no project to start a session of"))?;
    let config: Config = config(request)?;
    let image_config = containers::inspect_image(image)?;
    let mut layout = Layout::new(&config, &image_config, &project.slug())?;

    let mut container = start_container(request, &project, image, &layout)?;
    let name = container.name();
    invocation::created(&name);
    let mut session = session::describe(&container);
    let Some(seconds) = request.wait_timeout() else {
        // One that has ended already says so.
        if session.status == SessionStatus::Running {
            session.status = SessionStatus::Starting;
        }
        return Ok(session);
    };
    if let Err(error) = wait(&name, &layout, seconds) {
        // What its program says about itself is better than any guess. Ports and labels are
        // those of a new container.
        let Some((port, path)) = session::server(&name).filter(|it| layout.may_move_to(it)) else {
            return Err(error);
        };
        invocation::log(
            Level::Info,
            &format!("the session answers on port {port} below `{path}/`: it is started again"),
        );
        layout.move_to(port, &path);
        containers::stop(&name, 0)?;
        container = containers::start(&specification(&name, request, &project, image, &layout))?;
        invocation::created(&name);
        wait(&name, &layout, seconds)?;
        session = session::describe(&container);
    }
    session.status = SessionStatus::Running;
    if let Some(login) = layout.login {
        invocation::log(Level::Info, &format!("the session asks who you are: {login}"));
    }
    Ok(session)
}

/// Waits until the session answers, and opens the page that its URL names.
fn wait(name: &str, layout: &Layout, seconds: u32) -> Result<()> {
    let port = layout.ports.first;
    containers::wait_ready(name, port, &layout.probes(), seconds)?;
    let page = [Probe { path: layout.page(name), status_below: 400 }];
    match containers::wait_ready(name, port, &page, PAGE_SECONDS.min(seconds.max(1))) {
        Err(error) if error.kind == ErrorKind::Timeout => {
            let path = &layout.default_url;
            let error = Error::conflict(format!("the page `{path}` of the session does not open"))
                .help("name another page with `--default-url PATH`")
                .cause(error.message);
            Err(error)
        }
        result => result,
    }
}

/// What follows from configuration and image.
struct Layout {
    ports: Ports,
    program: command::Program,
    mount: String,
    directory: String,
    base_url: String,
    default_url: String,
    ready_path: String,
    token_variable: String,
    environment: Vec<(String, String)>,
    /// How to log in, where that is the program's own business.
    login: Option<&'static str>,
    /// Whether port and base path were configured: then nothing else will do.
    is_port_configured: bool,
    is_base_configured: bool,
}

impl Layout {
    fn new(config: &Config, image: &ImageConfig, slug: &str) -> Result<Self> {
        let exposed = image.exposed_ports();
        let variable = |name: &str| image.environment(name);
        let (entrypoint, command) = (image.entrypoint(), image.command());
        let guess = Ports::choose(config.port, &[], variable, &exposed).first;
        let configured = config.base_url();
        let program =
            command::choose(config.command()?, &entrypoint, &command, guess, configured.as_deref());
        let words: Vec<&String> = program.words(&entrypoint, &command).collect();
        let ports = Ports::choose(config.port, &words, variable, &exposed);
        let base_url = configured
            .clone()
            .or_else(|| base_url::of_command(words.iter().copied()))
            .unwrap_or_default();
        let mount = config
            .mount_path()?
            .unwrap_or_else(|| project_directory(&image.working_directory(), slug));
        let directory = config.working_directory()?.unwrap_or_else(|| mount.clone());
        let usual = if program.is_jupyter(&entrypoint, &command) { "/lab" } else { "/" };
        let mut environment = Vec::new();
        let mut ports = ports;
        if let Some(port) = renkulab::port(image) {
            ports = Ports::only(config.port.unwrap_or(port));
            environment = renkulab::environment(ports.first, &base_url, &mount);
        }
        let configured_variables = config.environment()?.into_iter();
        environment.extend(configured_variables.map(|(name, value)| (name.to_owned(), value)));
        Ok(Self {
            default_url: base_url::below(&base_url, &config.default_url(usual)),
            ready_path: base_url::below(&base_url, &config.ready_path()),
            token_variable: config.token_environment()?.to_owned(),
            environment,
            login: login::of(&words),
            is_port_configured: config.port.is_some(),
            is_base_configured: configured.is_some(),
            ports,
            program,
            mount,
            directory,
            base_url,
        })
    }

    /// Whether the server may be there, and not where it was asked.
    fn may_move_to(&self, (port, path): &(u16, String)) -> bool {
        (*port == self.ports.first || !self.is_port_configured)
            && (*path == self.base_url || !self.is_base_configured)
    }

    /// The server is there.
    fn move_to(&mut self, port: u16, path: &str) {
        self.ports = Ports::only(port);
        let relative =
            |url: &str| url.strip_prefix(self.base_url.as_str()).unwrap_or(url).to_owned();
        self.default_url = base_url::below(path, &relative(&self.default_url));
        self.ready_path = base_url::below(path, &relative(&self.ready_path));
        path.clone_into(&mut self.base_url);
    }

    /// The page that opens, with the token.
    fn page(&self, name: &str) -> String {
        let path = self.default_url.split('#').next().unwrap_or_default();
        match self.login {
            Some(_) => path.to_owned(),
            None => {
                let separator = if path.contains('?') { '&' } else { '?' };
                format!("{path}{separator}token={}", session::token(name))
            }
        }
    }

    /// A Jupyter server answers on `/api` without a token; whatever else runs
    /// there says 404, and is ready when it answers at all.
    fn probes(&self) -> [Probe; 2] {
        [
            Probe { path: format!("{}/api", self.base_url), status_below: 400 },
            Probe { path: self.ready_path.clone(), status_below: 500 },
        ]
    }
}

/// Where the project is in the session: below the image's working directory, as
/// the Python `renku` did.
fn project_directory(working_directory: &str, slug: &str) -> String {
    let base = working_directory.trim_end_matches('/');
    if base.starts_with('/') { format!("{base}/work/{slug}") } else { format!("/work/{slug}") }
}

/// A name that the user chose is that or an error. Others are random, so a conflict
/// is rare; another name is tried then.
fn start_container(
    request: &Request,
    project: &Project,
    image: &str,
    layout: &Layout,
) -> Result<Container> {
    if let Some(name) = request.session_name() {
        return containers::start(&specification(&name, request, project, image, layout));
    }
    let mut conflict = None;
    for _ in 0..ATTEMPTS {
        let name = readable_name(&project.slug());
        match containers::start(&specification(&name, request, project, image, layout)) {
            Err(error) if error.kind == ErrorKind::Conflict => conflict = Some(error),
            result => return result,
        }
    }
    Err(conflict.unwrap_or_else(|| Error::conflict("no free name for the session was found")))
}

fn specification(
    name: &str,
    request: &Request,
    project: &Project,
    image: &str,
    layout: &Layout,
) -> ContainerSpec {
    let spec = ContainerSpec::new(name, image);
    if let Some(entrypoint) = &layout.program.entrypoint {
        spec.entrypoint(entrypoint);
    }
    if let Some(command) = &layout.program.command {
        spec.command(command);
    }
    for port in layout.ports.all() {
        spec.publish(port);
    }
    spec.mount_project(project, &layout.mount);
    spec.working_directory(&layout.directory);
    spec.run_as(RunAs::ProjectOwner);
    spec.resources(&request.resources());
    for (variable, value) in &layout.environment {
        spec.environment(variable, value);
    }
    spec.environment(&layout.token_variable, &session::token(name));
    for (variable, value) in git_identity(project.author_name(), project.author_email()) {
        spec.environment(variable, &value);
    }
    spec.label(session::PROJECT, &project.name());
    spec.label(session::START_TIME, &now());
    spec.label(session::PORT, &layout.ports.first.to_string());
    spec.label(session::DEFAULT_URL, &layout.default_url);
    if layout.login.is_some() {
        spec.label(session::LOGIN, "own");
    }
    if let Some(branch) = project.branch() {
        spec.label(session::BRANCH, &branch);
    }
    if let Some(commit) = project.commit() {
        spec.label(session::COMMIT, &commit);
    }
    spec
}

/// Commits made in the session carry the user's name and address (git(1),
/// "Git Commits").
fn git_identity(name: Option<String>, email: Option<String>) -> Vec<(&'static str, String)> {
    let names = ["GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"];
    let emails = ["GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL", "EMAIL"];
    let names = name.into_iter().flat_map(|name| names.map(|variable| (variable, name.clone())));
    let emails =
        email.into_iter().flat_map(|email| emails.map(|variable| (variable, email.clone())));
    names.chain(emails).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_project_lies_below_the_working_directory_of_the_image() {
        for (working_directory, expected) in [
            ("/home/jovyan", "/home/jovyan/work/analysis"),
            ("/home/jovyan/", "/home/jovyan/work/analysis"),
            ("/", "/work/analysis"),
            ("", "/work/analysis"),
            ("relative", "/work/analysis"),
        ] {
            assert_eq!(project_directory(working_directory, "analysis"), expected);
        }
    }

    #[test]
    fn commits_carry_what_git_knows_about_the_user() {
        assert_eq!(
            git_identity(Some("Ada".to_owned()), Some("ada@example.org".to_owned())),
            [
                ("GIT_AUTHOR_NAME", "Ada".to_owned()),
                ("GIT_COMMITTER_NAME", "Ada".to_owned()),
                ("GIT_AUTHOR_EMAIL", "ada@example.org".to_owned()),
                ("GIT_COMMITTER_EMAIL", "ada@example.org".to_owned()),
                ("EMAIL", "ada@example.org".to_owned()),
            ]
        );
        assert_eq!(git_identity(None, None), []);
    }
}
