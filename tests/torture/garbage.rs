//! Garbage in the place of every state file.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use support::{Context, fixture};

use crate::bounds;
use crate::ground::Ground;
use crate::random::Random;
use crate::report::Report;

/// The commands that read state files.
const READERS: [&[&str]; 7] = [
    &["config", "list"],
    &["config", "set", "image", "a"],
    &["config", "set", "--global", "image", "a"],
    &["session", "origin", "list"],
    &["session", "provider", "list"],
    &["session", "ls"],
    &["session", "doctor"],
];

pub fn run(random: &mut Random, time: Duration, report: &mut Report) {
    let context = Context::docker();
    let ground = Ground::new(&context);
    for line in [
        "config set image a",
        "config set --global image a",
        "session origin add a https://a.example --credential bearer --secret-env HOME",
        "session ls",
        "session image",
        &format!("session provider add {} --yes --name tool", fixture("asking")),
        &format!("session provider grant {} --yes", fixture("hostile")),
        "session provider pin tool",
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let run = ground.run(&words);
        if run.status != 0 {
            report.find("before the garbage", &bounds::shown(&run));
            return;
        }
    }
    let mut files = Vec::new();
    for folder in [ground.home(), ground.cache(), ground.project.root().join(".renku")] {
        collect(&folder, &mut files);
    }
    let end = Instant::now() + time;
    while Instant::now() < end {
        for file in &files {
            if Instant::now() > end {
                return;
            }
            replace(&ground, file, random, report);
        }
    }
}

fn replace(ground: &Ground<'_>, file: &Path, random: &mut Random, report: &mut Report) {
    let was = fs::read(file).unwrap();
    let (kind, garbage) = match random.below(6) {
        0 => ("nothing", Vec::new()),
        1 => ("half of it", was[..was.len() / 2].to_vec()),
        2 => ("noise", random.bytes(4096)),
        3 => ("zero bytes", vec![0; 4096]),
        4 => ("twenty MiB", vec![b'['; 20 << 20]),
        _ => ("one bit less", flipped(&was, random)),
    };
    fs::write(file, &garbage).unwrap();
    let shown = file.strip_prefix(ground.context().folder()).unwrap_or(file).display().to_string();
    let what = format!("{kind} in `{shown}`");
    for reader in READERS {
        let (_, wrong) = bounds::run(ground.renku(reader));
        if let Some(wrong) = wrong {
            report.find(&what, &wrong);
        }
        report.count("commands that met garbage");
    }
    // Compiled code and the like may have been made anew.
    fs::write(file, was).unwrap();
    for reader in READERS {
        let run = ground.run(reader);
        if run.status != 0 && reader.last() != Some(&"doctor") {
            report.find(&format!("afterwards, {what}"), &bounds::shown(&run));
        }
    }
}

fn flipped(was: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = was.to_vec();
    let index = random.below(bytes.len());
    if let Some(byte) = bytes.get_mut(index) {
        *byte ^= 1 << random.below(8);
    }
    bytes
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        match entry.file_type() {
            Ok(kind) if kind.is_dir() => collect(&path, files),
            // Locks hold nothing.
            Ok(kind) if kind.is_file() && path.extension().is_none_or(|it| it != "lock") => {
                files.push(path);
            }
            _ => {}
        }
    }
    files.sort();
}
