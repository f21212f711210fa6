//! The bounds of a grant: what a provider may start at most, whoever asks.
//!
//! They come from the user's configuration, never from a provider or a project.

use crate::domain::size_in_words;
use crate::{ContainerSpec, ContainersError};

/// What the containers of one provider are bounded by. The default bounds
/// nothing.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct GrantLimits {
    /// Images it may start and pull, `*` stands for anything, also for slashes;
    /// empty: all.
    pub images: Vec<String>,
    /// CPUs of one container.
    pub max_cpu: Option<f64>,
    /// Bytes of memory of one container.
    pub max_memory: Option<u64>,
    /// Whether options of the engine that give a container power over this
    /// machine may be used.
    pub engine_flags: bool,
}

impl GrantLimits {
    /// Whether `image` may be used.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotGranted`] when no pattern fits.
    pub(crate) fn check_image(&self, image: &str) -> Result<(), ContainersError> {
        if self.images.is_empty() || self.images.iter().any(|pattern| matches(pattern, image)) {
            return Ok(());
        }
        let what = format!("the image `{image}`");
        Err(ContainersError::NotGranted { what, granted: self.images.join(", ") })
    }

    /// The spec within the bounds: who asks for nothing gets the most that was
    /// granted, who asks for more is refused.
    ///
    /// # Errors
    ///
    /// [`ContainersError::NotGranted`].
    pub(crate) fn bound(&self, mut spec: ContainerSpec) -> Result<ContainerSpec, ContainersError> {
        self.check_image(&spec.image)?;
        if let Some(most) = self.max_cpu {
            let cpu = spec.resources.cpu.get_or_insert(most);
            if *cpu > most {
                let what = format!("{cpu} CPUs");
                return Err(ContainersError::NotGranted { what, granted: format!("{most} CPUs") });
            }
        }
        if let Some(most) = self.max_memory {
            let memory = spec.resources.memory.get_or_insert(most);
            if *memory > most {
                let what = format!("{} of memory", size_in_words(*memory));
                let granted = size_in_words(most);
                return Err(ContainersError::NotGranted { what, granted });
            }
        }
        Ok(spec)
    }
}

/// Whether `pattern` covers all of `text`; `*` stands for any characters.
fn matches(pattern: &str, text: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return pattern == text };
    let Some(mut text) = text.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        match text.find(part).and_then(|at| text.get(at + part.len()..)) {
            Some(after) => text = after,
            None => return false,
        }
    }
    text.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Resources;

    #[test]
    fn a_pattern_covers_the_whole_name() {
        assert!(matches("quay.io/jupyter/*", "quay.io/jupyter/minimal-notebook:latest"));
        assert!(!matches("quay.io/jupyter/*", "evil.example/quay.io/jupyter/x"));
        assert!(matches("*/x:*", "quay.io/a/x:1") && !matches("*/x:*", "quay.io/a/y:1"));
        assert!(matches("a*a", "aa") && !matches("a*a", "a"));
        assert!(matches("a", "a") && !matches("a", "ab"));
    }

    #[test]
    fn who_asks_for_nothing_gets_the_most_and_nobody_gets_more() {
        let limits =
            GrantLimits { max_cpu: Some(2.0), max_memory: Some(1 << 30), ..Default::default() };
        let bounded = limits.bound(ContainerSpec::default()).unwrap();
        assert_eq!((bounded.resources.cpu, bounded.resources.memory), (Some(2.0), Some(1 << 30)));
        for resources in [
            Resources { cpu: Some(2.5), ..Resources::default() },
            Resources { memory: Some(2 << 30), ..Resources::default() },
        ] {
            let spec = ContainerSpec { resources, ..ContainerSpec::default() };
            assert!(std::matches!(limits.bound(spec), Err(ContainersError::NotGranted { .. })));
        }
    }
}
