//! Where the user's key is, and whether this command may make one.

use std::path::{Path, PathBuf};

use super::{SecretError, SecretKey};

/// The file of the key, for one command.
#[derive(Debug, Clone)]
pub struct KeyFile {
    pub path: PathBuf,
    /// Whether a key is made when it is needed and there is none.
    pub may_be_made: bool,
}

impl KeyFile {
    /// The one in the directory of the user's configuration.
    #[must_use]
    pub fn within(configuration: &Path, may_be_made: bool) -> Self {
        Self { path: configuration.join("session.key"), may_be_made }
    }

    /// The key for something that is made now.
    ///
    /// # Errors
    ///
    /// When the file cannot be used or others could read it.
    pub fn make(&self) -> Result<SecretKey, SecretError> {
        match self.may_be_made {
            true => SecretKey::load_or_create(&self.path),
            false => SecretKey::load_or_invent(&self.path),
        }
    }

    /// The key to look at what there is. Where there is none, it is one that
    /// nothing was made with.
    ///
    /// # Errors
    ///
    /// As [`Self::make`].
    pub fn read(&self) -> Result<SecretKey, SecretError> {
        SecretKey::load_or_invent(&self.path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_only_for_what_is_made() {
        let folder = tempfile::tempdir().unwrap();
        let file = |may_be_made| KeyFile::within(folder.path(), may_be_made);
        let nobody = file(true).read().unwrap().owner();
        assert_ne!(nobody, file(false).make().unwrap().owner());
        assert!(!folder.path().join("session.key").exists());
        let owner = file(true).make().unwrap().owner();
        assert_ne!(owner, nobody);
        assert_eq!(owner, file(true).read().unwrap().owner());
        assert_eq!(owner, file(false).make().unwrap().owner());
    }
}
