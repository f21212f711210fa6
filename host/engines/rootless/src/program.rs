//! The program of a session as a runtime starts it: made of what was kept of the session
//! and of what is chosen at this start.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::folder::{self, Folder};
use crate::mounts::{Content, Files};
use crate::port;
use crate::record::{Record, Started};

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
}

impl Program {
    /// The program of a session, on an image whose files are below `root`.
    pub(crate) fn of(record: &Record, session: &Folder, root: &Path, started: &Started) -> Self {
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
        let mut words = record.program.clone();
        let mut environment = record.environment.clone();
        for (from, to) in &started.ports {
            port::move_to(&mut words, &mut environment, *from, *to);
        }
        Self { files, environment, directory: record.directory.clone(), words }
    }
}

fn network_files(root: &Path) -> impl Iterator<Item = (&'static str, PathBuf)> {
    let has_etc = root.join("etc").symlink_metadata().is_ok_and(|it| it.is_dir());
    let here = NETWORK.into_iter().filter(move |_| has_etc);
    // Often a link into `/run`.
    here.filter_map(|path| Some((path, Path::new(path).canonicalize().ok()?)))
}
