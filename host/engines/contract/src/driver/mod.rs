//! What an engine does: mechanism alone. Who may see, start and remove what is
//! decided above, once, by [`Containers`](crate::Containers); nobody else holds a
//! driver.

mod building;
mod container;
mod engine_facts;
mod filter;
mod image;
mod volume;

use futures_util::future::BoxFuture;

use crate::domain::changes::PlannedCommand;
use crate::domain::{EngineCommands, ImageState, Phase};
use crate::images::{Context, Recipe};
use crate::registry::ImageReference;
use crate::{Asked, ContainersError, EnginePlace, ExecSpec, ExecStreams, LogSink, RunSpec, Tunnel};

pub use building::Building;
pub use container::{Archive, Blind, ContainerRef, Created, Door, Found, Gaps, NotCreated};
pub use engine_facts::EngineFacts;
pub use filter::Filter;
pub use image::{ListedImage, LocalImage, NamedImage};
pub use volume::ListedVolume;

/// An engine. It is looked up at the first call that needs it, and every call may be
/// dropped in the middle.
///
/// What an engine cannot do of a container it says in [`Self::cannot`]; it leaves
/// that out and does everything else.
pub trait Driver: Send + Sync {
    /// Where the engine is.
    fn place(&self) -> Asked<'_, EnginePlace>;

    /// What it says about itself. Asked only by who needs it: it takes engines
    /// several milliseconds.
    fn facts(&self) -> Asked<'_, EngineFacts>;

    /// A way from this machine to a port of the engine's machine.
    fn tunnel(&self, port: u16) -> Asked<'_, Box<dyn Tunnel>>;

    /// The commands that a person types to do something with this engine.
    fn commands(&self) -> BoxFuture<'_, EngineCommands>;

    /// An image that the engine has.
    fn image<'a>(&'a self, name: &'a str) -> Asked<'a, Option<LocalImage>>;

    /// Where an image is that the engine does not have: asks its registry.
    fn look_up<'a>(&'a self, image: NamedImage<'a>) -> Asked<'a, ImageState>;

    /// Pulls an image. Whether it is there then, is asked anew.
    fn pull<'a>(&'a self, image: NamedImage<'a>, phase: &'a Phase) -> Asked<'a, ()>;

    /// Builds an image.
    fn build<'a>(
        &'a self,
        recipe: &'a Recipe,
        context: &'a mut Context,
        building: Building<'a>,
    ) -> Asked<'a, ()>;

    /// The images with these labels.
    fn images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<ListedImage>>;

    /// Gives an image one more name.
    fn tag<'a>(&'a self, id: &'a str, name: &'a ImageReference) -> Asked<'a, ()>;

    /// Takes a name from an image, which goes with its last one; of an id, removes
    /// it. What is gone already, is used by a container, or has another image on top
    /// of it, stays, and that is no error. With `keep_parents` only this one goes.
    fn remove_image<'a>(&'a self, image: &'a str, keep_parents: bool) -> Asked<'a, ()>;

    /// Removes the images with these labels that no container was made from; how
    /// many bytes that freed, as far as the engine says.
    fn prune_images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, u64>;

    /// How many bytes would be free if a builder kept nothing for the next build;
    /// none when it has no such builder, or does not say in time.
    fn builder_cache(&self) -> BoxFuture<'_, Option<u64>> {
        Box::pin(async { None })
    }

    /// What this engine cannot do of a container.
    fn cannot<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, Gaps>;

    /// Whether it ends a container when its time is over.
    fn limits_time(&self) -> bool {
        false
    }

    /// What the engine would be told to make it, in its own words; nothing is
    /// changed.
    fn request<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, serde_json::Value>;

    /// The command line of the engine's own client that makes the same container and
    /// starts it; none: there is no such line.
    fn command<'a>(&'a self, _run: &'a RunSpec) -> Asked<'a, Option<PlannedCommand>> {
        Box::pin(async { Ok(None) })
    }

    /// Makes a container, and for a copy of the project a new volume. It does not run
    /// yet.
    fn create<'a>(&'a self, run: &'a RunSpec) -> BoxFuture<'a, Result<Created, NotCreated>>;

    /// Unpacks an archive (tar) in a container that does not run yet, at `path`.
    fn put<'a>(
        &'a self,
        container: &'a ContainerRef,
        path: &'a str,
        archive: Archive,
    ) -> Asked<'a, ()>;

    /// What is at `path` in a container, as an archive: its paths begin with the last
    /// part of `path`.
    fn get<'a>(&'a self, container: &'a ContainerRef, path: &'a str) -> Asked<'a, std::fs::File>;

    /// Starts a container that was created from `run`.
    fn start<'a>(&'a self, container: &'a ContainerRef, run: &'a RunSpec) -> Asked<'a, ()>;

    /// The containers with these labels, in every state, newest first.
    fn list<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<Found>>;

    /// The container of this name, with everything about it. An engine may also know
    /// it by an id; who asks compares the name.
    fn inspect<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Found>>;

    /// Returns when a container does not run any more, with its exit status where
    /// the engine says it.
    fn ended<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, Option<i32>>;

    /// The status of `GET path` at a port of a container; none when there is no
    /// answer.
    fn ask<'a>(
        &'a self,
        door: &'a Door,
        path: &'a str,
    ) -> BoxFuture<'a, Result<Option<u16>, Blind>>;

    /// Sends the output of a container to `sink`: the last `tail` lines (none: all),
    /// then, with `follow`, whatever comes until it ends.
    fn logs<'a>(
        &'a self,
        container: &'a ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Asked<'a, ()>;

    /// Runs a command in a container that runs, until it ends; its exit status.
    fn exec<'a>(
        &'a self,
        _container: &'a ContainerRef,
        _spec: &'a ExecSpec,
        _streams: ExecStreams,
    ) -> Asked<'a, i32> {
        Box::pin(async { Err(ContainersError::ExecUnsupported) })
    }

    /// Ends the program of a container: asks it, after `grace_seconds` kills it. One
    /// that is gone meanwhile is fine.
    fn stop<'a>(&'a self, container: &'a ContainerRef, grace_seconds: u32) -> Asked<'a, ()>;

    /// Freezes a container.
    fn pause<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()>;

    fn resume<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()>;

    /// Removes a container whatever its state. One that is gone already is fine.
    fn remove<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()>;

    /// Removes the volume with the copy of the project that a container of this name
    /// had. One that is gone already is fine.
    fn remove_copy<'a>(&'a self, container: &'a str) -> Asked<'a, ()>;

    /// The volumes with these labels: copies of projects. Of an engine that has no such
    /// volumes, none.
    fn volumes<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<ListedVolume>> {
        let _ = filter;
        Box::pin(async { Ok(Vec::new()) })
    }
}
