//! Ends sessions.

use renku_session_sdk::{Result, containers};

/// How long a session may take to save its work before it is killed.
const GRACE_SECONDS: u32 = 10;

/// Stops one session; false when there is none of this name.
///
/// # Errors
///
/// When it exists and could not be stopped.
pub(crate) fn one(name: &str) -> Result<bool> {
    match containers::stop(name, GRACE_SECONDS) {
        Ok(()) => Ok(true),
        Err(error) if error.is_not_found() => Ok(false),
        Err(error) => Err(error),
    }
}

/// Stops every session of the command's project; one that fails does not keep
/// the others running.
///
/// # Errors
///
/// The first failure.
pub(crate) fn all() -> Result<bool> {
    let results: Vec<Result<bool>> =
        containers::list_containers()?.iter().map(|container| one(&container.name())).collect();
    results.into_iter().try_fold(false, |stopped, result| Ok(stopped | result?))
}
