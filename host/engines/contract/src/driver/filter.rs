//! Which containers or images are meant, by their labels.

use std::collections::BTreeMap;

/// Labels that all have to be there; without a value, whatever it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter(pub Vec<(String, Option<String>)>);

impl Filter {
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// With one more label of this value.
    #[must_use]
    pub fn with(mut self, label: &str, value: impl Into<String>) -> Self {
        self.0.push((label.to_owned(), Some(value.into())));
        self
    }

    /// With one more label of any value.
    #[must_use]
    pub fn with_any(mut self, label: &str) -> Self {
        self.0.push((label.to_owned(), None));
        self
    }

    /// Whether these labels pass.
    #[must_use]
    pub fn passes(&self, labels: &BTreeMap<String, String>) -> bool {
        self.0.iter().all(|(label, wanted)| match (labels.get(label), wanted) {
            (Some(value), Some(wanted)) => value == wanted,
            (value, None) => value.is_some(),
            (None, Some(_)) => false,
        })
    }
}
