//! A container as a person makes it: [`RunSpec`] as the command line of Docker's or
//! Podman's own client. Nothing is decided here; `body` is the same for the API.

mod client;

use crate::contract::{MountedFiles, ProjectMount, Published, RunSpec};
use crate::domain::changes::PlannedCommand;
use crate::domain::{Gpu, Resources};

pub(crate) use client::Client;

/// The command line; none where the client has no words for it.
pub(crate) fn command(run: &RunSpec, client: &Client) -> Option<PlannedCommand> {
    let mut line = Line::default();
    line.0.push(client.words(&["run", "--detach"]));
    line.option("name", Some(&run.name));
    line.option("user", run.user.as_ref());
    line.option("userns", run.user_namespace.as_ref());
    line.option("workdir", run.working_directory.as_ref());
    line.option("mount", run.project.as_ref().and_then(mount));
    line.options("publish", run.ports.iter().map(published));
    line.resources(&run.resources);
    for (name, value) in run.written_options() {
        match value {
            Some(value) => line.option(name, Some(value)),
            None => line.0.push(vec![format!("--{name}")]),
        }
    }
    line.options("env", run.environment.iter().map(|(name, value)| format!("{name}={value}")));
    line.options("label", run.labels.iter().map(|(name, value)| format!("{name}={value}")));
    let (entrypoint, arguments) = entrypoint(run, client)?;
    line.option("entrypoint", entrypoint);
    let program = arguments.into_iter().chain(run.command.iter().flatten().cloned());
    line.0.push(std::iter::once(run.image.clone()).chain(program).collect());
    Some(PlannedCommand { groups: line.0, lacks: lacks(run) })
}

/// What stands for the image's entrypoint, and the first arguments. Docker's client takes
/// one word: the others go before the command, which makes the same program.
fn entrypoint(run: &RunSpec, client: &Client) -> Option<(Option<String>, Vec<String>)> {
    match run.entrypoint.as_deref() {
        None => Some((None, Vec::new())),
        // An empty one keeps the image's command, `--entrypoint ''` does not.
        Some([]) if run.command.as_ref().is_none_or(Vec::is_empty) => None,
        Some([]) => Some((Some(String::new()), Vec::new())),
        Some([word]) => Some((Some(word.clone()), Vec::new())),
        Some(words) if client.is_podman() => {
            Some((Some(serde_json::Value::from(words).to_string()), Vec::new()))
        }
        Some([word, arguments @ ..]) => Some((Some(word.clone()), arguments.to_vec())),
    }
}

/// What is done between making the container and starting it.
fn lacks(run: &RunSpec) -> Vec<String> {
    let user = run.person.as_ref().map(|_| "make its user one of the image".to_owned());
    let project = run.project.as_ref().and_then(|project| match &project.files {
        MountedFiles::Folder(_) => None,
        MountedFiles::Volume(_) => Some("copy the project".to_owned()),
        MountedFiles::Nowhere => Some(format!("make the folder {}", project.target)),
    });
    user.into_iter().chain(project).collect()
}

/// `--mount` is a row of CSV (RFC 4180).
fn mount(project: &ProjectMount) -> Option<String> {
    let (kind, source) = match &project.files {
        MountedFiles::Folder(root) => ("bind", root.to_string_lossy().into_owned()),
        MountedFiles::Volume(volume) => ("volume", volume.clone()),
        MountedFiles::Nowhere => return None,
    };
    let fields =
        [format!("type={kind}"), format!("source={source}"), format!("target={}", project.target)];
    Some(fields.map(csv).join(","))
}

fn csv(field: String) -> String {
    match field.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", field.replace('"', "\"\"")),
        false => field,
    }
}

fn published(port: &Published) -> String {
    let host = match port.host.address {
        std::net::IpAddr::V4(address) => address.to_string(),
        std::net::IpAddr::V6(address) => format!("[{address}]"),
    };
    let outside = port.host.port.map(|port| port.to_string()).unwrap_or_default();
    format!("{host}:{outside}:{}/{}", port.container, port.protocol.as_str())
}

#[derive(Default)]
struct Line(Vec<Vec<String>>);

impl Line {
    fn option(&mut self, name: &str, value: Option<impl ToString>) {
        self.options(name, value);
    }

    fn options(&mut self, name: &str, values: impl IntoIterator<Item = impl ToString>) {
        self.0.extend(values.into_iter().map(|value| vec![format!("--{name}"), value.to_string()]));
    }

    fn resources(&mut self, resources: &Resources) {
        self.option("cpus", resources.cpu);
        self.option("memory", resources.memory);
        self.option("storage-opt", resources.disk.map(|bytes| format!("size={bytes}")));
        let gpus = resources.gpu.as_ref().map(|gpu| match gpu {
            Gpu::Count(count) => count.to_string(),
            Gpu::All => "all".to_owned(),
            Gpu::Devices(devices) => csv(format!("device={}", devices.join(","))),
        });
        self.option("gpus", gpus);
    }
}

#[cfg(test)]
mod tests;
