//! What the host asks of an engine, call by call.

use futures_util::future::BoxFuture;

use crate::contract::{
    Archive, Asked, Blind, Building, ContainerRef, ContainersError, Created, Door, Driver,
    EngineFacts, EnginePlace, Filter, Found, Gaps, ListedImage, LocalImage, LogSink, NamedImage,
    NotCreated, RunSpec, Tunnel,
};
use crate::domain::{EngineCommands, ImageState, Phase};
use crate::images::{Context, Recipe};
use crate::registry::ImageReference;
use crate::rootless::Rootless;
use crate::{gaps, image, logs, report, web};

/// The engine does not do this.
fn never<T>(what: &str, hint: &str) -> Result<T, ContainersError> {
    Err(ContainersError::Unsupported { what: what.to_owned(), hint: hint.to_owned() })
}

const NO_COPIES: &str = "mount the project: `--mount project`";

impl Driver for Rootless {
    fn place(&self) -> Asked<'_, EnginePlace> {
        Box::pin(async { Ok(EnginePlace::Here) })
    }

    fn facts(&self) -> Asked<'_, EngineFacts> {
        Box::pin(async { Ok(report::facts()) })
    }

    fn tunnel(&self, _: u16) -> Asked<'_, Box<dyn Tunnel>> {
        Box::pin(async { never("be reached through a tunnel", "they are on this computer") })
    }

    fn commands(&self) -> BoxFuture<'_, EngineCommands> {
        Box::pin(async { report::COMMANDS })
    }

    fn image<'a>(&'a self, name: &'a str) -> Asked<'a, Option<LocalImage>> {
        Box::pin(async { self.find_image(name) })
    }

    fn look_up<'a>(&'a self, image: NamedImage<'a>) -> Asked<'a, ImageState> {
        Box::pin(self.look_up_image(image))
    }

    fn pull<'a>(&'a self, image: NamedImage<'a>, phase: &'a Phase) -> Asked<'a, ()> {
        Box::pin(self.pull_image(image, phase))
    }

    fn build<'a>(&'a self, _: &'a Recipe, _: &'a mut Context, _: Building<'a>) -> Asked<'a, ()> {
        Box::pin(async { Err(image::cannot_build()) })
    }

    fn images<'a>(&'a self, _: &'a Filter) -> Asked<'a, Vec<ListedImage>> {
        // Nothing is built here, so that none belongs to a project.
        Box::pin(async { Ok(Vec::new()) })
    }

    fn tag<'a>(&'a self, _: &'a str, _: &'a ImageReference) -> Asked<'a, ()> {
        Box::pin(async { Err(image::cannot_build()) })
    }

    fn remove_image<'a>(&'a self, _: &'a str, _: bool) -> Asked<'a, ()> {
        Box::pin(async { Ok(()) })
    }

    fn prune_images<'a>(&'a self, _: &'a Filter) -> Asked<'a, u64> {
        Box::pin(async { Ok(0) })
    }

    fn cannot<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, Gaps> {
        Box::pin(async { gaps::of(run) })
    }

    fn request<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, serde_json::Value> {
        Box::pin(async { Ok(report::request(run)) })
    }

    fn create<'a>(&'a self, run: &'a RunSpec) -> BoxFuture<'a, Result<Created, NotCreated>> {
        Box::pin(self.create_session(run))
    }

    fn put<'a>(&'a self, _: &'a ContainerRef, _: &'a str, _: Archive) -> Asked<'a, ()> {
        Box::pin(async { never("have a copy of the project", NO_COPIES) })
    }

    fn get<'a>(&'a self, _: &'a ContainerRef, _: &'a str) -> Asked<'a, std::fs::File> {
        Box::pin(async { never("have a copy of the project", NO_COPIES) })
    }

    fn start<'a>(&'a self, container: &'a ContainerRef, _: &'a RunSpec) -> Asked<'a, ()> {
        Box::pin(self.start_session(container))
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<Found>> {
        Box::pin(async { self.list_sessions(filter) })
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Found>> {
        Box::pin(async { self.inspect_session(name) })
    }

    fn ended<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, Option<i32>> {
        Box::pin(self.wait_for_end(container))
    }

    fn ask<'a>(
        &'a self,
        door: &'a Door,
        path: &'a str,
    ) -> BoxFuture<'a, Result<Option<u16>, Blind>> {
        Box::pin(async move {
            let address = format!("{}:{}", door.host, door.host_port);
            Ok(web::readiness::answer_at(&address, path).await)
        })
    }

    fn logs<'a>(
        &'a self,
        container: &'a ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Asked<'a, ()> {
        Box::pin(
            async move { logs::send(&self.existing(&container.name)?, tail, follow, sink).await },
        )
    }

    fn stop<'a>(&'a self, container: &'a ContainerRef, grace_seconds: u32) -> Asked<'a, ()> {
        Box::pin(self.stop_session(container, grace_seconds))
    }

    fn pause<'a>(&'a self, _: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(async { never("be paused", "stop it, or leave it running") })
    }

    fn start_again<'a>(&'a self, _: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(async { never("be started again", "start a new session") })
    }

    fn resume<'a>(&'a self, _: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(async { never("be paused", "start a new session") })
    }

    fn remove<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.remove_session(container))
    }

    fn remove_copy<'a>(&'a self, _: &'a str) -> Asked<'a, ()> {
        Box::pin(async { Ok(()) })
    }
}
