//! After a start that failed, was interrupted or trapped: nothing is left.

use std::time::Duration;

use crate::cli::app::App;
use crate::sandbox::{Cancel, Invocation, Loaded};

/// How long a provider has to take back what it created.
const LIMIT: Duration = Duration::from_secs(30);

/// Lets the provider stop what it said it created, in a fresh store because the
/// old one may be poisoned; then removes the containers that the capability
/// itself recorded, for which no guest is needed.
pub(super) async fn after_failure(
    app: &App,
    loaded: &Loaded,
    invocation: &Invocation,
    created: &[String],
) {
    let nothing = invocation.containers.as_ref().is_none_or(|all| all.left_nothing());
    if created.is_empty() && nothing {
        return;
    }
    app.reporter.phase("Cleaning up");
    if !created.is_empty() {
        let fresh = Invocation { cancel: Cancel::default(), ..invocation.clone() };
        let stopping = async {
            let Ok(mut instance) = loaded.instantiate(fresh).await else { return };
            for name in created {
                if let Err(error) = instance.session_stop(Some(name), false).await {
                    tracing::info!("could not stop `{name}`: {error}");
                }
            }
        };
        let _ = tokio::time::timeout(LIMIT, stopping).await;
    }
    if let Some(containers) = &invocation.containers {
        for error in containers.remove_created().await {
            app.printer.warning(&error);
        }
        // What the engine, gone or broken, did not remove is still on its list.
        for name in containers.created() {
            app.printer.message(&format!(
                "`{name}` may still be there; when the engine answers again, `renku session stop {name}` removes it"
            ));
        }
    }
    app.reporter.finish();
}
