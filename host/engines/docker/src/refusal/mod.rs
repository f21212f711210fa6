//! What an engine means when it refuses a container. Its own words are shown as
//! well; without the option that they are about they are hard to place.

mod program;
mod table;

use crate::contract::{ContainersError, ImageError, MountedFiles, Published, RunSpec};
use crate::docker_facts::DockerFacts;
use crate::domain::EngineCommands;
use crate::engine_errors;
use table::{Meaning, meaning};

/// The named error in the engine's answer to a request that makes or starts `run`.
pub(crate) fn named(
    run: &RunSpec,
    facts: Option<&DockerFacts>,
    action: &'static str,
    error: &bollard::errors::Error,
) -> ContainersError {
    let message = engine_errors::message(error);
    if let Some(program) = program::missing(&message) {
        let (image, program) = (run.image.clone(), program.to_owned());
        return ContainersError::ProgramMissing { image, program, message };
    }
    let named = meaning(&message).and_then(|meaning| by_meaning(run, facts, meaning, &message));
    named.unwrap_or(ContainersError::Engine { action, message })
}

/// None: nothing was asked for that this could be about.
fn by_meaning(
    run: &RunSpec,
    facts: Option<&DockerFacts>,
    meaning: Meaning,
    message: &str,
) -> Option<ContainersError> {
    let message = message.to_owned();
    Some(match meaning {
        Meaning::Options(options) => {
            let option = options.iter().find_map(|option| run.typed.shown(option))?;
            ContainersError::OptionRefused { option, message }
        }
        Meaning::Port => {
            ContainersError::PortTaken { port: taken_port(&run.ports, &message)?, message }
        }
        Meaning::Source => match names_project(run, &message) {
            true => ContainersError::ProjectUnseen { message },
            false => ContainersError::MountMissing { message },
        },
        Meaning::Image => {
            let (image, client) = (run.image.clone(), EngineCommands::default());
            ImageError::ImageMissing { image, client }.into()
        }
        Meaning::Name => ContainersError::NameTaken { name: run.name.clone() },
        Meaning::Gpu => {
            let _asked = run.resources.gpu.as_ref()?;
            ContainersError::GpuUnavailable { message }
        }
        Meaning::Disk => {
            let _asked = run.resources.disk?;
            ContainersError::DiskUnsupported { driver: facts?.storage() }
        }
    })
}

/// Whether an answer is about the folder of the project itself, and not one in it.
fn names_project(run: &RunSpec, message: &str) -> bool {
    let Some(MountedFiles::Folder(root)) = run.project.as_ref().map(|it| &it.files) else {
        return false;
    };
    let root = root.to_string_lossy();
    let goes_on = |next: char| next == '/' || next == '-' || next == '.' || next.is_alphanumeric();
    message.match_indices(&*root).any(|(at, found)| {
        let after = message.get(at + found.len()..).unwrap_or_default();
        !after.starts_with(goes_on)
    })
}

/// The host port that was typed and that `message` names, else the first one.
fn taken_port(ports: &[Published], message: &str) -> Option<u16> {
    let mut typed = ports.iter().filter_map(|published| published.host.port);
    let first = typed.clone().next();
    typed.find(|port| message.contains(&format!(":{port}"))).or(first)
}

#[cfg(test)]
mod tests;
