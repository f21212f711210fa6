//! The engine under the policy that stands above all engines.

mod faults;
mod images;
mod sessions;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use tempfile::TempDir;

use crate::contract::{
    ContainerSpec, Containers, ImageOptions, LogSink, ProjectFiles, ProjectScope, Scope, Task,
};
use crate::domain::{EngineKind, Identity, ProviderError, Silent};
use crate::files::session_key::KeyFile;
use crate::image::Image;
use crate::kept::Kept;
use crate::programs::Played;
use crate::{Memory, State};

const IMAGE: &str = "analysis:0123456";

/// An engine, a user and a project of theirs.
struct Ground {
    folder: TempDir,
    memory: Arc<Memory>,
    programs: Arc<Played>,
}

impl Ground {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("folder");
        std::fs::create_dir(folder.path().join("analysis")).expect("project");
        let programs = Arc::new(Played::printing("one\ntwo\n"));
        let memory = Arc::new(Memory::new(Kept::default(), programs.clone()));
        let ground = Self { folder, memory, programs };
        let image = Image { command: vec!["serve".into()], size: 7, ..Image::default() };
        ground.change(|state| state.add_image(IMAGE, image));
        ground
    }

    fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> T {
        self.memory.change(work).expect("state")
    }

    /// The project's folder.
    fn root(&self) -> std::path::PathBuf {
        self.folder.path().join("analysis")
    }

    fn scope(&self, files: ProjectFiles) -> Scope {
        let project = ProjectScope { id: "p1".into(), root: self.root(), files };
        Scope {
            provider: Identity::named("docker"),
            project: Some(project),
            legacy: false,
            key: KeyFile::within(self.folder.path(), true),
        }
    }

    /// One command of the provider.
    fn containers(&self) -> Containers {
        let scope = self.scope(ProjectFiles::Mounted);
        Containers::new(scope, self.memory.clone(), Arc::new(Silent))
    }

    /// The same with these options about images.
    fn with_images(&self, images: ImageOptions) -> Containers {
        let task = Task {
            engine: EngineKind::default(),
            scope: self.scope(ProjectFiles::Mounted),
            images,
            limits: Default::default(),
            options: Default::default(),
            reporter: Arc::new(Silent),
        };
        Containers::of(self.memory.clone(), task)
    }

    fn names(&self) -> Vec<String> {
        self.change(|state| state.containers.keys().cloned().collect())
    }
}

fn spec(name: &str) -> ContainerSpec {
    ContainerSpec {
        name: name.into(),
        image: IMAGE.into(),
        publish: vec![8888],
        labels: BTreeMap::from([("branch".to_owned(), "main".to_owned())]),
        mount_project: Some("/work/analysis".into()),
        ..ContainerSpec::default()
    }
}

/// Keeps what it gets.
#[derive(Default)]
struct Sink(Mutex<Vec<u8>>);

impl LogSink for Sink {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().expect("sink").extend_from_slice(bytes);
        Ok(())
    }
}

impl Sink {
    fn text(self) -> String {
        String::from_utf8(self.0.into_inner().expect("sink")).expect("text")
    }
}
