//! The questions of the host, answered over a driver.

use futures_util::future::BoxFuture;

use crate::domain::EngineCommands;
use crate::domain::changes::PlannedContainer;
use crate::{
    Asked, ContainerSpec, Containers, ContainersError, CopiedProject, EnginePlace, ExecSpec,
    ExecStreams, HostEngine, Inside, LeftCopy, OwnImage, ProjectFiles, ProjectImage, ReachError,
    Tunnel,
};

impl Containers {
    /// Whether the engine can give containers the files of the project, the way
    /// that was chosen.
    ///
    /// # Errors
    ///
    /// [`ReachError::ProjectElsewhere`]; when no engine answers.
    pub async fn check_project_files(&self) -> Result<(), ContainersError> {
        let project = self.0.scope.project.as_ref();
        if !project.is_some_and(|project| matches!(project.files, ProjectFiles::Mounted)) {
            return Ok(());
        }
        match self.0.driver.place().await? {
            EnginePlace::Here => Ok(()),
            EnginePlace::Tunnelled { destination: address }
            | EnginePlace::Unreachable { host: address } => {
                Err(ReachError::ProjectElsewhere { address }.into())
            }
        }
    }
}

impl Containers {
    /// The answer to a question; its error has the commands of the engine.
    pub(super) fn asked<'a, T: Send + 'a>(
        &'a self,
        answer: impl Future<Output = Result<T, ContainersError>> + Send + 'a,
    ) -> Asked<'a, T> {
        Box::pin(async move {
            match answer.await {
                Ok(answer) => Ok(answer),
                Err(error) => Err(error.with_commands(self.0.driver.commands().await)),
            }
        })
    }
}

impl HostEngine for Containers {
    fn place(&self) -> Asked<'_, EnginePlace> {
        self.0.driver.place()
    }

    fn tunnel(&self, port: u16) -> Asked<'_, Box<dyn Tunnel>> {
        self.0.driver.tunnel(port)
    }

    fn check_project_files(&self) -> Asked<'_, ()> {
        self.asked(Self::check_project_files(self))
    }

    fn check_image(&self, image: &str) -> Result<(), ContainersError> {
        Self::check_image(self, image)
    }

    fn may_build<'a>(&'a self, image: &'a str) -> Asked<'a, ()> {
        self.asked(Self::may_build(self, image))
    }

    fn own_image<'a>(
        &'a self,
        image: &'a str,
        built_from: &'a str,
        rename: bool,
    ) -> Asked<'a, OwnImage> {
        self.asked(Self::own_image(self, image, built_from, rename))
    }

    fn image_of<'a>(&'a self, image: &'a str, built_from: &'a str) -> Asked<'a, Option<String>> {
        self.asked(Self::image_of(self, image, built_from))
    }

    fn project_images<'a>(&'a self, repository: &'a str) -> Asked<'a, Vec<ProjectImage>> {
        self.asked(Self::project_images(self, repository))
    }

    fn prune_project_images<'a>(&'a self, images: &'a [ProjectImage]) -> Asked<'a, u64> {
        self.asked(Self::prune_project_images(self, images))
    }

    fn commands(&self) -> BoxFuture<'_, EngineCommands> {
        self.0.driver.commands()
    }

    fn builder_cache(&self) -> BoxFuture<'_, Option<u64>> {
        self.0.driver.builder_cache()
    }

    fn planned<'a>(
        &'a self,
        spec: ContainerSpec,
        stand_in: Option<&'a str>,
    ) -> Asked<'a, PlannedContainer> {
        self.asked(Self::planned(self, spec, stand_in))
    }

    fn copied_paths(&self, spec: &ContainerSpec) -> Option<usize> {
        Self::copied_paths(self, spec)
    }

    fn copied_project<'a>(&'a self, name: &'a str) -> Asked<'a, Option<CopiedProject>> {
        self.asked(Self::copied_project(self, name))
    }

    fn note_copy<'a>(&'a self, name: &'a str, note: &'a [u8]) -> Asked<'a, ()> {
        self.asked(Self::note_copy(self, name, note))
    }

    fn open_to<'a>(&'a self, name: &'a str, url: &'a str) -> Asked<'a, Option<&'static str>> {
        self.asked(Self::open_to(self, name, url))
    }

    fn left_copies(&self) -> Asked<'_, Vec<LeftCopy>> {
        self.asked(Self::left_copies(self))
    }

    fn remove_left_copies<'a>(&'a self, copies: &'a [LeftCopy]) -> Asked<'a, ()> {
        self.asked(Self::remove_left_copies(self, copies))
    }

    fn exec<'a>(
        &'a self,
        name: &'a str,
        spec: &'a ExecSpec,
        streams: ExecStreams,
    ) -> Asked<'a, i32> {
        self.asked(Self::exec(self, name, spec, streams))
    }

    fn inside<'a>(&'a self, name: &'a str) -> Asked<'a, Inside> {
        self.asked(Self::inside(self, name))
    }

    fn created(&self) -> Vec<String> {
        Self::created(self)
    }

    fn left_nothing(&self) -> bool {
        Self::left_nothing(self)
    }

    fn remove_created(&self) -> BoxFuture<'_, Vec<ContainersError>> {
        Box::pin(Self::remove_created(self))
    }
}
