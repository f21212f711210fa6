//! What `crate::fuzzing` needs of this folder.

use super::buildkit::trace::Trace;
use super::steps::Steps;
use crate::domain::Diagnostic as _;

/// The lines that are shown of messages of BuildKit, and the output of the step that failed.
#[must_use]
pub fn followed_buildkit(messages: &[&[u8]]) -> (Vec<String>, Vec<String>) {
    let mut trace = Trace::default();
    let shown = messages.iter().flat_map(|message| trace.add(message)).collect();
    (shown, trace.failed().map(|failed| failed.output).unwrap_or_default())
}

/// The lines that are shown of the output of the classic builder, and why it failed.
#[must_use]
pub fn followed_classic(pieces: &[&str]) -> (Vec<String>, Vec<String>) {
    let mut steps = Steps::default();
    let shown = pieces.iter().flat_map(|piece| steps.add(piece)).collect();
    (shown, steps.failure("p:1", "it failed".to_owned()).causes())
}
