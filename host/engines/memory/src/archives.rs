//! Files into containers and out of them: a folder of this machine for each container.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::call::Call;
use crate::contract::{Archive, ContainerRef, ContainersError};
use crate::engine::{Memory, leave};
use crate::fault;
use crate::files::Spool;
use crate::life::missing;

impl Memory {
    pub(crate) async fn unpack(
        &self,
        into: &ContainerRef,
        path: &str,
        archive: Archive,
    ) -> Result<(), ContainersError> {
        let effect = self.enter(Call::Put).await?;
        let root = self.files_of(into, Call::Put)?;
        let unpacked = match archive {
            Archive::Bytes(bytes) => unpack(bytes.as_slice(), &root, path),
            Archive::Spooled(file) => unpack(file, &root, path),
        };
        unpacked.map_err(|error| fault::engine(Call::Put, error))?;
        leave(Call::Put, effect.as_ref())
    }

    pub(crate) async fn pack(
        &self,
        of: &ContainerRef,
        path: &str,
    ) -> Result<File, ContainersError> {
        let effect = self.enter(Call::Get).await?;
        let root = self.files_of(of, Call::Get)?;
        let packed = pack(&root, path).map_err(|error| fault::engine(Call::Get, error))?;
        leave(Call::Get, effect.as_ref())?;
        Ok(packed)
    }

    fn files_of(
        &self,
        of: &ContainerRef,
        call: Call,
    ) -> Result<std::path::PathBuf, ContainersError> {
        self.at_once(call, |state| state.container(&of.id).map(drop).ok_or_else(|| missing(of)))?;
        self.kept.files(&of.id).map_err(|error| fault::engine(call, error))
    }
}

/// Below the root of a container; nothing of an archive leaves it.
fn unpack(archive: impl io::Read, root: &Path, path: &str) -> io::Result<()> {
    let target = root.join(path.trim_start_matches('/'));
    if !target.is_dir() {
        return Err(io::Error::other(format!("there is no folder `{path}`")));
    }
    let mut archive = tar::Archive::new(archive);
    archive.set_preserve_permissions(true);
    archive.set_preserve_ownerships(false);
    archive.unpack(target)
}

/// What is at a path of a container; paths begin with its last part.
fn pack(root: &Path, path: &str) -> io::Result<File> {
    let source = root.join(path.trim_start_matches('/'));
    let name = source.file_name().unwrap_or_default().to_owned();
    let mut spool = Spool::new().map_err(io::Error::other)?;
    let mut archive = tar::Builder::new(&mut spool);
    archive.follow_symlinks(false);
    match source.symlink_metadata()?.is_dir() {
        true => archive.append_dir_all(name, &source)?,
        false => archive.append_path_with_name(&source, name)?,
    }
    archive.into_inner()?.flush()?;
    spool.rewound().map_err(io::Error::other)
}
