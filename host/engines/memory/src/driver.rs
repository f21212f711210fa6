//! What the engine does, call by call.

use futures_util::future::BoxFuture;

use crate::call::Call;
use crate::contract::{
    Archive, Asked, Blind, Building, ContainerRef, Created, Door, Driver, EngineFacts, EnginePlace,
    ExecSpec, ExecStreams, Filter, Found, Gaps, ListedImage, LocalImage, LogSink, NamedImage,
    NotCreated, RunSpec, Tunnel,
};
use crate::domain::{EngineCommands, ImageState, Phase};
use crate::engine::Memory;
use crate::images::{Context, Recipe};
use crate::place::Way;
use crate::registry::ImageReference;
use crate::report;

impl Driver for Memory {
    fn place(&self) -> Asked<'_, EnginePlace> {
        Box::pin(self.call(Call::Place, |state| Ok(state.place.clone().into())))
    }

    fn facts(&self) -> Asked<'_, EngineFacts> {
        Box::pin(self.call(Call::Facts, |_| Ok(report::facts())))
    }

    fn tunnel(&self, port: u16) -> Asked<'_, Box<dyn Tunnel>> {
        Box::pin(self.call(Call::Tunnel, move |_| Ok(Box::new(Way(port)) as Box<dyn Tunnel>)))
    }

    fn commands(&self) -> BoxFuture<'_, EngineCommands> {
        Box::pin(async { report::COMMANDS })
    }

    fn image<'a>(&'a self, name: &'a str) -> Asked<'a, Option<LocalImage>> {
        Box::pin(self.find_image(name))
    }

    fn look_up<'a>(&'a self, image: NamedImage<'a>) -> Asked<'a, ImageState> {
        Box::pin(self.registry_state(image))
    }

    fn pull<'a>(&'a self, image: NamedImage<'a>, phase: &'a Phase) -> Asked<'a, ()> {
        Box::pin(self.pull_image(image, phase))
    }

    fn build<'a>(
        &'a self,
        recipe: &'a Recipe,
        context: &'a mut Context,
        building: Building<'a>,
    ) -> Asked<'a, ()> {
        Box::pin(self.build_image(recipe, context, building))
    }

    fn images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<ListedImage>> {
        Box::pin(self.list_images(filter))
    }

    fn tag<'a>(&'a self, id: &'a str, name: &'a ImageReference) -> Asked<'a, ()> {
        Box::pin(self.name_image(id, name))
    }

    fn remove_image<'a>(&'a self, image: &'a str, keep_parents: bool) -> Asked<'a, ()> {
        Box::pin(self.drop_image(image, keep_parents))
    }

    fn prune_images<'a>(&'a self, filter: &'a Filter) -> Asked<'a, u64> {
        Box::pin(self.drop_unused_images(filter))
    }

    fn cannot<'a>(&'a self, _: &'a RunSpec) -> Asked<'a, Gaps> {
        Box::pin(async { Ok(Gaps::default()) })
    }

    fn limits_time(&self) -> bool {
        true
    }

    fn request<'a>(&'a self, run: &'a RunSpec) -> Asked<'a, serde_json::Value> {
        Box::pin(async { Ok(report::request(run)) })
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
        Box::pin(self.unpack(container, path, archive))
    }

    fn get<'a>(&'a self, container: &'a ContainerRef, path: &'a str) -> Asked<'a, std::fs::File> {
        Box::pin(self.pack(container, path))
    }

    fn start<'a>(&'a self, container: &'a ContainerRef, _: &'a RunSpec) -> Asked<'a, ()> {
        Box::pin(self.start_container(container))
    }

    fn list<'a>(&'a self, filter: &'a Filter) -> Asked<'a, Vec<Found>> {
        Box::pin(self.list_containers(filter))
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Asked<'a, Option<Found>> {
        Box::pin(self.inspect_container(name))
    }

    fn ended<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, Option<i32>> {
        Box::pin(self.wait_for_end(container))
    }

    fn ask<'a>(
        &'a self,
        door: &'a Door,
        path: &'a str,
    ) -> BoxFuture<'a, Result<Option<u16>, Blind>> {
        Box::pin(async { Ok(self.programs.ask(door, path).await) })
    }

    fn logs<'a>(
        &'a self,
        container: &'a ContainerRef,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Asked<'a, ()> {
        Box::pin(self.send_logs(container, tail, follow, sink))
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
        Box::pin(self.freeze(container))
    }

    fn resume<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.thaw(container))
    }

    fn remove<'a>(&'a self, container: &'a ContainerRef) -> Asked<'a, ()> {
        Box::pin(self.remove_container(container))
    }

    fn remove_copy<'a>(&'a self, container: &'a str) -> Asked<'a, ()> {
        Box::pin(self.remove_volume(container))
    }
}
