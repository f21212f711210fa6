//! What a start will do, found out before anything is done.

use renku_session_sdk::Result;
use renku_session_sdk::invocation::Level;

use crate::ask::Ask;
use crate::model::Project;
use crate::outside::Outside;
use crate::pools::Pools;
use crate::wish::Wish;
use crate::{build, class, launcher, project, version};

/// A start that can work, as far as can be known.
#[derive(Debug)]
pub(crate) struct StartPlan {
    pub(crate) project: Project,
    pub(crate) launcher: launcher::Choice,
    pub(crate) class: class::Choice,
    pub(crate) pools: Pools,
    image: String,
}

impl StartPlan {
    /// # Errors
    ///
    /// Whatever the user has to change before a start can work.
    pub(crate) fn make(outside: &dyn Outside, ask: &Ask, candidate: Option<&str>) -> Result<Self> {
        version::require(outside)?;
        let project = project::one(outside, ask)?;
        let wish = Wish::of(outside, &ask.resources)?;
        let pools = Pools::list(outside, Some(&wish))?;
        // The project's own image is built on this machine; it is not there.
        let image = candidate.filter(|_| ask.image_is_users);
        let launcher = launcher::choose(outside, ask, &project, &pools, image)?;
        let (existing, image) = match &launcher {
            launcher::Choice::New(image) => (None, image.clone()),
            launcher::Choice::Existing(launcher) => {
                let image = build::image(outside, ask, launcher)?;
                (Some(launcher.as_ref()), image)
            }
        };
        let class = class::choose(outside, ask, &pools, &wish, existing, &image)?;
        let plan = Self { project, launcher, class, pools, image };
        plan.tell(outside);
        Ok(plan)
    }

    /// What was found out, for whoever wants to know more.
    fn tell(&self, outside: &dyn Outside) {
        outside.say(Level::Info, &format!("project {}", self.project.path()));
        outside.say(
            Level::Info,
            &match &self.launcher {
                launcher::Choice::Existing(one) => {
                    format!("launcher `{}`: `{}`", one.name, self.image)
                }
                launcher::Choice::New(image) => format!("a new launcher for `{image}`"),
            },
        );
        if let Some(class) = &self.class.in_words {
            outside.say(Level::Info, class);
        }
    }

    /// The image that the session will run.
    pub(crate) fn image(&self) -> &str {
        &self.image
    }
}
