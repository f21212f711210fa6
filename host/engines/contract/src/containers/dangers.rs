//! Which images a provider that is not part of the program may use: those that the
//! user granted, and only one that the user named with options that hand out more
//! than the project.

use crate::{Containers, ContainersError};

impl Containers {
    /// Whether `image` may be used, with the options that the user typed; asked
    /// before it is pulled or built.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotGranted`], `NeedsImage`.
    pub fn check_image(&self, image: &str) -> Result<(), ContainersError> {
        self.0.limits.check_image(image)?;
        self.check_dangers(image, None)
    }

    /// The same; `container` shows what would be made, once that is known.
    pub(crate) fn check_dangers(
        &self,
        image: &str,
        container: Option<String>,
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
        Err(ContainersError::NeedsImage { options, image, container })
    }
}
