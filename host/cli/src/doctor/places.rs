//! Directories and files of our own: cache, configuration, key.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::domain::{Diagnostic, shell_word};
use crate::files::session_key::{KeyFile, SecretKey};
use crate::files::{self, directories};
use crate::output::Finding;
use crate::project::Settings;
use crate::providers::GrantsFile;
use crate::providers::signing::TrustedKeys;
use crate::sandbox::{self, CompiledState};
use crate::web::{login, origins};

/// Less than any compiled provider and a list of names need.
const LITTLE_DISK: u64 = 100_000_000;

pub(super) fn examine() -> Vec<Finding> {
    let mut findings =
        vec![cache(directories::cache()), configuration(directories::configuration()), key()];
    findings.extend(logins());
    findings.extend(decisions());
    findings.extend(ways());
    findings
}

fn problem(topic: &'static str, error: &dyn Diagnostic) -> Finding {
    Finding::problem(topic, error.to_string(), error.hint().as_deref())
}

/// What the user decided and cannot be used; nothing where all is well.
fn decisions() -> Vec<Finding> {
    let Some(folder) = directories::configuration() else { return Vec::new() };
    let settings = Settings::load(None).err().map(|it| problem("settings", &it));
    let grants = GrantsFile::of(&folder).err().map(|it| problem("permissions", &it));
    let keys = TrustedKeys::read(&folder).err().map(|it| problem("trusted keys", &it));
    let origins = origins::Store::new(&folder).load().err().map(|it| problem("origins", &it));
    [settings, grants, keys, origins].into_iter().flatten().collect()
}

/// Who else could change what is in our folders.
fn ways() -> Vec<Finding> {
    let folders = [directories::configuration(), directories::data(), directories::cache()];
    let (mut findings, mut shared) = (Vec::new(), BTreeSet::new());
    for folder in folders.into_iter().flatten() {
        match files::way_to(&folder) {
            Ok(way) => {
                findings.extend(way.wrong.map(|error| problem("folders", &error)));
                shared.extend(way.shared);
            }
            Err(error) => findings.push(problem("folders", &error)),
        }
    }
    findings.extend(shared.into_iter().map(|folder| {
        let message = format!("the group of `{}` can change its contents", folder.display());
        let path = shell_word(&folder.to_string_lossy());
        let hint = format!("if others are in that group, run `chmod g-w {path}`");
        Finding::warning("folders", message, &hint)
    }));
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
        CompiledState::Absent => Finding::ok(topic, format!("`{shown}` will be created")),
        CompiledState::Refused(reason) => Finding::warning(
            topic,
            format!("compiled providers are not cached: {reason}"),
            &format!("every command compiles them again; run `chmod 700 {shown}`, or remove it"),
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
        Err(_) => Finding::ok(topic, format!("`{shown}` will be created")),
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
        Ok(false) => Finding::ok(topic, format!("`{}` will be created", file.display())),
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
