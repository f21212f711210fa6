//! After a start that failed, was interrupted or trapped: nothing is left.

use std::time::Duration;

use crate::context::Context;
use crate::domain::{is_plain_name, shown_name};
use crate::sandbox::{Cancel, Invocation, Loaded};

/// How long a provider has to take back what it created.
const LIMIT: Duration = Duration::from_secs(30);
/// How long the engine has for the rest.
const ENGINE_LIMIT: Duration = Duration::from_secs(15);

/// Lets the provider stop what it said it created, in a fresh store because the
/// old one may be poisoned; then removes the containers that the capability
/// itself recorded, for which no guest is needed. What may be left is named; `option`
/// is what the user must add to reach it.
pub(super) async fn after_failure(
    context: &Context,
    loaded: &Loaded,
    invocation: &Invocation,
    created: &[String],
    option: &str,
) {
    let nothing = invocation.containers.as_ref().is_none_or(|all| all.left_nothing());
    if created.is_empty() && nothing {
        return;
    }
    context.reporter().phase("Cleaning up");
    let mut left = Vec::new();
    if !created.is_empty() {
        left = stop(loaded, invocation, created).await;
    }
    if let Some(containers) = &invocation.containers {
        let removing = tokio::time::timeout(ENGINE_LIMIT, containers.remove_created()).await;
        for error in removing.unwrap_or_default() {
            context.notices().warning(&error);
        }
        // The capability knows better what became of containers: what the engine, gone
        // or broken, did not remove is still on its list.
        left.clear();
        for name in containers.created() {
            context.reporter().message(&format!(
                "`{name}` may still be there; when the engine answers again, `renku session stop{option} {name}` removes it"
            ));
        }
    }
    for name in left {
        // The guest chose it.
        let stop = if is_plain_name(name) { name.as_str() } else { "--all" };
        context.reporter().message(&format!(
            "`{}` may still run; `renku session stop{option} {stop}` ends it",
            shown_name(name)
        ));
    }
    context.reporter().finish();
}

/// Leaves what failed, and says how to look at it and how to remove it.
pub(super) fn keep(context: &Context, created: &[String], option: &str) {
    for name in created.iter().filter(|name| is_plain_name(name)) {
        context.reporter().message(&format!(
            "`{name}` is left as it is: `renku session logs{option} {name}` shows what it printed, \
             `renku session stop{option} {name}` removes it"
        ));
    }
    context.reporter().finish();
}

/// Lets the provider stop its sessions, all within the limit. Those of which it is
/// not known that they are gone.
async fn stop<'a>(
    loaded: &Loaded,
    invocation: &Invocation,
    created: &'a [String],
) -> Vec<&'a String> {
    let fresh = Invocation { cancel: Cancel::default(), ..invocation.clone() };
    let mut left: Vec<&String> = created.iter().collect();
    let stopping = async {
        let Ok(mut instance) = loaded.instantiate(fresh).await else { return };
        for name in created {
            match instance.session_stop(Some(name), false).await {
                Ok(_) => left.retain(|other| *other != name),
                Err(error) => tracing::info!("could not stop `{}`: {error}", shown_name(name)),
            }
        }
    };
    let _ = tokio::time::timeout(LIMIT, stopping).await;
    left
}
