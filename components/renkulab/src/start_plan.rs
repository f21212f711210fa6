//! What a start will do, found out before anything is done.

use renku_session_sdk::{Error, Result};

use crate::ask::Ask;
use crate::model::Project;
use crate::outside::Outside;
use crate::{class, launcher, project, version};

/// A start that can work, as far as can be known.
#[derive(Debug)]
pub(crate) struct StartPlan {
    pub(crate) project: Project,
    pub(crate) launcher: launcher::Choice,
    pub(crate) class: class::Choice,
    image: String,
}

impl StartPlan {
    /// # Errors
    ///
    /// Whatever the user has to change before a start can work.
    pub(crate) fn make(outside: &dyn Outside, ask: &Ask, candidate: Option<&str>) -> Result<Self> {
        version::require(outside)?;
        let project = project::one(outside, ask)?;
        // The project's own image is built on this machine; it is not there.
        let image = candidate.filter(|_| ask.image_is_users);
        let launcher = launcher::choose(outside, ask, &project, image)?;
        let (existing, image) = match &launcher {
            launcher::Choice::New(image) => (None, image.clone()),
            launcher::Choice::Existing(launcher) => {
                let image =
                    launcher.image().ok_or_else(|| not_built(outside, &project, launcher))?;
                (Some(launcher.as_ref()), image.to_owned())
            }
        };
        let class = class::choose(outside, ask, existing)?;
        Ok(Self { project, launcher, class, image })
    }

    /// The image that the session will run.
    pub(crate) fn image(&self) -> &str {
        &self.image
    }
}

fn not_built(outside: &dyn Outside, project: &Project, launcher: &crate::model::Launcher) -> Error {
    Error::conflict(format!("the image of the launcher `{}` was not built yet", launcher.name))
        .help(format!("look at its build at {}/p/{}", outside.base(), project.path()))
}
