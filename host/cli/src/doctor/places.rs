//! Directories and files of our own: cache, configuration, key.

use std::path::{Path, PathBuf};

use crate::domain::Diagnostic as _;
use crate::files::directories;
use crate::files::session_key::{KeyFile, SecretKey};
use crate::output::Finding;
use crate::sandbox::{self, CompiledState};
use crate::web::login;

/// Less than any compiled provider and a list of names need.
const LITTLE_DISK: u64 = 100_000_000;

pub(super) fn examine() -> Vec<Finding> {
    let mut findings =
        vec![cache(directories::cache()), configuration(directories::configuration()), key()];
    findings.extend(logins());
    findings
}

fn cache(directory: Option<PathBuf>) -> Finding {
    let topic = "cache";
    let Some(directory) = directory else {
        return Finding::warning(topic, "there is no place for it", "set `HOME`");
    };
    let compiled = directory.join("compiled");
    let shown = compiled.display();
    match sandbox::compiled_state(&compiled) {
        CompiledState::Absent => Finding::ok(topic, format!("`{shown}` will be made")),
        CompiledState::Refused(reason) => Finding::warning(
            topic,
            format!("compiled providers are not kept: {reason}"),
            &format!("every command compiles anew; run `chmod 700 {shown}`, or remove it"),
        ),
        CompiledState::Used { entries, bytes } => {
            let size = bytes as f64 / f64::from(1 << 20);
            let message = format!("compiled providers: {entries}, {size:.1} MiB in `{shown}`");
            match free(&compiled) {
                Some(free) if free < LITTLE_DISK => {
                    Finding::warning(topic, message, "the disk is nearly full")
                }
                _ => Finding::ok(topic, message),
            }
        }
    }
}

fn configuration(directory: Option<PathBuf>) -> Finding {
    let topic = "configuration";
    let Some(directory) = directory else {
        let hint = Some("set the environment variable `HOME`");
        return Finding::problem(topic, "your home directory is not known", hint);
    };
    let shown = directory.display();
    match directory.metadata() {
        Ok(metadata) if metadata.is_dir() => Finding::ok(topic, format!("`{shown}`")),
        Ok(_) => Finding::problem(
            topic,
            format!("`{shown}` is not a directory"),
            Some(&format!("move it away: `mv {shown} {shown}.old`")),
        ),
        Err(_) => Finding::ok(topic, format!("`{shown}` will be made")),
    }
}

fn key() -> Finding {
    let topic = "session key";
    let Some(folder) = directories::configuration() else {
        return Finding::problem(topic, "there is no place for it", None);
    };
    let file = KeyFile::within(&folder, false).path;
    match SecretKey::examine(&file) {
        Ok(true) => Finding::ok(topic, format!("`{}`", file.display())),
        Ok(false) => Finding::ok(topic, format!("`{}` will be made", file.display())),
        Err(error) => Finding::problem(topic, error.to_string(), error.hint().as_deref()),
    }
}

/// The logins to RenkuLabs; nothing for who has none.
fn logins() -> Option<Finding> {
    let store = login::Store::new(&directories::configuration()?);
    if !store.exists() {
        return None;
    }
    Some(match store.load() {
        Ok(logins) => Finding::ok("logins", logins.urls().join(", ")),
        Err(error) => Finding::problem("logins", error.to_string(), error.hint().as_deref()),
    })
}

/// Bytes that this user may still write where `path` is; none where that cannot be
/// told.
#[cfg(unix)]
pub(super) fn free(path: &Path) -> Option<u64> {
    let room = rustix::fs::statvfs(path).ok()?;
    room.f_bavail.checked_mul(room.f_frsize)
}

#[cfg(not(unix))]
pub(super) fn free(_path: &Path) -> Option<u64> {
    None
}
