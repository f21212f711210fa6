//! What a dry run found out.

use crate::domain::ErrorKind;
use crate::domain::changes::{Change, DryRun};
use crate::failure::Failure;

/// What a start would change.
pub struct WouldChange {
    /// The first change of each kind, in order.
    pub changes: Vec<Change>,
    /// Why it is not known what would come after them; none: these are all.
    pub unknown: Option<String>,
}

/// What was written down.
///
/// # Errors
///
/// The failure of the start itself, when it would fail.
pub(super) fn written_down<T>(
    dry_run: &DryRun,
    result: Result<T, Failure>,
) -> Result<WouldChange, Failure> {
    let changes = dry_run.changes();
    let unknown = match result {
        Ok(_) => None,
        Err(failure) if is_end(&failure, changes.last()) => None,
        // The image is only there when it was pulled or built.
        Err(failure) if failure.0.kind() == ErrorKind::NotFound && !changes.is_empty() => {
            Some(failure.0.to_string())
        }
        Err(failure) => return Err(failure),
    };
    Ok(WouldChange { changes, unknown })
}

/// Whether the start ended because something was not done: its provider says so,
/// or says something else although that was the last thing it tried.
fn is_end(failure: &Failure, last: Option<&Change>) -> bool {
    let images = |change: &Change| {
        matches!(change, Change::Pull { .. } | Change::Build { .. } | Change::Tag { .. })
    };
    failure.0.kind() == ErrorKind::DryRun || last.is_some_and(|change| !images(change))
}
