//! Links a component with what it was granted, and nothing else.

use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, HasSelf, InstancePre, Linker, LinkerInstance};
use wasmtime::{Engine, Store, UpdateDeadline};

use super::bindings::renku::session as imports;
use super::calls::Instance;
use super::exports::Indices;
use super::state::{State, Stop};
use crate::error::SandboxError;
use crate::grants::{Capability, Grants};
use crate::invocation::Invocation;
use crate::sections::Sections;
use crate::{Code, Sandbox, limits};

/// A component that was compiled and linked; instances are made from it.
pub struct Loaded {
    engine: Engine,
    provider: String,
    pre: InstancePre<State>,
    exports: Indices,
}

impl Loaded {
    /// Checks `sections`, compiles `code` (or takes the code from the cache) and
    /// links what `grants` allows.
    ///
    /// # Errors
    ///
    /// When the component is of another API, needs what does not exist or was
    /// not granted, or cannot be compiled. No code of it has run then.
    pub fn new(
        sandbox: &Sandbox,
        provider: &str,
        sections: &Sections,
        code: Code<'_>,
        grants: &Grants,
    ) -> Result<Self, SandboxError> {
        sections.check(provider)?;
        let linker = linker(sandbox.engine(), provider, sections, grants)?;
        let component = sandbox.component(code).map_err(|error| {
            let provider = provider.into();
            match error.downcast_ref().copied() {
                Some(limit) => SandboxError::Limit { provider, limit },
                None => SandboxError::NotAComponent { provider, reason: format!("{error:#}") },
            }
        })?;
        let pre = match linker.instantiate_pre(&component) {
            Ok(pre) => pre,
            Err(error) => {
                let import = missing(sandbox.engine(), &linker, &component)
                    .unwrap_or_else(|| format!("{error:#}"));
                return Err(SandboxError::UnknownImport { provider: provider.into(), import });
            }
        };
        let exports = Indices::find(&pre, sections).map_err(|error| SandboxError::OtherApi {
            provider: provider.into(),
            found: format!("0.1 with another shape ({error:#})"),
            supported: "0.1",
        })?;
        Ok(Self { engine: sandbox.engine().clone(), provider: provider.into(), pre, exports })
    }

    /// An instance in a store of its own, for one command.
    ///
    /// # Errors
    ///
    /// When the component's own start code fails or breaks a limit.
    pub async fn instantiate(&self, invocation: Invocation) -> Result<Instance, SandboxError> {
        let mut store = Store::new(&self.engine, State::new(invocation));
        store.limiter(|state| &mut state.limiter);
        store.set_hostcall_fuel(limits::BYTES_PER_CALL);
        store.set_max_component_handles(limits::HANDLES);
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(|mut context| {
            let state = context.data_mut();
            if state.clock.look() > limits::GUEST_CPU {
                return Err(limits::Limit::Cpu.into());
            }
            if state.invocation.cancel.grace_is_over() {
                state.stop = Some(Stop::CancelGrace);
                wasmtime::bail!("interrupted");
            }
            Ok(UpdateDeadline::Yield(1))
        });
        Instance::new(&self.provider, store, &self.pre, &self.exports).await
    }
}

/// The options that link what is a draft in an interface, too.
macro_rules! with_drafts {
    ($interface:ident) => {{
        let mut options = imports::$interface::LinkOptions::default();
        options.draft(true);
        options
    }};
}

/// A linker that holds the interfaces that are always granted, and those of the
/// component's capabilities that `grants` allows.
fn linker(
    engine: &Engine,
    provider: &str,
    sections: &Sections,
    grants: &Grants,
) -> Result<Linker<State>, SandboxError> {
    type Own = HasSelf<State>;
    let mut linker = Linker::new(engine);
    let broken = |error: wasmtime::Error| SandboxError::Runtime { reason: format!("{error:#}") };
    imports::types::add_to_linker::<State, Own>(&mut linker, |state| state).map_err(broken)?;
    let options = with_drafts!(invocation);
    imports::invocation::add_to_linker::<State, Own>(&mut linker, &options, |state| state)
        .map_err(broken)?;
    for capability in sections.capabilities() {
        if !grants.allows(capability) && !grants.refuses(capability) {
            return Err(SandboxError::NotGranted {
                provider: provider.into(),
                capability: capability.as_str(),
            });
        }
        match capability {
            Capability::Containers => {
                let options = with_drafts!(containers);
                imports::containers::add_to_linker::<State, Own>(&mut linker, &options, |it| it)
            }
            Capability::Prompt => {
                imports::prompt::add_to_linker::<State, Own>(&mut linker, |state| state)
            }
            Capability::Http => {
                let options = with_drafts!(http);
                imports::http::add_to_linker::<State, Own>(&mut linker, &options, |it| it)
            }
            Capability::Repository => {
                imports::repository::add_to_linker::<State, Own>(&mut linker, |state| state)
            }
        }
        .map_err(broken)?;
    }
    Ok(linker)
}

/// The first imported function that the linker does not hold, `interface/name`.
///
/// It is found by trying to define it: what can be defined was missing.
fn missing(engine: &Engine, linker: &Linker<State>, component: &Component) -> Option<String> {
    let mut probe = linker.clone();
    for (interface, item) in component.component_type().imports(engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else {
            return Some(interface.to_owned());
        };
        for (name, item) in instance.exports(engine) {
            if matches!(item.ty, ComponentItem::ComponentFunc(_)) {
                let defined = probe.instance(interface).is_ok_and(|mut at| define(&mut at, name));
                if defined {
                    return Some(format!("{interface}.{name}"));
                }
            }
        }
    }
    None
}

fn define(instance: &mut LinkerInstance<'_, State>, name: &str) -> bool {
    instance.func_new(name, |_, _, _, _| Err(wasmtime::Error::msg("never called"))).is_ok()
}
