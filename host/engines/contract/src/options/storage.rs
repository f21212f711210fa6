//! What is mounted beside the project.

use std::path::PathBuf;

use super::caller::Caller;
use super::option::{Danger, EngineOption as Row};
use super::{EngineOptions, Volume};

pub(super) const ROWS: &[Row] = &[
    Row::parsed(
        "volume",
        "HOST:CONTAINER[:ro]",
        "/data:/data:ro",
        "Mount a folder of this computer, or a named volume",
        volume,
    )
    .many()
    .danger(Danger::OutsideProject),
    Row::text(
        "volumes-from",
        "CONTAINER[:ro]",
        "other:ro",
        "Mount the volumes of another container",
        |it, text| it.run.volumes_from.push(text),
    )
    .many()
    .danger(Danger::Always),
    Row::text("volume-driver", "NAME", "local", "The driver of new named volumes", |it, text| {
        it.run.volume_driver = Some(text);
    })
    .danger(Danger::When(|driver| driver != "local")),
    Row::parsed(
        "tmpfs",
        "CONTAINER[:OPTIONS]",
        "/tmp:size=1g",
        "A folder in memory, gone when the session stops",
        tmpfs,
    )
    .many(),
    Row::flag("read-only", "Make everything but mounts read-only", |it| {
        it.run.read_only = true;
    }),
];

/// What may stand behind the second colon (`docker run`, "--volume").
const MODES: [&str; 17] = [
    "ro",
    "rw",
    "z",
    "Z",
    "private",
    "rprivate",
    "shared",
    "rshared",
    "slave",
    "rslave",
    "nocopy",
    "consistent",
    "cached",
    "delegated",
    "U",
    "exec",
    "noexec",
];

fn volume(it: &mut EngineOptions, text: &str, around: &Caller<'_>) -> Result<(), String> {
    let mut parts = text.splitn(3, ':');
    let (Some(source), Some(target)) = (parts.next(), parts.next()) else {
        return Err("the path in the session is missing".to_owned());
    };
    if source.is_empty() {
        return Err("the source of the mount is missing".to_owned());
    }
    absolute(target)?;
    let mode = parts.next();
    if let Some(unknown) = mode.and_then(|mode| mode.split(',').find(|it| !MODES.contains(it))) {
        return Err(format!("`{unknown}` is not a mode such as `ro`"));
    }
    let (name, path) = source_of(source, around)?;
    // What an engine elsewhere has at a path, and behind its links, is not known.
    it.source = path.filter(|_| around.local_engine);
    let (target, mode) = (target.to_owned(), mode.map(str::to_owned));
    it.run.volume.push(Volume { source: name, target, mode });
    Ok(())
}

/// A path when it looks like one, else the name of a volume.
fn source_of(source: &str, around: &Caller<'_>) -> Result<(String, Option<PathBuf>), String> {
    let is_path = source.contains('/') || [".", "..", "~"].contains(&source);
    if !is_path {
        let valid = source.len() > 1
            && source.starts_with(|first: char| first.is_ascii_alphanumeric())
            && source.chars().all(|c| c.is_ascii_alphanumeric() || "_.-".contains(c));
        return if valid {
            Ok((source.to_owned(), None))
        } else {
            Err(format!("`{source}` is neither a path nor the name of a volume"))
        };
    }
    if !source.starts_with(['/', '.', '~']) {
        return Err(format!("write `./{source}` if this is a folder here"));
    }
    let path = around.existing(source)?;
    match path.to_str() {
        Some(text) if text.contains(':') => {
            Err("engines cannot mount a path with a colon in it".to_owned())
        }
        Some(text) => Ok((text.to_owned(), Some(path))),
        None => Err("engines cannot mount a path that is not UTF-8".to_owned()),
    }
}

fn tmpfs(it: &mut EngineOptions, text: &str, _: &Caller<'_>) -> Result<(), String> {
    let (target, options) = text.split_once(':').unwrap_or((text, ""));
    absolute(target)?;
    it.run.tmpfs.insert(target.to_owned(), options.to_owned());
    Ok(())
}

fn absolute(target: &str) -> Result<(), String> {
    if target.starts_with('/') && target != "/" {
        Ok(())
    } else {
        Err(format!("`{target}` is not an absolute path in the session"))
    }
}
