//! Options that hand out more than the project, in the hands of a provider that is
//! not part of the program: the user has to name the image that gets them.

use super::{Containers, ContainersError};

impl Containers {
    /// Whether the options that the user typed may be used with `image`; asked
    /// before it is pulled or built.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NeedsImage`].
    pub fn check_options_for(&self, image: &str) -> Result<(), ContainersError> {
        self.check_dangers(image, || None)
    }

    /// The same; `container` shows what would be made, once that is known.
    pub(super) fn check_dangers(
        &self,
        image: &str,
        container: impl FnOnce() -> Option<String>,
    ) -> Result<(), ContainersError> {
        if self.0.limits.engine_flags {
            return Ok(());
        }
        let Some(project) = &self.0.scope.project else { return Ok(()) };
        let options = self.0.options.forbidden_for(image, &project.root);
        if options.is_empty() {
            return Ok(());
        }
        let image = image.to_owned();
        Err(ContainersError::NeedsImage { options, image, container: container() })
    }
}
