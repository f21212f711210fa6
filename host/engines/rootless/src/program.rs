//! The program of a session as a runtime starts it: made of what was kept of the session
//! and of what is chosen at this start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::copies;
use crate::folder::{self, Folder};
use crate::mounts::{Content, Files};
use crate::port;
use crate::record::{Record, Volume};

/// Files of this machine by which the network that is shared works.
const NETWORK: [&str; 2] = ["/etc/resolv.conf", "/etc/hosts"];

/// A program in its box.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Program {
    pub(crate) files: Files,
    /// Everything that it has in its environment. Some of it is secret.
    pub(crate) environment: BTreeMap<String, String>,
    pub(crate) directory: String,
    pub(crate) words: Vec<String>,
    /// Whether it has no network.
    pub(crate) is_offline: bool,
}

impl Program {
    /// The program of a session, on an image whose files are below `root`. `is_root`: its
    /// user is called root in the box.
    pub(crate) fn of(
        record: &Record,
        session: &Folder,
        root: &Path,
        is_root: bool,
        ports: &[(u16, u16)],
    ) -> Self {
        let mut files = Files::of(root);
        for (path, real) in network_files(root) {
            files.mount(path, Content::ReadOnly(real));
        }
        if record.has_users {
            let users = session.path().join(folder::USERS);
            files.mount("/etc/passwd", Content::ReadOnly(users));
        }
        let home = session.path().join(folder::HOME);
        files.mount(record.home.as_str(), Content::Writable(home));
        if let Some((project, target)) = &record.project {
            files.mount(target.as_str(), Content::Writable(project.clone()));
        }
        if let Some(target) = &record.own_folder {
            files.mount(target.as_str(), Content::Writable(copies::below(session, target)));
        }
        for target in &record.temporary {
            files.mount(target.as_str(), Content::Temporary);
        }
        for Volume { source, target, is_writable } in record.volumes.iter().cloned() {
            let content = match is_writable {
                true => Content::Writable(source),
                false => Content::ReadOnly(source),
            };
            files.mount(target, content);
        }
        let mut words = record.program.clone();
        let mut environment = record.environment.clone();
        for (from, to) in ports {
            port::move_to(&mut words, &mut environment, *from, *to);
        }
        if is_root {
            port::allow_root(&mut words);
        }
        let (directory, is_offline) = (record.directory.clone(), record.is_offline);
        Self { files, environment, directory, words, is_offline }
    }
}

fn network_files(root: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let has_etc = root.join("etc").symlink_metadata().is_ok_and(|it| it.is_dir());
    let here = NETWORK.into_iter().filter(move |_| has_etc);
    // Often a link into `/run`.
    here.filter_map(|path| Some((path, Path::new(path).canonicalize().ok()?)))
}
