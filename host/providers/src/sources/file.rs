//! A file of this machine, read up to a limit.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use crate::error::ProvidersError;
use crate::sandbox::SandboxError;
use crate::signing::beside;

/// A minisign signature has some 300 bytes.
pub(super) const SIGNATURE_BYTES: usize = 16 * 1024;

/// The text of the signature beside a file; none when there is none.
///
/// # Errors
///
/// When there is one that cannot be read.
pub fn signature(path: &Path) -> Result<Option<String>, ProvidersError> {
    match read(&beside(path), SIGNATURE_BYTES) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(ProvidersError::Unreadable { source, .. })
            if source.kind() == std::io::ErrorKind::NotFound =>
        {
            Ok(None)
        }
        Err(error) => Err(error),
    }
}

/// The bytes of a regular file; more than `limit` are not read. A pipe or a
/// device has no end, so neither is opened.
///
/// # Errors
///
/// When it cannot be read, is no regular file, or is too large.
pub(crate) fn read(path: &Path, limit: usize) -> Result<Vec<u8>, ProvidersError> {
    let unreadable = |source| ProvidersError::Unreadable { path: path.into(), source };
    let metadata = std::fs::metadata(path).map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(unreadable(std::io::Error::other("it is not a file")));
    }
    let size = usize::try_from(metadata.len()).unwrap_or(usize::MAX);
    let too_large =
        |bytes| SandboxError::TooLarge { provider: path.display().to_string(), bytes, limit };
    if size > limit {
        return Err(too_large(size).into());
    }
    let mut bytes = Vec::with_capacity(size);
    let file = File::open(path).map_err(unreadable)?;
    // It may have grown meanwhile.
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    file.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() > limit { Err(too_large(bytes.len()).into()) } else { Ok(bytes) }
}
