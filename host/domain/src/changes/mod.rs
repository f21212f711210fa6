//! What would change something outside of this program, and who may answer in
//! place of whoever could do it: a command that only reads, or one that only
//! shows what it would do.
//!
//! Reading is never withheld. Who answers holds no engine and no client of the
//! web, so nothing can be changed by mistake.

mod dry_run;
mod mask;
mod planned;
mod read_only;

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::ProviderError;

pub use dry_run::DryRun;
pub use mask::{MASK, names_a_secret};
pub use planned::{PlannedCommand, PlannedContainer, PlannedRow};
pub use read_only::ReadOnly;

/// One call that would change something, in full.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Change {
    /// An image is pulled.
    Pull { image: String },
    /// An image is built.
    Build {
        image: String,
        /// The file that says how.
        descriptor: String,
        /// What is built.
        folder: PathBuf,
    },
    /// An image that is there gets one more name.
    Tag { image: String },
    /// Images are loaded from an archive.
    Load { file: String },
    /// Images are removed.
    Remove { images: Vec<String> },
    /// What a session changed in its copy of the project is written here.
    Bring { session: String },
    /// A container is made and started.
    Start {
        name: String,
        /// What it would be; none where nobody looked.
        #[serde(flatten)]
        planned: Option<Box<PlannedContainer>>,
        /// How many files and folders are copied to it, the repository with them;
        /// none: it gets no copy.
        #[serde(skip_serializing_if = "Option::is_none")]
        copied_paths: Option<usize>,
    },
    /// A command runs in a session.
    Exec { session: String, command: String },
    /// A container is stopped and removed.
    Stop { name: String },
    /// A container is frozen.
    Pause { name: String },
    /// A container is thawed.
    Resume { name: String },
    /// A request that may change something is sent to a web service.
    Request {
        method: String,
        url: String,
        /// Its headers; `***` stands for credentials.
        headers: BTreeMap<String, String>,
        /// What is sent: JSON as it is, any other text, else how much it is.
        body: Option<Value>,
    },
    /// The branch is pushed.
    Push {
        branch: Option<String>,
        upstream: Option<String>,
        /// How many commits, as far as is known here.
        commits: Option<u32>,
    },
}

impl Change {
    /// What would happen, behind "would": `stop the container `a``.
    #[must_use]
    pub fn in_words(&self) -> String {
        match self {
            Self::Pull { image } => format!("pull the image `{image}`"),
            Self::Build { image, descriptor, .. } => {
                format!("build the image `{image}` from `{descriptor}`")
            }
            Self::Tag { image } => {
                format!("tag an image that was built from the same files as `{image}`")
            }
            Self::Load { file } => format!("load the images in `{file}`"),
            Self::Remove { images } => format!("remove the images `{}`", images.join("`, `")),
            Self::Bring { session } => format!("copy the changes of `{session}` here"),
            Self::Start { name, copied_paths: Some(paths), .. } => {
                format!(
                    "start the container `{name}` with a copy of the project ({paths} files and folders)"
                )
            }
            Self::Start { name, .. } => format!("start the container `{name}`"),
            Self::Exec { session, command } => format!("run `{command}` in `{session}`"),
            Self::Stop { name } => format!("stop the container `{name}`"),
            Self::Pause { name } => format!("pause the container `{name}`"),
            Self::Resume { name } => format!("resume the container `{name}`"),
            Self::Request { method, url, .. } => format!("send {method} {url}"),
            Self::Push { branch, upstream, commits } => {
                let commits = match commits {
                    Some(1) => "1 commit".to_owned(),
                    Some(count) => format!("{count} commits"),
                    None => "the commits".to_owned(),
                };
                let branch = branch.as_deref().unwrap_or("HEAD");
                let upstream = upstream.as_deref().unwrap_or("its upstream branch");
                format!("push {commits} of `{branch}` to `{upstream}`")
            }
        }
    }
}

/// Answers calls that would change something, in place of whoever could do it.
pub trait Withhold: Send + Sync {
    /// The answer to such a call.
    fn withhold(&self, change: Change) -> ProviderError;

    /// Whether changes are to be known in full, which may take some reading.
    fn wants_details(&self) -> bool {
        false
    }

    /// The image that stands for this one, which would be there by now.
    fn stand_in(&self, _image: &str) -> Option<String> {
        None
    }

    /// Notes a secret that only the provider knows.
    fn hide(&self, _secret: &str) {}
}
