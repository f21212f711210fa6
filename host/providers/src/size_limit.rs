//! How large a provider may be.

use super::error::ProvidersError;
use crate::domain::parse_size;
use crate::sandbox::limits::{MOST_PACKAGE_BYTES, PACKAGE_BYTES};

/// The variable that raises it, for guests that bring an interpreter along.
const VARIABLE: &str = "RENKU_MAX_PROVIDER_SIZE";

/// 16 MiB, or what `RENKU_MAX_PROVIDER_SIZE` says, at most 64 MiB.
///
/// # Errors
///
/// When the variable is no size, or too large.
pub(super) fn size_limit() -> Result<usize, ProvidersError> {
    let Ok(text) = std::env::var(VARIABLE) else { return Ok(PACKAGE_BYTES) };
    parse_size(&text)
        .ok()
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size <= MOST_PACKAGE_BYTES)
        .ok_or(ProvidersError::SizeLimit { text })
}
