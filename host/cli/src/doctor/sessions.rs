//! Sessions that no command shows, because their provider is gone or may not run:
//! the engine has them, and only the engine removes them.

use std::path::Path;

use crate::app::App;
use crate::contract::{LeftCopy, Resident};
use crate::domain::{Diagnostic as _, Digest, file_digits, shown_label};
use crate::files;
use crate::output::Finding;
use crate::providers::{Name, Versions, is_bundled, is_path};
use crate::sandbox::limits::MOST_PACKAGE_BYTES;
use crate::sessions::{StillThere, in_words, removal};

pub(super) fn examine(app: &App, sessions: &[Resident]) -> Vec<Finding> {
    sessions
        .iter()
        .filter_map(|session| {
            let reason = unseen(app, session)?;
            let message = format!("no command shows {}: {reason}", in_words(session));
            let remove = removal(std::slice::from_ref(session));
            Some(Finding::warning("session", message, &format!("`{remove}` removes it")))
        })
        .collect()
}

/// Copies of projects whose sessions are gone.
pub(super) fn left_copies(copies: &[LeftCopy]) -> Vec<Finding> {
    let finding = |copy: &LeftCopy| {
        let copy = StillThere(copy.clone());
        Finding::warning("session", copy.to_string(), &copy.hint().unwrap_or_default())
    };
    copies.iter().map(finding).collect()
}

/// Why no command shows it; none: one does.
fn unseen(app: &App, session: &Resident) -> Option<String> {
    let label = &session.provider;
    if let Some(digits) = file_digits(label) {
        let reason = "the file of its provider was changed, or has no permissions";
        let shown = shown_label(label).trim_start_matches("file:");
        return (!has_file(app, digits)).then(|| format!("{reason} (sha256:{shown}…)"));
    }
    let Ok(name) = label.parse::<Name>() else { return None };
    if is_bundled(&name) || app.context.shows_sessions_of(&name, &[]) {
        return None;
    }
    let files = app.context.catalogue().files_of(&name, &Versions::Any).ok()?;
    Some(match files.iter().any(|file| file.identity().owns(label)) {
        true => format!("its provider `{name}` has no permissions"),
        false => format!("its provider `{name}` is not installed"),
    })
}

/// Whether a file whose digest begins with these digits was allowed, and is still where it was
/// then. One that a project brings along was allowed under its name; that project
/// may be any.
fn has_file(app: &App, digits: &str) -> bool {
    // Another check reports files that cannot be read.
    let Ok(grants) = app.context.permissions().all() else { return true };
    grants.iter().filter(|grant| grant.digest.hex().starts_with(digits)).any(|grant| {
        let file = || files::read(Path::new(&grant.name), MOST_PACKAGE_BYTES as u64).ok().flatten();
        !is_path(&grant.name) || file().is_some_and(|bytes| Digest::of(&bytes) == grant.digest)
    })
}
