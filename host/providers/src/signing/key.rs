//! The secret key of an author of providers, in minisign's file format.

use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use minisign::{KeyPair, SecretKey, SecretKeyBox};

use super::SigningError;
use crate::files::{self, Readers};

/// More than a key can be.
const KEY_BYTES: u64 = 16 * 1024;

/// A secret key that is ready to sign.
pub struct SigningKey {
    path: PathBuf,
    secret: SecretKey,
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningKey").field("path", &self.path).finish_non_exhaustive()
    }
}

impl SigningKey {
    /// Reads the key in `path`. `password` is asked for when the key has one.
    ///
    /// # Errors
    ///
    /// When there is no key in the file, or the password is wrong.
    pub fn read<E: From<SigningError>>(
        path: &Path,
        password: impl FnOnce() -> Result<String, E>,
    ) -> Result<Self, E> {
        let broken = |reason: String, missing| SigningError::SecretKey {
            path: path.to_owned(),
            reason,
            missing,
        };
        let bytes = files::read(path, KEY_BYTES).map_err(SigningError::from)?;
        let bytes = bytes.ok_or_else(|| broken("there is no such file".into(), true))?;
        let text = String::from_utf8(bytes).map_err(|_| broken("it is not text".into(), false))?;
        let stored = || {
            SecretKeyBox::from_string(&text)
                .map_err(|error| E::from(broken(error.to_string(), false)))
        };
        // A key without a password says so by being one.
        let open = stored()?.into_unencrypted_secret_key().ok().or_else(|| unchecked(&text));
        if let Some(secret) = open {
            return Ok(Self { path: path.to_owned(), secret });
        }
        let secret = stored()?
            .into_secret_key(Some(password()?))
            .map_err(|_| SigningError::Password { path: path.to_owned() })?;
        Ok(Self { path: path.to_owned(), secret })
    }

    pub(super) fn secret(&self) -> &SecretKey {
        &self.secret
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

/// A key that was never protected by a password and has no checksum: `minisign -G -W`
/// makes such keys, and the library takes them for damaged.
fn unchecked(text: &str) -> Option<SecretKey> {
    let bytes = BASE64.decode(text.lines().nth(1)?.trim()).ok()?;
    // The algorithm that the password is used with, and the checksum, at the end.
    let (algorithm, checksum) = (bytes.get(2..4)?, bytes.get(126..158)?);
    let is_open = algorithm.iter().chain(checksum).all(|byte| *byte == 0);
    is_open.then(|| SecretKey::from_bytes(&bytes).ok()).flatten()
}

/// Makes a key pair: the secret half in `path` (mode 0600), the public one beside
/// it with the ending `.pub`. Gives the public key as one line of text.
///
/// # Errors
///
/// When there is a file already, or it cannot be written.
pub fn new_key(path: &Path, password: Option<String>) -> Result<String, SigningError> {
    let file = |reason: String| SigningError::File { path: path.to_owned(), reason };
    if path.exists() {
        return Err(SigningError::KeyExists { path: path.to_owned() });
    }
    let pair = match password {
        Some(password) => KeyPair::generate_encrypted_keypair(Some(password)),
        None => KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(|error| file(error.to_string()))?;
    let secret = pair.sk.to_box(None).map_err(|error| file(error.to_string()))?;
    let public = pair.pk.to_box().map_err(|error| file(error.to_string()))?;
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(folder).map_err(|error| file(error.to_string()))?;
    }
    // Two commands at once make one key.
    if !files::put_first(path, Readers::Owner, secret.into_string().as_bytes())? {
        return Err(SigningError::KeyExists { path: path.to_owned() });
    }
    let public = public.into_string();
    files::put(&path.with_extension("pub"), Readers::Everybody, public.as_bytes())?;
    Ok(pair.pk.to_base64())
}
