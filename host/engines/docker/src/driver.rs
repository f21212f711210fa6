//! What the engine does, call by call.

use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::command::Client;
use crate::contract::{
    Archive, Asked, Blind, Building, ContainerRef, Created, Door, Driver, EngineFacts, EnginePlace,
    ExecSpec, ExecStreams, Filter, Found, Gaps, ListedImage, ListedVolume, LocalImage, LogSink,
    NamedImage, NotCreated, RunSpec, Tunnel,
};
use crate::domain::changes::PlannedCommand;
use crate::domain::{EngineCommands, ImageState, Phase};
use crate::images::{Context, Recipe};
use crate::registry::ImageReference;
use crate::{Docker, build, builder_cache, command, engine_commands, place, pull, volume};

/// How long the engine may take to say which command line is its own.
const WORDS_PATIENCE: Duration = Duration::from_secs(1);

impl Driver for Docker {
    fn place(&self) -> Asked<'_, EnginePlace> {
        Box::pin(async { Ok(place::place(&self.engine().await?.address)) })
    }

    fn facts(&self) -> Asked<'_, EngineFacts> {
        Box::pin(async { Ok(self.known().await?.neutral()) })
    }

    fn tunnel(&self, port: u16) -> Asked<'_, Box<dyn Tunnel>> {
        Box::pin(async move { place::tunnel(&self.engine().await?.address, port).await })
    }

    fn commands(&self) -> BoxFuture<'_, EngineCommands> {
        Box::pin(async {
            // An engine that hangs keeps no error from its reader.
            match tokio::time::timeout(WORDS_PATIENCE, self.is_podman()).await {
                Ok(Ok(true)) => engine_commands::PODMAN,
                _ => engine_commands::DOCKER,
            }
        })
    }

    fn image<'a>(&'a self, name: &'a str) -> Asked<'a, Option<LocalImage>> {
        Box::pin(self.local_image(name))
    }

    fn look_up<'a>(&'a self, image: NamedImage<'a>) -> Asked<'a, ImageState> {
        Box::pin(self.registry_state(image))
    }

    fn pull<'a>(&'a self, image: NamedImage<'a>, phase: &'a Phase) -> Asked<'a, ()> {
        Box::pin(
            async move { pull::pull(self.engine().await?, &self.settings, image, phase).await },
        )
    }

    fn build<'a>(
        &'a self,
        recipe: &'a Recipe,
        context: &'a mut Context,
        building: Building<'a>,
    ) -> Asked<'a, ()> {
        Box::pin(async move {
            build::build(self.engine().await?, &self.settings, recipe, context, building).await
        })
    }

    fn images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<ListedImage>> {
        Box::pin(self.list_images(filter))
    }

    fn tag<'a>(&'a self, id: &'a str, name: &'a ImageReference) -> Asked<'a, ()> {
        Box::pin(self.tag_image(id, name))
    }

    fn remove_image<'a>(&'a self, image: &'a str, keep_parents: bool) -> Asked<'a, ()> {
        Box::pin(Self::remove_image(self, image, keep_parents))
    }

    fn prune_images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, u64> {
        Box::pin(Self::prune_images(self, filter))
    }

    fn builder_cache(&self) -> BoxFuture<'_, Option<u64>> {
        Box::pin(async { builder_cache::of(self.engine().await.ok()?).await })
    }

    fn cannot<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, Gaps> {
        Box::pin(self.gaps(run))
    }

    fn request<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, serde_json::Value> {
        Box::pin(async move {
            let mut body = self.create_request(run).await?.json().unwrap_or_default();
            // Labels have no order of their own.
            body.sort_all_objects();
            Ok(body)
        })
    }

    fn command<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, Option<PlannedCommand>> {
        Box::pin(async move {
            let client = Client::of(self.engine().await?, self.is_podman().await?, &self.settings);
            Ok(command::command(run, &client))
        })
    }

    fn create<'a>(&'a self, run: &'a RunSpec) -> BoxFuture<'a, Result<Created, NotCreated>> {
        Box::pin(self.create_container(run))
    }

    fn put<'a>(
        &'a self,
        container: &'a ContainerRef,
        path: &'a str,
        archive: Archive,
    ) -> Asked<'a, ()> {
        Box::pin(self.upload(container, path, archive))
    }

    fn get<'a>(&'a self, container: &'a ContainerRef, path: &'a str) -> Asked<'a, std::fs::File> {
        Box::pin(self.download(container, path))
    }

    fn start<'a>(&'a self, container: &'a ContainerRef, run: &'a RunSpec) -> Asked<'a, ()> {
        Box::pin(self.start_container(container, run))
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<Found>> {
        Box::pin(self.list_containers(filter))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Found>> {
        Box::pin(self.inspect_container(name))
    }

    fn ended<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, Option<i32>> {
        Box::pin(Self::ended(self, container))
    }

    fn ask<'a>(
        &'a self,
        door: &'a Door,
        path: &'a str,
    ) -> BoxFuture<'a, Result<Option<u16>, Blind>> {
        Box::pin(Self::ask(self, door, path))
    }

    fn logs<'a>(
        &'a self,
        container: &'a ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Asked<'a, ()> {
        Box::pin(Self::logs(self, container, tail, follow, sink))
    }

    fn exec<'a>(
        &'a self,
        container: &'a ContainerRef,
        spec: &'a ExecSpec,
        streams: ExecStreams,
    ) -> Asked<'a, i32> {
        Box::pin(self.exec_in(container, spec, streams))
    }

    fn stop<'a>(&'a self, container: &'a ContainerRef, grace_seconds: u32) -> Asked<'a, ()> {
        Box::pin(self.stop_container(container, grace_seconds))
    }

    fn pause<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.pause_container(container))
    }

    fn resume<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.resume_container(container))
    }

    fn remove<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.remove_container(container))
    }

    fn remove_copy<'a>(&'a self, container: &'a str) -> Asked<'a, ()> {
        Box::pin(async move { volume::remove(self.client().await?, container).await })
    }

    fn volumes<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<ListedVolume>> {
        Box::pin(async move { volume::list(self.client().await?, filter).await })
    }
}
