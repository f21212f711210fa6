//! The other half of the promise of `wit/VERSIONING.md`: a component that is made today and uses
//! nothing new runs on a host of 0.1.0. That host is made here, of the contract as it was frozen.

use std::sync::{Arc, Mutex};

use support::fixture;
use wasmtime::component::{Component, HasSelf, Linker, Resource, ResourceTable};
use wasmtime::{Engine, Result, Store};

use bindings::renku::session::types::{Error, Resources};
use bindings::renku::session::{invocation, types};

/// Stands for everything that the host lends.
pub struct Lent;

mod bindings {
    #![allow(missing_docs, unreachable_pub, clippy::all, reason = "generated")]
    wasmtime::component::bindgen!({
        path: "../wit/released/0.1.0",
        world: "renku:session/session-provider",
        imports: { default: trappable },
        with: {
            "renku:session/invocation.project": super::Lent,
            "renku:session/invocation.request": super::Lent,
            "renku:session/invocation.log-sink": super::Lent,
        },
    });
}

/// A host that keeps what it is told.
#[derive(Default)]
struct Host {
    table: ResourceTable,
    told: Arc<Mutex<Vec<String>>>,
}

impl types::Host for Host {}

impl invocation::Host for Host {
    fn log(&mut self, _: invocation::Level, message: String) -> Result<()> {
        self.told.lock().unwrap().push(message);
        Ok(())
    }

    fn report(&mut self, _: invocation::Progress) -> Result<()> {
        Ok(())
    }

    fn is_cancelled(&mut self) -> Result<bool> {
        Ok(false)
    }

    fn sleep(&mut self, _: u32) -> Result<std::result::Result<(), Error>> {
        Ok(Ok(()))
    }

    fn now(&mut self) -> Result<u64> {
        Ok(0)
    }

    fn random_bytes(&mut self, length: u32) -> Result<Vec<u8>> {
        Ok(vec![7; length as usize])
    }

    fn session_secret(&mut self, _: String) -> Result<String> {
        Ok("0".repeat(64))
    }

    fn created(&mut self, name: String) -> Result<()> {
        self.told.lock().unwrap().push(format!("created {name}"));
        Ok(())
    }
}

impl invocation::HostProject for Host {
    fn name(&mut self, _: Resource<Lent>) -> Result<String> {
        Ok("analysis".to_owned())
    }

    fn slug(&mut self, _: Resource<Lent>) -> Result<String> {
        Ok("analysis".to_owned())
    }

    fn branch(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(Some("main".to_owned()))
    }

    fn commit(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn dirty(&mut self, _: Resource<Lent>) -> Result<bool> {
        Ok(true)
    }

    fn candidate_image(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn remote_project(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn author_name(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn author_email(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn drop(&mut self, lent: Resource<Lent>) -> Result<()> {
        self.table.delete(lent)?;
        Ok(())
    }
}

impl invocation::HostRequest for Host {
    fn project(&mut self, _: Resource<Lent>) -> Result<Option<Resource<Lent>>> {
        Ok(Some(self.table.push(Lent)?))
    }

    fn config(&mut self, _: Resource<Lent>) -> Result<String> {
        Ok("{}".to_owned())
    }

    fn option_value(&mut self, _: Resource<Lent>, _: String) -> Result<Option<String>> {
        Ok(None)
    }

    fn resources(&mut self, _: Resource<Lent>) -> Result<Resources> {
        Ok(Resources { cpu: None, memory: None, disk: None, gpu: None })
    }

    fn session_name(&mut self, _: Resource<Lent>) -> Result<Option<String>> {
        Ok(None)
    }

    fn wait_timeout(&mut self, _: Resource<Lent>) -> Result<Option<u32>> {
        Ok(None)
    }

    fn image_is_users(&mut self, _: Resource<Lent>) -> Result<bool> {
        Ok(false)
    }

    fn drop(&mut self, lent: Resource<Lent>) -> Result<()> {
        self.table.delete(lent)?;
        Ok(())
    }
}

impl invocation::HostLogSink for Host {
    fn write(&mut self, _: Resource<Lent>, _: Vec<u8>) -> Result<std::result::Result<(), Error>> {
        Ok(Ok(()))
    }

    fn drop(&mut self, lent: Resource<Lent>) -> Result<()> {
        self.table.delete(lent)?;
        Ok(())
    }
}

/// A provider in that host, which knows the interfaces that are always there.
fn instantiate(name: &str) -> Result<(Store<Host>, bindings::SessionProvider)> {
    let engine = Engine::default();
    let mut linker = Linker::new(&engine);
    types::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    invocation::add_to_linker::<Host, HasSelf<Host>>(&mut linker, |host| host)?;
    let component = Component::from_file(&engine, fixture(name))?;
    let mut store = Store::new(&engine, Host::default());
    let instance = bindings::SessionProvider::instantiate(&mut store, &component, &linker)?;
    Ok((store, instance))
}

#[test]
fn a_component_of_today_that_uses_nothing_new_runs_on_a_host_of_0_1_0() {
    let (mut store, provider) = instantiate("recording").unwrap();
    let provider = provider.renku_session_provider();
    assert_eq!(provider.call_session_provider(&mut store).unwrap().name, "recording");
    let request = store.data_mut().table.push(Lent).unwrap();
    let mut lend = || Resource::new_borrow(request.rep());
    let listed = provider.call_session_list(&mut store, lend()).unwrap().unwrap();
    assert_eq!(listed.len(), 1);
    let started = provider.call_session_start(&mut store, lend(), "image:1").unwrap().unwrap();
    assert_eq!(started.name, "recorded-new");
    let stopped = provider.call_session_stop(&mut store, lend(), Some("recorded-1"), false);
    assert!(stopped.unwrap().unwrap());
    let unknown = provider.call_session_url(&mut store, lend(), "unknown").unwrap();
    assert!(matches!(unknown.unwrap_err().kind, types::ErrorKind::NotFound));
    let told = store.data().told.lock().unwrap().clone();
    assert!(told.iter().any(|line| line.starts_with("call {")), "{told:?}");
    assert!(told.contains(&"created recorded-new".to_owned()), "{told:?}");
}

/// What uses something new is refused before any of it runs.
#[test]
fn what_uses_something_new_is_no_component_for_a_host_of_0_1_0() {
    let error = instantiate("queueing").err().unwrap();
    let words = format!("{error:#}");
    assert!(words.contains("renku:session/"), "{words}");
}
