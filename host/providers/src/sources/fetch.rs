//! Brings the file of a source here.

use std::path::Path;

use super::file::FileAt;
use super::https;
use super::source::Source;
use crate::error::ProvidersError;
use crate::files::ProjectTree;
use crate::mirror::Mirror;
use crate::name::{Name, Versions};
use crate::registry::artifacts;

/// What a source brought.
pub struct Fetched {
    pub bytes: Vec<u8>,
    /// The signatures that lie beside it, minisign's text each.
    pub signatures: Vec<String>,
    /// Where exactly it came from, such as the tag that a range led to.
    pub source: Source,
    /// What a mirror calls it.
    pub name: Option<Name>,
}

/// What a fetch may use.
#[derive(Clone, Copy)]
pub struct Access<'a> {
    /// Whether nothing of the network may be asked.
    pub offline: bool,
    /// Who knows the user's logins for registries.
    pub logins: &'a dyn artifacts::Logins,
    /// The root of the project that named the source, if one did: a file of it is opened
    /// below that.
    pub project: Option<&'a Path>,
}

impl Access<'_> {
    /// The project that a file belongs to, and its path there.
    fn inside<'p>(
        &self,
        path: &'p Path,
    ) -> Result<Option<(ProjectTree, &'p Path)>, ProvidersError> {
        let Some(root) = self.project else { return Ok(None) };
        let Ok(inside) = path.strip_prefix(root) else { return Ok(None) };
        Ok(Some((ProjectTree::open(root)?, inside)))
    }
}

impl Source {
    /// Gets the file and its signature; `name` and `versions` say which, where the
    /// source has several. More than `limit` bytes are refused.
    ///
    /// # Errors
    ///
    /// When it cannot be had.
    pub async fn fetch(
        &self,
        name: Option<&Name>,
        versions: &Versions,
        access: &Access<'_>,
        limit: usize,
    ) -> Result<Fetched, ProvidersError> {
        match self {
            Self::File(path) => {
                let from_mirror = |mirror: Mirror| {
                    let (name, bytes, signature) = mirror.fetch(name, versions, limit)?;
                    let signatures = Vec::from_iter(signature);
                    Ok(Fetched { bytes, signatures, source: self.clone(), name: Some(name) })
                };
                let whole = |file: FileAt<'_>| {
                    let (bytes, signature) = (file.read(limit)?, file.signature()?);
                    let signatures = Vec::from_iter(signature);
                    Ok(Fetched { bytes, signatures, source: self.clone(), name: None })
                };
                match access.inside(path)? {
                    Some((tree, inside)) => match Mirror::in_project(&tree, inside)? {
                        Some(mirror) => from_mirror(mirror),
                        None => whole(FileAt::Below(&tree, inside)),
                    },
                    None if Mirror::is_at(path) => from_mirror(Mirror::open(path)?),
                    None => whole(FileAt::Path(path)),
                }
            }
            _ if access.offline => Err(ProvidersError::Offline { from: self.to_string() }),
            Self::Https(url) => {
                let (bytes, signature) = https::fetch(url, limit).await?;
                let signatures = Vec::from_iter(signature);
                Ok(Fetched { bytes, signatures, source: self.clone(), name: None })
            }
            Self::Oci(reference) => {
                let reference: artifacts::OciReference =
                    reference.parse().map_err(|reason| ProvidersError::Name { reason })?;
                let which = match (&reference.which, versions) {
                    (artifacts::Which::Newest, Versions::Exactly(version)) => {
                        artifacts::Which::Version(version.clone())
                    }
                    (artifacts::Which::Newest, Versions::Range(range)) => {
                        artifacts::Which::Range(range.clone())
                    }
                    (which, _) => which.clone(),
                };
                let registry = artifacts::Registry::connect(
                    &reference,
                    access.logins,
                    artifacts::Purpose::Pull,
                )
                .await?;
                let pulled = registry.pull(&which, limit).await?;
                Ok(Fetched {
                    bytes: pulled.bytes,
                    signatures: pulled.signatures,
                    source: Self::Oci(pulled.reference.to_string()),
                    name: None,
                })
            }
        }
    }

    /// Whether it is a file, and not the folder of a mirror.
    #[must_use]
    pub fn is_one_file(&self) -> bool {
        matches!(self, Self::File(path) if !Mirror::is_at(path))
    }
}
