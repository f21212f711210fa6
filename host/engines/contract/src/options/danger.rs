//! Options that hand out more than the project, in the hands of a provider that
//! is not bundled: the user has to name the image that gets them.

use std::path::Path;

use super::typed::Given;
use super::{EngineOptions, table};

impl EngineOptions {
    /// The options that may be used with `image` only when the user named it, and
    /// they did not; as they were typed.
    pub(crate) fn forbidden_for(&self, image: &str, root: &Path) -> Vec<String> {
        if self.named_image.as_deref() == Some(image) {
            return Vec::new();
        }
        self.typed.0.iter().filter(|it| is_dangerous(it, root)).map(Given::shown).collect()
    }
}

fn is_dangerous(given: &Given, root: &Path) -> bool {
    let value = given.value.as_deref().unwrap_or_default();
    table::find(given.name)
        .is_none_or(|option| option.is_dangerous(value, given.source.as_deref(), root))
}
