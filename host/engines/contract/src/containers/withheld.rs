//! Containers of which only reading reaches the engine. Calls that would change
//! something are answered by somebody who has none.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::domain::changes::{Change, Withhold};
use crate::domain::{ImageState, ProviderError};
use crate::{
    ContainerCalls, ContainerInfo, ContainerSpec, ContainersError, Engine, ImageConfig, LogSink,
    Pending, Probe,
};

/// The calls with changes withheld.
pub struct Withheld {
    reads: Arc<dyn Engine>,
    changes: Arc<dyn Withhold>,
}

impl Withheld {
    /// Reads through `reads`; `changes` answers everything else.
    #[must_use]
    pub fn new(reads: Arc<dyn Engine>, changes: Arc<dyn Withhold>) -> Self {
        Self { reads, changes }
    }

    fn answer<T>(&self, change: Change) -> Pending<'_, T> {
        let error = self.changes.withhold(change);
        Box::pin(async { Err(error) })
    }
}

/// What would be refused anyway is refused here, too.
fn refused<'a, T>(error: &ContainersError) -> Pending<'a, T> {
    let error = ProviderError::from_diagnostic(error);
    Box::pin(async { Err(error) })
}

impl ContainerCalls for Withheld {
    fn find_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageState> {
        self.reads.find_image(image)
    }

    fn inspect_image<'a>(&'a self, image: &'a str) -> Pending<'a, ImageConfig> {
        Box::pin(async move {
            let image = self.changes.stand_in(image).unwrap_or_else(|| image.to_owned());
            self.reads.inspect_image(&image).await
        })
    }

    fn pull_image<'a>(&'a self, image: &'a str) -> Pending<'a, ()> {
        match self.reads.check_image(image) {
            Ok(()) => self.answer(Change::Pull { image: image.to_owned() }),
            Err(error) => refused(&error),
        }
    }

    fn build_image<'a>(
        &'a self,
        root: &'a Path,
        descriptor: &'a str,
        image: &'a str,
    ) -> Pending<'a, ()> {
        Box::pin(async move {
            if let Err(error) = self.reads.may_build(image).await {
                return Err(ProviderError::from_diagnostic(&error));
            }
            Err(self.changes.withhold(Change::Build {
                image: image.to_owned(),
                descriptor: descriptor.to_owned(),
                folder: root.to_owned(),
            }))
        })
    }

    fn start(&self, spec: ContainerSpec) -> Pending<'_, ContainerInfo> {
        Box::pin(async move {
            let name = spec.name.clone();
            let copied_paths = self.reads.copied_paths(&spec);
            let planned = match self.changes.wants_details() {
                true => {
                    let stand_in = self.changes.stand_in(&spec.image);
                    let planned = self.reads.planned(spec, stand_in.as_deref()).await;
                    let planned =
                        planned.map_err(|error| ProviderError::from_diagnostic(&error))?;
                    Some(Box::new(planned))
                }
                false => None,
            };
            Err(self.changes.withhold(Change::Start { name, planned, copied_paths }))
        })
    }

    fn list(&self) -> Pending<'_, Vec<ContainerInfo>> {
        self.reads.list()
    }

    fn inspect<'a>(&'a self, name: &'a str) -> Pending<'a, ContainerInfo> {
        self.reads.inspect(name)
    }

    fn stop<'a>(&'a self, name: &'a str, _: u32) -> Pending<'a, ()> {
        self.answer(Change::Stop { name: name.to_owned() })
    }

    fn pause<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer(Change::Pause { name: name.to_owned() })
    }

    fn resume<'a>(&'a self, name: &'a str) -> Pending<'a, ()> {
        self.answer(Change::Resume { name: name.to_owned() })
    }

    fn wait_ready<'a>(
        &'a self,
        name: &'a str,
        port: u16,
        probes: &'a [Probe],
        timeout: Duration,
    ) -> Pending<'a, ()> {
        self.reads.wait_ready(name, port, probes, timeout)
    }

    fn logs<'a>(
        &'a self,
        name: &'a str,
        tail: Option<u32>,
        follow: bool,
        sink: &'a dyn LogSink,
    ) -> Pending<'a, ()> {
        self.reads.logs(name, tail, follow, sink)
    }
}
