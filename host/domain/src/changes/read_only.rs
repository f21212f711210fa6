//! A command that changes nothing, because an option says so.

use super::{Change, Withhold};
use crate::{ErrorKind, ProviderError};

/// Answers `denied`.
#[derive(Debug, Clone, Copy)]
pub struct ReadOnly {
    pub option: &'static str,
}

impl Withhold for ReadOnly {
    fn withhold(&self, change: Change) -> ProviderError {
        ProviderError::new(
            ErrorKind::Denied,
            format!("`{}` forbids changes, and this would {}", self.option, change.in_words()),
        )
        .with_help(format!("leave out `{}`", self.option))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_says_what_it_would_have_been() {
        let change = Change::Push {
            branch: Some("main".into()),
            upstream: Some("origin/main".into()),
            commits: Some(1),
        };
        let error = ReadOnly { option: "--read-only" }.withhold(change);
        assert_eq!(error.kind, ErrorKind::Denied);
        assert_eq!(
            error.message,
            "`--read-only` forbids changes, and this would push 1 commit of `main` to `origin/main`"
        );
    }
}
