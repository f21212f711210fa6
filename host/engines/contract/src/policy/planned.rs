//! A container that would be made, in words for people: the same on every engine.

use super::run_spec::{MountedFiles, RunSpec};
use crate::domain::changes::PlannedRow;
use crate::domain::{Gpu, size_in_words};
use crate::options::WrittenOption;

/// The security option whose value is a profile, or the file that has it.
const PROFILE: &str = "seccomp=";

impl RunSpec {
    /// The options for the engine in the words that they were typed in: of a profile
    /// the file, not its text.
    #[must_use]
    pub fn written_options(&self) -> Vec<WrittenOption> {
        let mut files =
            self.typed.values("security-opt").filter(|value| value.starts_with(PROFILE));
        let mut words = self.options.written();
        for (_, value) in words.iter_mut().filter(|(name, _)| *name == "security-opt") {
            if value.as_ref().is_some_and(|value| value.starts_with(PROFILE))
                && let Some(file) = files.next()
            {
                *value = Some(file.to_owned());
            }
        }
        words
    }

    /// Everything about it.
    pub(crate) fn rows(&self) -> Vec<PlannedRow> {
        let mut rows = Rows::default();
        rows.one("image", Some(&self.image));
        rows.line("entrypoint", self.entrypoint.as_deref());
        rows.line("command", self.command.as_deref());
        rows.one("folder", self.working_directory.as_ref());
        rows.one("user", self.user.as_ref());
        rows.one("user namespace", self.user_namespace.as_ref());
        let home = self.person.as_ref().map(|person| match &person.home {
            Some(home) => format!("{home}, a new folder"),
            None => "that of the image's user".to_owned(),
        });
        rows.one("home", home);
        let project = self.project.as_ref().map(|project| match &project.files {
            MountedFiles::Folder(root) => format!("{} at {}", root.display(), project.target),
            MountedFiles::Volume(volume) => {
                format!("a copy in the new volume {volume} at {}", project.target)
            }
            MountedFiles::Nowhere => format!("an empty folder at {}", project.target),
        });
        rows.one("project", project);
        for port in &self.ports {
            let at = match port.host.port {
                Some(number) => format!("port {number}"),
                None => "a free port".to_owned(),
            };
            let (inside, protocol) = (port.container, port.protocol.as_str());
            rows.one("port", Some(format!("{inside}/{protocol} at {at} of {}", port.host.address)));
        }
        let resources = &self.resources;
        rows.one("cpu", resources.cpu);
        rows.one("memory", resources.memory.map(size_in_words));
        rows.one("disk", resources.disk.map(size_in_words));
        let gpu = resources.gpu.as_ref().map(|gpu| match gpu {
            Gpu::Count(count) => count.to_string(),
            Gpu::All => "all".to_owned(),
            Gpu::Devices(devices) => devices.join(", "),
        });
        rows.one("gpu", gpu);
        for (name, value) in self.written_options() {
            rows.words("option", std::iter::once(format!("--{name}")).chain(value));
        }
        for (name, value) in &self.environment {
            rows.one("variable", Some(format!("{name}={value}")));
        }
        for (name, value) in &self.labels {
            rows.one("label", Some(format!("{name}={value}")));
        }
        rows.0
    }
}

#[derive(Default)]
struct Rows(Vec<PlannedRow>);

impl Rows {
    fn one(&mut self, name: &'static str, value: Option<impl ToString>) {
        if let Some(value) = value {
            self.words(name, [value.to_string()]);
        }
    }

    fn line(&mut self, name: &'static str, words: Option<&[String]>) {
        if let Some(words) = words {
            self.words(name, words.iter().cloned());
        }
    }

    fn words(&mut self, name: &'static str, words: impl IntoIterator<Item = String>) {
        self.0.push(PlannedRow { name, words: words.into_iter().collect() });
    }
}
