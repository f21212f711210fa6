//! What can go wrong in the commands themselves.

pub(super) use super::failure::Failure;
use crate::domain::{Diagnostic, ErrorKind, Session, is_plain_name, shell_word};
use crate::files::directories::NoHome;

/// Failures of the commands.
#[derive(Debug, thiserror::Error)]
pub(super) enum CommandError {
    /// No session of that name.
    #[error("{} no session `{name}`", whose(*everywhere))]
    UnknownSession {
        /// What was asked for.
        name: String,
        /// What there is.
        sessions: Vec<String>,
        /// Whether all projects were searched.
        everywhere: bool,
    },
    /// A name is needed.
    #[error("{} {} sessions: which one?", whose(*everywhere), sessions.len())]
    SeveralSessions {
        /// What there is.
        sessions: Vec<String>,
        /// Whether all projects were searched.
        everywhere: bool,
    },
    /// Several providers have a session of this name.
    #[error("{} providers have a session `{name}`: which one?", providers.len())]
    SeveralProviders {
        /// Its name.
        name: String,
        /// Who has it.
        providers: Vec<String>,
    },
    /// The option says one provider, the name another.
    #[error("`-p {option}` and `{prefix}/` name two providers")]
    TwoProviders {
        /// After `-p`.
        option: String,
        /// Before the session's name.
        prefix: String,
    },
    /// A provider named a session so that nobody could type it.
    #[error(
        "the provider `{provider}` calls a session `{name}`, which is not a name that you can type"
    )]
    UnusableName {
        /// Who has it.
        provider: String,
        /// Its name, with escapes.
        name: String,
    },
    /// A start is to have the name of a session that is there.
    #[error("this project has a session `{name}` already")]
    NameTaken {
        /// Its name.
        name: String,
        /// What to do with that.
        next: String,
    },
    /// There is nothing to open.
    #[error("{} no session", whose(*everywhere))]
    NoSession {
        /// Whether all projects were searched.
        everywhere: bool,
    },
    /// We stand in no project, and an option would do without one.
    #[error("`{}` is not in a git project", folder.display())]
    OutsideProject {
        /// Where we stand.
        folder: std::path::PathBuf,
        /// The option.
        option: &'static str,
    },
    /// Work is not committed.
    #[error(
        "{files} {} of this project {} not committed; what is saved stays in its folder",
        if *files == 1 { "file" } else { "files" },
        if *files == 1 { "is" } else { "are" }
    )]
    Uncommitted {
        /// How many files.
        files: usize,
    },
    /// A setting has no value.
    #[error("`{key}` is not set{}", if *global { " in your own settings" } else { "" })]
    NotSet {
        /// Which.
        key: &'static str,
        /// Whether only the user's own settings were asked.
        global: bool,
    },
    /// These formats have keys, not columns.
    #[error("`--columns` is for the formats `table` and `tsv`")]
    NoColumns,
    /// An image the user named is nowhere.
    #[error("the image `{image}` does not exist")]
    ImageAbsent {
        /// Its name.
        image: String,
    },
    /// An image is not on the engine, and may not be pulled.
    #[error("the image `{image}` is not on this engine, and `--pull never` forbids pulling it")]
    ImageNotHere {
        /// Its name.
        image: String,
    },
    /// Nobody says which image.
    #[error("this project has no image, because it has no commit yet")]
    NoImage,
    /// An image may not be read.
    #[error("the image `{image}` does not exist, or your login does not allow to read it")]
    ImageInaccessible {
        /// Its name.
        image: String,
    },
    /// The user said no.
    #[error("{what} was declined")]
    Declined {
        /// What.
        what: &'static str,
    },
    /// An option of the engine, for a provider that starts no containers.
    #[error(
        "`--{option}` is an option of providers that start containers, and `{provider}` does not"
    )]
    NoEngine {
        /// Which, without dashes.
        option: &'static str,
        /// Which.
        provider: String,
    },
    /// Something is to be published at a place that is no registry.
    #[error("`{place}` is not in a registry")]
    NoRegistry {
        /// What was typed.
        place: String,
    },
    /// A tag that is not the version.
    #[error("the tag is `{tag}`, and the provider says that it is version {version}")]
    OtherVersion {
        /// The tag.
        tag: String,
        /// The version.
        version: String,
    },
    /// A signature that does not fit its file.
    #[error("the signature `{signature}` is not one of `{file}`")]
    WrongSignature {
        /// The file.
        file: String,
        /// The signature's.
        signature: String,
        /// Why not, when it is none.
        causes: Vec<String>,
    },
    /// The provider has no such ability.
    #[error("provider `{provider}` cannot {what}")]
    Unable {
        /// Which.
        provider: String,
        /// Do what.
        what: &'static str,
    },
    /// A key of the user's settings that is no option of the engine.
    #[error("`{key}` under `[containers]` in `{file}` is not an option of the engine")]
    UnknownEngineSetting {
        /// The key.
        key: String,
        /// The file.
        file: String,
    },
    /// The command was interrupted.
    #[error("interrupted")]
    Interrupted,
    /// Some of several things failed; each was printed already.
    #[error("{failed} of {total} sessions could not be stopped")]
    Partly {
        /// How many.
        failed: usize,
        /// Of how many.
        total: usize,
    },
    /// The same of providers that were asked to stop all they have.
    #[error("{providers} providers could not stop their sessions")]
    SeveralFailed {
        /// How many.
        providers: usize,
    },
    /// The session works on the project itself, or has none.
    #[error("session `{name}` has no copy of the project")]
    NotCopied {
        /// Which session.
        name: String,
    },
    /// A copy could not be made.
    #[error("the project cannot be copied")]
    Uncopied(#[source] std::io::Error),
    /// Changes could not be brought back.
    #[error("the changes of session `{name}` could not be brought here")]
    NotBrought {
        /// Which session.
        name: String,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// Of repositories inside of the project files come, and no commits.
    #[error("not brought from session `{name}`: {}", paths(left))]
    InnerRepositories {
        /// Which session.
        name: String,
        /// Their folders.
        left: std::collections::BTreeSet<std::path::PathBuf>,
    },
    /// It is not a file that could be installed or allowed.
    #[error("the provider `{name}` is part of `renku`")]
    Bundled {
        /// Which.
        name: String,
    },
    /// There is no lock where one is needed.
    #[error("this project has no `{}`", crate::providers::LOCK_FILE)]
    NoLock,
    /// `mirror` has nothing to copy.
    #[error("there is nothing to mirror: no provider is installed")]
    NothingToMirror,
    /// It is not in the lock.
    #[error("`{name}` is not in the lock of this project")]
    NotPinned {
        /// Which.
        name: String,
    },
    /// A provider is granted what it does not want.
    #[error("provider `{provider}` does not ask for `{capability}`")]
    NotWanted {
        /// Which.
        provider: String,
        /// What was offered.
        capability: &'static str,
        /// What it asks for.
        wanted: Vec<&'static str>,
    },
    /// The runtime does not start.
    #[error("the program cannot start on this machine")]
    Runtime(#[source] std::io::Error),
    /// The manual pages cannot be written.
    #[error("the manual pages cannot be written to `{}`", directory.display())]
    Manual {
        /// Where.
        directory: std::path::PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// No home directory.
    #[error(transparent)]
    NoHome(NoHome),
}

impl CommandError {
    /// What is wrong with the name of a session; none when a user can type it.
    pub(super) fn unusable_name(session: &Session) -> Option<Self> {
        let Session { name, provider, .. } = session;
        let unusable = || Self::UnusableName { provider: provider.clone(), name: name.clone() };
        (!is_plain_name(name)).then(unusable)
    }
}

/// Who has sessions, or not.
fn whose(everywhere: bool) -> &'static str {
    if everywhere { "your projects have" } else { "this project has" }
}

/// The registry in the name of an image, for the end of a command; nothing for
/// the default one.
fn registry_of(image: &str) -> String {
    match image.split_once('/') {
        Some((host, _)) if host.contains(['.', ':']) || host == "localhost" => format!(" {host}"),
        _ => String::new(),
    }
}

fn names(sessions: &[String]) -> String {
    sessions.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

fn paths(paths: &std::collections::BTreeSet<std::path::PathBuf>) -> String {
    paths.iter().map(|path| format!("`{}`", path.display())).collect::<Vec<_>>().join(", ")
}

impl Diagnostic for CommandError {
    fn kind(&self) -> ErrorKind {
        match self {
            Self::UnknownSession { .. }
            | Self::ImageAbsent { .. }
            | Self::NotSet { .. }
            | Self::ImageNotHere { .. }
            | Self::NoImage
            | Self::NoLock
            | Self::NothingToMirror
            | Self::NotPinned { .. }
            | Self::NoSession { .. } => ErrorKind::NotFound,
            Self::UnknownEngineSetting { .. }
            | Self::SeveralSessions { .. }
            | Self::SeveralProviders { .. }
            | Self::TwoProviders { .. }
            | Self::UnusableName { .. }
            | Self::OutsideProject { .. }
            | Self::NoEngine { .. }
            | Self::NoRegistry { .. }
            | Self::OtherVersion { .. }
            | Self::NoColumns
            | Self::NotWanted { .. }
            | Self::Bundled { .. }
            | Self::NoHome(_) => ErrorKind::InvalidInput,
            Self::ImageInaccessible { .. } => ErrorKind::Unauthenticated,
            Self::Declined { .. } | Self::Interrupted => ErrorKind::Cancelled,
            Self::Unable { .. } => ErrorKind::Unsupported,
            Self::NotCopied { .. } | Self::WrongSignature { .. } | Self::NameTaken { .. } => {
                ErrorKind::Conflict
            }
            Self::Partly { .. }
            | Self::SeveralFailed { .. }
            | Self::Uncommitted { .. }
            | Self::Uncopied(_)
            | Self::NotBrought { .. }
            | Self::InnerRepositories { .. }
            | Self::Runtime(_)
            | Self::Manual { .. } => ErrorKind::Other,
        }
    }

    fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownSession { sessions, .. } if sessions.is_empty() => {
                Some("it has none; `renku session start` starts one".into())
            }
            Self::UnknownSession { sessions, .. } | Self::SeveralSessions { sessions, .. } => {
                Some(format!("name one of {}", names(sessions)))
            }
            Self::SeveralProviders { name, providers } => {
                let full: Vec<_> = providers.iter().map(|it| format!("{it}/{name}")).collect();
                Some(format!("name one of {}", names(&full)))
            }
            Self::UnusableName { .. } => Some(
                "`renku session stop --all` stops it and the others; repeat `-p` if you typed it".into(),
            ),
            Self::NameTaken { next, .. } => Some(format!("{next}; or choose another `--name`")),
            Self::TwoProviders { prefix, .. } => {
                Some(format!("leave out `-p`, or the `{prefix}/` before the name"))
            }
            Self::OutsideProject { option, .. } => {
                Some(format!("go to your project with `cd`, or add `{option}`"))
            }
            Self::NotSet { key, global } => {
                let option = if *global { " --global" } else { "" };
                Some(format!("set it with `renku config set{option} {key} VALUE`"))
            }
            Self::NoColumns => Some("leave out `--columns`: every key is there".into()),
            Self::NoSession { .. } => Some("run `renku session start`".into()),
            Self::ImageAbsent { image } => Some(format!(
                "check the spelling of `{image}`; an image that was named is never built"
            )),
            Self::ImageInaccessible { image } => {
                Some(format!("check its name, or log in with `docker login{}`", registry_of(image)))
            }
            Self::ImageNotHere { .. } => Some("leave out `--pull never`".into()),
            Self::NoImage => Some("commit something, or name an image with `--image`".into()),
            Self::NotCopied { .. } => Some(
                "copies are made with `start --mount volume`; other sessions work on the project itself, or without it".into(),
            ),
            Self::InnerRepositories { .. } => Some(
                "these are repositories of their own; push their commits from the session".into(),
            ),
            Self::Bundled { .. } => {
                Some("it has its permission, and changes only together with `renku`".into())
            }
            Self::NothingToMirror => Some("install one first: `renku session provider add SOURCE`".into()),
            Self::NoLock => Some("`renku session provider pin NAME` makes one".into()),
            Self::NotWanted { wanted, .. } if wanted.is_empty() => {
                Some("it asks for nothing".into())
            }
            Self::NotWanted { wanted, .. } => {
                Some(format!("it asks for `{}`", wanted.join("`, `")))
            }
            Self::NoEngine { option, .. } => Some(format!("leave out `--{option}`")),
            Self::NoRegistry { .. } => {
                Some("write it like `oci://registry.example.org/acme/slurm:1.0.0`".into())
            }
            Self::WrongSignature { file, .. } => {
                let file = shell_word(file);
                Some(format!("run `renku session provider sign {file}`, and push again"))
            }
            Self::OtherVersion { version, .. } => Some(format!("end the place with `:{version}`")),
            Self::UnknownEngineSetting { .. } => Some(
                "`renku session start --help` lists them; write `shm_size` for `--shm-size`".into(),
            ),
            Self::NoHome(error) => error.hint(),
            Self::Declined { .. }
            | Self::NotPinned { .. }
            | Self::Unable { .. }
            | Self::Interrupted
            | Self::Partly { .. }
            | Self::SeveralFailed { .. }
            | Self::Uncommitted { .. }
            | Self::Uncopied(_)
            | Self::NotBrought { .. }
            | Self::Runtime(_)
            | Self::Manual { .. } => None,
        }
    }

    fn causes(&self) -> Vec<String> {
        match self {
            Self::WrongSignature { causes, .. } => causes.clone(),
            Self::Runtime(source)
            | Self::Uncopied(source)
            | Self::NotBrought { source, .. }
            | Self::Manual { source, .. } => vec![source.to_string()],
            _ => Vec::new(),
        }
    }

    fn exit_status(&self) -> crate::domain::ExitStatus {
        match self {
            // A "no" is not an interrupt: nothing was running.
            Self::Declined { .. } => crate::domain::ExitStatus::Failure,
            _ => self.kind().exit_status(),
        }
    }
}
