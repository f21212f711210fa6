//! Why there is no image to start from.

use crate::domain::{Advice, Diagnostic, ErrorKind};

/// An image that is not there.
#[derive(Debug, thiserror::Error)]
pub enum NoImageError {
    /// One that the user named is nowhere.
    #[error("the image `{image}` does not exist")]
    Absent { image: String },
    /// It is not on the engine, and may not be pulled.
    #[error("the image `{image}` is not on this engine, and `--pull never` forbids pulling it")]
    NotHere { image: String },
    /// Nobody says which image.
    #[error("this project has no image, because it has no commit yet")]
    NoCommit,
    /// What a step of the build is to read is not there.
    #[error("the secret `{id}` of the build cannot be read")]
    Secret {
        /// Its name.
        id: String,
        why: String,
    },
    /// It may not be read.
    #[error("the image `{image}` does not exist, or your login does not allow to read it")]
    Inaccessible {
        image: String,
        /// The command that logs in to its registry, where the engine has one.
        log_in: Option<String>,
    },
}

impl Diagnostic for NoImageError {
    fn advice(&self) -> Advice<'_> {
        match self {
            Self::Absent { image } => ErrorKind::NotFound.hint(format!(
                "check the spelling of `{image}`; an image given by name is never built"
            )),
            Self::Secret { why, .. } => ErrorKind::InvalidInput
                .hint("write it as `--secret id=NAME,src=FILE` or `--secret id=NAME,env=VARIABLE`")
                .causes([why]),
            Self::NotHere { .. } => ErrorKind::NotFound.hint("leave out `--pull never`"),
            Self::NoCommit => {
                ErrorKind::NotFound.hint("commit something, or name an image with `--image`")
            }
            Self::Inaccessible { log_in: Some(log_in), .. } => ErrorKind::Unauthenticated
                .hint(format!("check its name, or log in with `{log_in}`")),
            Self::Inaccessible { log_in: None, .. } => {
                ErrorKind::Unauthenticated.hint("check its name")
            }
        }
    }
}
