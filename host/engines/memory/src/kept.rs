//! Where the state is kept: in this process, or in a folder that several processes
//! share, so that `start`, `ls` and `stop` see one engine.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

use crate::state::State;

const STATE: &str = "state.json";
const LOCK: &str = "lock";
const FILES: &str = "files";

/// Where the state is kept.
#[derive(Debug)]
pub enum Kept {
    /// In this process; files of containers in a folder that goes with it.
    Process(Mutex<(State, Option<TempDir>)>),
    /// In this folder. Each change is made under a lock.
    Folder(PathBuf),
}

impl Default for Kept {
    fn default() -> Self {
        Self::Process(Mutex::default())
    }
}

impl Kept {
    /// Looks at the state and changes it.
    ///
    /// # Errors
    ///
    /// When the folder cannot be used.
    pub fn change<T>(&self, work: impl FnOnce(&mut State) -> T) -> io::Result<T> {
        match self {
            Self::Process(state) => {
                Ok(work(&mut state.lock().unwrap_or_else(PoisonError::into_inner).0))
            }
            Self::Folder(folder) => {
                // Nobody makes the folder here: where it is gone, so is the engine.
                let lock = File::options().create(true).append(true).open(folder.join(LOCK))?;
                lock.lock()?;
                let before = read(folder)?;
                let mut state = before.clone();
                let answer = work(&mut state);
                if state != before {
                    let new = folder.join("state.new");
                    std::fs::write(&new, serde_json::to_vec_pretty(&state)?)?;
                    std::fs::rename(new, folder.join(STATE))?;
                }
                Ok(answer)
            }
        }
    }

    /// The files of a container go.
    pub(crate) fn forget_files(&self, container: &str) {
        // Files that were never made are gone, too.
        if let Ok(files) = self.files(container) {
            let _ = std::fs::remove_dir_all(files);
        }
    }

    /// The folder with the files of a container.
    ///
    /// # Errors
    ///
    /// When it cannot be made.
    pub(crate) fn files(&self, container: &str) -> io::Result<PathBuf> {
        let folder = match self {
            Self::Process(state) => {
                let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
                match &mut state.1 {
                    Some(folder) => folder.path().join(container),
                    none => none.insert(TempDir::new()?).path().join(container),
                }
            }
            Self::Folder(folder) => folder.join(FILES).join(container),
        };
        std::fs::create_dir_all(&folder)?;
        Ok(folder)
    }
}

fn read(folder: &Path) -> io::Result<State> {
    match std::fs::read(folder.join(STATE)) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::default()),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::image::Image;

    #[test]
    fn a_folder_is_one_engine_for_all_who_open_it() {
        let folder = TempDir::new().expect("folder");
        let open = || Kept::Folder(folder.path().to_owned());
        let id = open().change(|state| state.add_image("a", Image::default())).expect("change");
        let found = open().change(|state| state.image("a:latest").map(|image| image.id.clone()));
        assert_eq!(found.expect("look"), Some(id));
    }

    #[test]
    fn without_its_folder_there_is_no_engine() {
        let folder = TempDir::new().expect("folder");
        let kept = Kept::Folder(folder.path().join("gone"));
        assert!(kept.change(|_| ()).is_err());
    }
}
