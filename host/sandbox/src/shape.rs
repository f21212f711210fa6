//! What a component would make of itself, counted before it is compiled: compiling
//! it and making its instances take memory of the host that no limit of the runtime
//! bounds. A few kilobytes can ask for millions of instances.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, ElementItems, Instance, Parser, Payload,
};

use super::branching::Functions;
use super::limits::{BRANCHING, INSTANCES, ITEMS, Limit};

/// What one instance takes.
#[derive(Clone, Copy, Default)]
struct Cost {
    /// Instances that are made with it.
    instances: usize,
    /// Functions, globals, imports and elements of them all.
    items: usize,
}

impl Cost {
    fn add(&mut self, instances: usize, items: usize) -> wasmtime::Result<()> {
        self.instances = self.instances.saturating_add(instances);
        self.items = self.items.saturating_add(items);
        if self.instances > INSTANCES {
            return Err(Limit::Parts.into());
        }
        if self.items > ITEMS {
            return Err(Limit::Items.into());
        }
        Ok(())
    }
}

/// A component or module while it is read.
#[derive(Default)]
struct Level {
    is_module: bool,
    cost: Cost,
    functions: Functions,
    /// What can be instantiated in here, by index; none for what comes from elsewhere.
    modules: Vec<Option<Cost>>,
    components: Vec<Option<Cost>>,
}

impl Level {
    fn instantiate(&mut self, is_module: bool, index: u32) -> wasmtime::Result<()> {
        let all = if is_module { &self.modules } else { &self.components };
        let known = usize::try_from(index).ok().and_then(|index| all.get(index).copied());
        let Some(cost) = known.flatten() else {
            wasmtime::bail!("it makes instances of what one part of it hands to another");
        };
        self.cost.add(cost.instances + 1, cost.items)
    }

    /// One more that can be instantiated, when it is of such a kind.
    fn define(&mut self, kind: ComponentExternalKind, cost: Option<Cost>) {
        match kind {
            ComponentExternalKind::Module => self.modules.push(cost),
            ComponentExternalKind::Component => self.components.push(cost),
            _ => {}
        }
    }

    fn of_kind(&self, kind: ComponentExternalKind, index: u32) -> Option<Cost> {
        let index = usize::try_from(index).ok()?;
        match kind {
            ComponentExternalKind::Module => *self.modules.get(index)?,
            ComponentExternalKind::Component => *self.components.get(index)?,
            _ => None,
        }
    }
}

/// Checks a component that is about to be compiled.
///
/// # Errors
///
/// A [`Limit`] that it goes beyond; what makes it no component.
pub(super) fn check(bytes: &[u8]) -> wasmtime::Result<()> {
    let (mut outer, mut level) = (Vec::new(), Level::default());
    // Of everything that is compiled, whether there will be instances of it or not.
    let (mut compiled, mut branching) = (Cost::default(), 0_u64);
    for payload in Parser::new(0).parse_all(bytes) {
        let mut items = 0;
        match payload? {
            Payload::ModuleSection { .. } => {
                let inner = Level { is_module: true, ..Level::default() };
                outer.push(std::mem::replace(&mut level, inner));
            }
            Payload::ComponentSection { .. } => outer.push(std::mem::take(&mut level)),
            Payload::End(_) => {
                if let Some(above) = outer.pop() {
                    let ended = std::mem::replace(&mut level, above);
                    let all =
                        if ended.is_module { &mut level.modules } else { &mut level.components };
                    all.push(Some(ended.cost));
                }
            }
            Payload::TypeSection(section) => level.functions.types(section)?,
            Payload::ImportSection(section) => items = section.count(),
            Payload::GlobalSection(section) => items = section.count(),
            Payload::FunctionSection(section) => {
                items = section.count();
                level.functions.declared(section)?;
            }
            Payload::ElementSection(section) => {
                for element in section {
                    let count = match element?.items {
                        ElementItems::Functions(items) => items.count(),
                        ElementItems::Expressions(_, items) => items.count(),
                    };
                    items = items.saturating_add(count).saturating_add(1);
                }
            }
            Payload::CodeSectionEntry(body) => {
                branching = branching.saturating_add(level.functions.branching(&body)?);
                if branching > BRANCHING {
                    return Err(Limit::Branching.into());
                }
            }
            Payload::InstanceSection(section) => {
                for instance in section {
                    if let Instance::Instantiate { module_index, .. } = instance? {
                        level.instantiate(true, module_index)?;
                    }
                }
            }
            Payload::ComponentInstanceSection(section) => {
                for instance in section {
                    if let ComponentInstance::Instantiate { component_index, .. } = instance? {
                        level.instantiate(false, component_index)?;
                    }
                }
            }
            Payload::ComponentImportSection(section) => {
                for import in section {
                    match import?.ty {
                        ComponentTypeRef::Module(_) => level.modules.push(None),
                        ComponentTypeRef::Component(_) => level.components.push(None),
                        _ => {}
                    }
                }
            }
            Payload::ComponentAliasSection(section) => {
                for alias in section {
                    match alias? {
                        ComponentAlias::InstanceExport { kind, .. } => level.define(kind, None),
                        ComponentAlias::Outer { kind, .. } => match kind {
                            ComponentOuterAliasKind::CoreModule => level.modules.push(None),
                            ComponentOuterAliasKind::Component => level.components.push(None),
                            _ => {}
                        },
                        ComponentAlias::CoreInstanceExport { .. } => {}
                    }
                }
            }
            Payload::ComponentExportSection(section) => {
                for export in section {
                    let export = export?;
                    level.define(export.kind, level.of_kind(export.kind, export.index));
                }
            }
            _ => {}
        }
        let items = usize::try_from(items).unwrap_or(usize::MAX);
        level.cost.add(0, items)?;
        compiled.add(0, items)?;
    }
    Ok(())
}
