//! How the session gets the project's files.

use std::sync::Arc;

use super::options::Mount;
use crate::contract::{ProjectCopy, ProjectFiles};
use crate::failure::Failure;
use crate::project::{Project, Snapshot};
use crate::pull::CopyError;

/// A copy is decided on here, before anything is asked of an engine.
pub(super) fn files(mount: Mount, project: &Project) -> Result<ProjectFiles, Failure> {
    Ok(match mount {
        Mount::Project => ProjectFiles::Mounted,
        Mount::None => ProjectFiles::Absent,
        Mount::Volume => {
            let paths = project.copied_paths()?;
            let note = Snapshot::of_folder(project.root(), &paths)
                .and_then(|snapshot| Ok(serde_json::to_vec(&snapshot)?))
                .map_err(CopyError::Uncopied)?;
            ProjectFiles::Copied(Arc::new(ProjectCopy { paths, note }))
        }
    })
}
