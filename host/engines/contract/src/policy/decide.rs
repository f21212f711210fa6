//! What a container will be: decided from what the provider wants, what the user
//! typed and granted, the image and the engine, before the engine has to make
//! one. [`decide`] reads nothing.

use super::{container, port_placeholders, resources, run_as};
use crate::images::Owner;
use crate::{
    ContainerSpec, ContainersError, EngineFacts, EngineOptions, EngineUsers, GrantLimits,
    ImageConfig, ProjectFiles, RunSpec, Scope,
};

/// What a provider wants, as far as anybody allowed it.
#[derive(Debug, Clone)]
pub struct Admitted {
    /// What it wants.
    pub spec: ContainerSpec,
    /// Whether the provider itself asked for CPUs.
    is_cpu_asked: bool,
}

/// What is known when a container is decided on.
#[derive(Debug, Clone, Copy)]
pub struct Known<'a> {
    /// The image, which says as whom it runs.
    pub image: &'a ImageConfig,
    /// The engine; none: nothing depends on it.
    pub facts: Option<&'a EngineFacts>,
    /// Whose the project's files are.
    pub owner: Owner,
    /// Whose the session will be.
    pub user: &'a str,
}

/// A container, and what it does not get although somebody asked for it.
#[derive(Debug)]
pub struct Decided {
    pub run: RunSpec,
    /// Each as the error that it would have been.
    pub left_out: Vec<ContainersError>,
}

/// Checks what needs no engine.
///
/// # Errors
///
/// Whatever the policy refuses.
pub fn admit(
    spec: ContainerSpec,
    options: &EngineOptions,
    limits: &GrantLimits,
) -> Result<Admitted, ContainersError> {
    container::check(&spec)?;
    let is_cpu_asked = spec.resources.cpu.is_some();
    let spec = limits.bound(spec)?;
    container::check_options(&spec, options)?;
    Ok(Admitted { spec, is_cpu_asked })
}

/// Decides. What the engine cannot do is an error, or with `--best-effort` left out.
///
/// # Errors
///
/// [`ContainersError::CpuOverLimit`], `DiskUnsupported`, `GpuUnavailable`, `NoProject`.
pub fn decide(
    admitted: Admitted,
    scope: &Scope,
    options: &EngineOptions,
    known: &Known<'_>,
) -> Result<Decided, ContainersError> {
    let project = scope.project.as_ref().ok_or(ContainersError::NoProject)?;
    let Admitted { mut spec, is_cpu_asked } = admitted;
    let mut left_out = Vec::new();
    if let Some(facts) = known.facts {
        if !is_cpu_asked {
            resources::at_most_all_cpus(&mut spec.resources, facts);
        }
        while let Err(error) = resources::check_engine(&spec.resources, facts) {
            match resources::without(&spec.resources, &error) {
                Some(less) if options.best_effort => spec.resources = less,
                _ => return Err(error),
            }
            left_out.push(error);
        }
    }
    port_placeholders::fill_in(&mut spec);
    // A project of root on an engine that was not asked: uid 0 is right on
    // every kind of engine.
    let users = match (known.facts, &project.files) {
        (None, _) => EngineUsers::Same,
        (Some(facts), ProjectFiles::Mounted) => facts.users,
        (Some(facts), _) => facts.users_of_copies,
    };
    let asked = options.typed_over(&spec);
    let user = options.user.as_deref();
    let identity = run_as::decide(&asked, known.image, known.owner, users, user);
    let copies = identity.owner_of_copies(known.owner, known.image);
    let exposed = &known.image.exposed_ports;
    let run =
        container::run_spec(&spec, scope, known.user, project, &identity, copies, options, exposed);
    Ok(Decided { run, left_out })
}
