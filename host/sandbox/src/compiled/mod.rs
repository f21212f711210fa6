//! Compiled code, kept from one command to the next.
//!
//! An entry is a file named by a digest of everything that its code depends on.
//! It is mapped, not read. Whatever is wrong with an entry, the component is
//! compiled anew: this is a cache, and never a reason to fail.

mod directory;
mod map;
mod prune;
mod sealed_file;

use std::hash::{Hash as _, Hasher};
use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use sha2::{Digest as _, Sha256};
use wasmtime::Engine;
use wasmtime::component::Component;

use sealed_file::{Miss, Sound};

use super::shape;
use crate::domain::hexadecimal;
use crate::files::OwnFolder;

/// A component and its digest.
#[derive(Debug, Clone, Copy)]
pub struct Code<'a> {
    pub bytes: &'a [u8],
    /// The SHA-256 of the component, computed by who read it.
    pub digest: [u8; 32],
}

/// The place of compiled code.
#[derive(Clone)]
pub(super) struct CompiledCode {
    directory: Option<Arc<OwnFolder>>,
}

impl CompiledCode {
    /// Compiled code in `directory` (none: nowhere). A directory that is not ours
    /// alone is not used, which is logged.
    pub(super) fn new(directory: Option<&Path>) -> Self {
        let directory = directory.and_then(|directory| {
            directory::prepare(directory)
                .inspect_err(|refused| tracing::warn!("compiled code is not kept: {refused}"))
                .ok()
        });
        Self { directory: directory.map(Arc::new) }
    }

    /// The component, compiled. Compiles it when that was not done before.
    ///
    /// # Errors
    ///
    /// When it is no valid component.
    pub(super) fn component(&self, engine: &Engine, code: Code<'_>) -> wasmtime::Result<Component> {
        let Some(directory) = &self.directory else {
            return compile(engine, code.bytes);
        };
        let name = name(engine, &code.digest);
        match load(engine, directory, &name) {
            Ok(component) => return Ok(component),
            Err(Miss::Absent) => {}
            Err(miss) => {
                let path = directory.path().join(&name);
                tracing::info!("compiled code `{}` is not used: {miss}", path.display());
            }
        }
        let component = compile(engine, code.bytes)?;
        keep(directory, &name, &component);
        prune::prune(directory.path(), SystemTime::now());
        Ok(component)
    }
}

/// What there is in the place of compiled code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CompiledState {
    /// It was not made yet.
    Absent,
    /// It is not used, because of this.
    Refused(String),
    Used {
        /// How many components.
        entries: usize,
        /// How much they take.
        bytes: u64,
    },
}

/// Looks at the place of compiled code, and makes none.
#[must_use]
pub fn compiled_state(directory: &Path) -> CompiledState {
    if !directory.exists() {
        return CompiledState::Absent;
    }
    if let Err(refused) = directory::prepare(directory) {
        return CompiledState::Refused(refused.to_string());
    }
    let files = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let sizes: Vec<u64> = files.filter_map(|file| Some(file.metadata().ok()?.len())).collect();
    CompiledState::Used { entries: sizes.len(), bytes: sizes.iter().sum() }
}

fn compile(engine: &Engine, bytes: &[u8]) -> wasmtime::Result<Component> {
    shape::check(bytes)?;
    Component::from_binary(engine, bytes)
}

fn load(engine: &Engine, directory: &OwnFolder, name: &str) -> Result<Component, Miss> {
    let entry = Sound::open(directory, name)?;
    map::component(engine, &entry).map_err(|error| Miss::Io(format!("{error:#}")))
}

fn keep(directory: &OwnFolder, name: &str, component: &Component) {
    let kept = component.serialize().map_err(|error| format!("{error:#}")).and_then(|bytes| {
        sealed_file::write(directory, name, &bytes).map_err(|error| error.to_string())
    });
    if let Err(reason) = kept {
        tracing::warn!("compiled code is not kept: {reason}");
    }
}

/// The name of an entry: whatever changes the code changes the name.
fn name(engine: &Engine, digest: &[u8; 32]) -> String {
    let mut all = Summed(Sha256::new_with_prefix(env!("CARGO_PKG_VERSION")));
    engine.precompile_compatibility_hash().hash(&mut all);
    all.0.update(digest);
    hexadecimal(&all.0.finalize())
}

/// Gives all bytes that are hashed to SHA-256.
struct Summed(Sha256);

impl Hasher for Summed {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    /// Of no use here: the digest is the result.
    fn finish(&self) -> u64 {
        0
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    /// The smallest component there is.
    const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

    fn code(bytes: &[u8]) -> Code<'_> {
        Code { bytes, digest: Sha256::digest(bytes).into() }
    }

    fn only_file(directory: &Path) -> PathBuf {
        let files: Vec<_> = std::fs::read_dir(directory).unwrap().flatten().collect();
        assert_eq!(files.len(), 1, "{files:?}");
        files[0].path()
    }

    fn is_sound(engine: &Engine, entry: &Path) -> bool {
        let directory = directory::prepare(entry.parent().unwrap()).unwrap();
        load(engine, &directory, entry.file_name().unwrap().to_str().unwrap()).is_ok()
    }

    #[test]
    fn code_is_compiled_once() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CompiledCode::new(Some(folder.path()));
        let engine = Engine::default();
        assert!(cache.component(&engine, code(EMPTY)).is_ok());
        let entry = only_file(folder.path());
        let first = entry.metadata().unwrap();
        assert!(is_sound(&engine, &entry));
        assert!(cache.component(&engine, code(EMPTY)).is_ok());
        assert_eq!(
            first.modified().unwrap(),
            only_file(folder.path()).metadata().unwrap().modified().unwrap()
        );
    }

    #[test]
    fn a_damaged_entry_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CompiledCode::new(Some(folder.path()));
        let engine = Engine::default();
        assert!(cache.component(&engine, code(EMPTY)).is_ok());
        let entry = only_file(folder.path());
        let sound = std::fs::read(&entry).unwrap();
        let mut damaged = sound.clone();
        damaged[sound.len() / 2] ^= 1;
        std::fs::write(&entry, damaged).unwrap();
        assert!(cache.component(&engine, code(EMPTY)).is_ok());
        assert!(is_sound(&engine, &only_file(folder.path())));
    }

    #[test]
    fn code_of_another_engine_has_another_name() {
        let other = Engine::new(wasmtime::Config::new().epoch_interruption(true)).unwrap();
        let (here, there) = (name(&Engine::default(), &[0; 32]), name(&other, &[0; 32]));
        assert_ne!(here, there);
        assert_ne!(here, name(&Engine::default(), &[1; 32]));
    }

    #[test]
    fn code_of_another_engine_is_not_run_under_a_wrong_name() {
        let folder = tempfile::tempdir().unwrap();
        let other = Engine::new(wasmtime::Config::new().epoch_interruption(true)).unwrap();
        let component = Component::from_binary(&other, EMPTY).unwrap();
        let directory = directory::prepare(folder.path()).unwrap();
        keep(&directory, "entry", &component);
        assert!(matches!(load(&Engine::default(), &directory, "entry"), Err(Miss::Io(_))));
    }
}
