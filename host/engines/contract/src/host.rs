//! What the host itself asks of an engine, beside what a provider asks
//! ([`ContainerCalls`]): where it is, what a start left, images and copies of a
//! project. No provider reaches this.

use futures_util::future::BoxFuture;

use crate::domain::EngineCommands;
use crate::domain::changes::PlannedContainer;
use crate::{
    ContainerCalls, ContainerSpec, ContainersError, CopiedProject, ExecSpec, ExecStreams, Inside,
    LeftCopy, OwnImage, ProjectImage,
};

/// The answer to a question of the host. Dropping it ends the question.
pub type Asked<'a, T> = BoxFuture<'a, Result<T, ContainersError>>;

/// An engine as the host sees it, for one provider and one command.
pub trait HostEngine: Send + Sync {
    /// Where the engine is. Connects to it.
    fn place(&self) -> Asked<'_, EnginePlace>;

    /// A way from this machine to a port of the engine's machine, from the same
    /// port when it is free here.
    fn tunnel(&self, port: u16) -> Asked<'_, Box<dyn Tunnel>>;

    /// Whether the engine can give containers the files of the project, the way
    /// that was chosen. Asked before anything is built.
    fn check_project_files(&self) -> Asked<'_, ()>;

    /// Whether `image` may be used, with the options that the user typed; asked
    /// before it is pulled or built.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotGranted`], `NeedsImage`.
    fn check_image(&self, image: &str) -> Result<(), ContainersError>;

    /// Whether an image of this name may be built.
    fn may_build<'a>(&'a self, image: &'a str) -> Asked<'a, ()>;

    /// Looks whether `image` need not be built, because the engine has one that was
    /// built from the same. With `rename`, one of another name is given this name;
    /// without, nothing is changed and the answer is the same.
    fn own_image<'a>(
        &'a self,
        image: &'a str,
        built_from: &'a str,
        rename: bool,
    ) -> Asked<'a, OwnImage>;

    /// The id of an image that was built from this, and could have the name
    /// `image`, too.
    fn image_of<'a>(&'a self, image: &'a str, built_from: &'a str) -> Asked<'a, Option<String>>;

    /// The images that this user built of this project, ascending by name.
    /// `repository` is what they are called before the tag.
    fn project_images<'a>(&'a self, repository: &'a str) -> Asked<'a, Vec<ProjectImage>>;

    /// Removes images of this project that no container was made from. Gives how
    /// many bytes are free now, as far as the engine says.
    fn prune_project_images<'a>(&'a self, images: &'a [ProjectImage]) -> Asked<'a, u64>;

    /// The commands of the engine's own client, for messages.
    fn commands(&self) -> BoxFuture<'_, EngineCommands>;

    /// How many bytes would be free if the engine's builder kept nothing; none when
    /// it has no such builder, or does not say in time.
    fn builder_cache(&self) -> BoxFuture<'_, Option<u64>>;

    /// The container that would be started. Nothing is changed. The image is looked at
    /// under the name `stand_in` where that is given.
    fn planned<'a>(
        &'a self,
        spec: ContainerSpec,
        stand_in: Option<&'a str>,
    ) -> Asked<'a, PlannedContainer>;

    /// How many files and folders are copied for this container; none when it does
    /// not get a copy.
    fn copied_paths(&self, spec: &ContainerSpec) -> Option<usize>;

    /// The project's copy in a session; none when the session has no copy.
    fn copied_project<'a>(&'a self, name: &'a str) -> Asked<'a, Option<CopiedProject>>;

    /// Replaces the note beside the copy.
    fn note_copy<'a>(&'a self, name: &'a str, note: &'a [u8]) -> Asked<'a, ()>;

    /// Who can open the session of this name and address without a token, when it is a
    /// Jupyter that asks nobody for one.
    fn open_to<'a>(&'a self, name: &'a str, url: &'a str) -> Asked<'a, Option<&'static str>>;

    /// The copies of this project, or of all where the handle is for no project, whose
    /// sessions are gone.
    fn left_copies(&self) -> Asked<'_, Vec<LeftCopy>>;

    /// Removes such copies, but for those that have a session now.
    fn remove_left_copies<'a>(&'a self, copies: &'a [LeftCopy]) -> Asked<'a, ()>;

    /// Runs a command in a session of this provider, and gives its exit status.
    fn exec<'a>(
        &'a self,
        name: &'a str,
        spec: &'a ExecSpec,
        streams: ExecStreams,
    ) -> Asked<'a, i32>;

    /// What commands in a session begin with.
    fn inside<'a>(&'a self, name: &'a str) -> Asked<'a, Inside>;

    /// The containers that this command created and did not stop, ascending.
    fn created(&self) -> Vec<String>;

    /// Whether this command left nothing that [`Self::remove_created`] would remove.
    fn left_nothing(&self) -> bool;

    /// Removes all of [`Self::created`], running or not, and what an interrupted
    /// build left. Gives what could not be removed and why.
    fn remove_created(&self) -> BoxFuture<'_, Vec<ContainersError>>;
}

/// An engine as both sides see it: what a command holds.
pub trait Engine: ContainerCalls + HostEngine {}

impl<T: ContainerCalls + HostEngine> Engine for T {}

/// Where an engine is, seen from this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum EnginePlace {
    /// On this machine: its files and ports are ours.
    Here,
    /// On another machine, to whose ports there is a tunnel.
    Tunnelled {
        /// The machine, as a person would type it.
        destination: String,
    },
    /// On another machine, which only the engine's own port reaches.
    Unreachable { host: String },
}

/// A port of this machine whose connections arrive at the engine's machine, as
/// long as this lives.
pub trait Tunnel: Send + Sync {
    /// The port of this machine.
    fn port(&self) -> u16;

    /// Returns when the connection to the other machine has ended.
    fn ended(&mut self) -> BoxFuture<'_, ()>;
}
