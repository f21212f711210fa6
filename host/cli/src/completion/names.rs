//! Names for completion: sessions of this project and providers, without running
//! a provider.

use std::time::Duration;

use super::remembered;
use crate::contract::{ContainerState, Engines, ProjectFiles, ProjectScope};
use crate::domain::shown_label;
use crate::files::directories;
use crate::files::session_key::KeyFile;
use crate::project::{Project, SettingKey};
use crate::providers::{self, Catalogue};

/// How long the engine of this machine may take. Whoever pressed TAB waits.
const DEADLINE: Duration = Duration::from_millis(15);

/// A name that can be typed.
#[derive(Debug, Clone)]
pub(super) struct Name {
    /// Whose session it is; none for the name of a provider.
    pub(super) provider: Option<String>,
    pub(super) name: String,
    pub(super) about: String,
}

pub(super) type Names = Vec<Name>;

/// The sessions of this project that are in one of these states (none: all): those
/// in the engine of this machine, and remote ones that a list showed just now.
pub(super) fn sessions(states: &[ContainerState], engines: &dyn Engines) -> Names {
    let here = std::env::current_dir().ok();
    let Some(project) = here.and_then(|here| Project::locate(&here).ok()) else {
        return Vec::new();
    };
    let mut names = local(&project, states, engines);
    names.extend(remembered::sessions(project.id()).into_iter().map(|session| Name {
        about: format!("{}, {}", session.provider, session.status),
        provider: Some(session.provider),
        name: session.name,
    }));
    names
}

fn local(project: &Project, states: &[ContainerState], engines: &dyn Engines) -> Names {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let Ok(runtime) = runtime else { return Vec::new() };
    let scope = ProjectScope {
        id: project.id().to_owned(),
        root: project.root().to_owned(),
        files: ProjectFiles::default(),
    };
    let Some(configuration) = directories::configuration() else { return Vec::new() };
    let key = KeyFile::within(&configuration, false);
    let legacy = providers::of_python_renku();
    let found = runtime.block_on(async {
        tokio::time::timeout(DEADLINE, engines.glance(&scope, &key, legacy)).await
    });
    found
        .unwrap_or_default()
        .into_iter()
        .filter(|seen| states.is_empty() || states.contains(&seen.state))
        .map(|seen| Name {
            about: format!("{}, {}", shown_label(&seen.provider), seen.state.as_str()),
            provider: Some(shown_label(&seen.provider).to_owned()),
            name: seen.name,
        })
        .collect()
}

/// The settings that `renku config` knows.
pub(super) fn settings() -> Names {
    SettingKey::ALL
        .iter()
        .map(|key| Name { provider: None, name: key.name().to_owned(), about: "setting".into() })
        .collect()
}

/// The providers that `-p` knows.
pub(super) fn providers() -> Names {
    let here = std::env::current_dir().ok();
    let project = here.and_then(|here| Project::locate(&here).ok());
    Catalogue::new(project.as_ref().map(Project::root))
        .known()
        .into_iter()
        .map(|name| Name { provider: None, name, about: "provider".into() })
        .collect()
}
