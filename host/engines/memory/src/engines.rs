//! The engine for a whole program: what `renku_session::main` takes.

use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::contract::{
    Census, Containers, Driver, Engine, Engines, Examination, Glimpse, ProjectScope, Task, census,
    glance,
};
use crate::engine::Memory;
use crate::files::session_key::KeyFile;
use crate::place::Place;
use crate::report;

/// The one engine there is.
#[derive(Clone)]
pub struct MemoryEngines(pub Arc<Memory>);

impl Engines for MemoryEngines {
    fn open(&self, task: Task) -> Arc<dyn Engine> {
        Arc::new(Containers::of(self.0.clone(), task))
    }

    fn glance<'a>(
        &'a self,
        project: &'a ProjectScope,
        key: &'a KeyFile,
        legacy: &'a str,
    ) -> BoxFuture<'a, Vec<Glimpse>> {
        Box::pin(glance(self.0.as_ref(), project, key, legacy))
    }

    fn census<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Census> {
        Box::pin(async { census(self.0.as_ref(), key).await.unwrap_or_default() })
    }

    fn examine<'a>(&'a self, key: &'a KeyFile) -> BoxFuture<'a, Vec<Examination>> {
        Box::pin(async {
            let asked = tokio::join!(self.0.facts(), census(self.0.as_ref(), key));
            let (engine, census) = match asked {
                (Ok(_), census) => (Ok(report::report()), census.unwrap_or_default()),
                (Err(error), _) => (Err(error), Census::default()),
            };
            vec![Examination { tried: Vec::new(), engine, census }]
        })
    }

    fn sees_our_files(&self) -> bool {
        self.0.change(|state| state.place == Place::Here).unwrap_or(true)
    }
}
