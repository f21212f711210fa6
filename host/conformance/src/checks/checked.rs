//! What a check saw.

/// Why a check is not passed.
#[derive(Debug)]
pub(crate) enum Not {
    /// The rule is broken: how.
    Failed(String),
    /// It says nothing about this provider: why.
    Skipped(String),
}

/// What was seen; mostly nothing that is worth a word.
pub(crate) type Checked = Result<String, Not>;

/// A rule that is kept, with nothing more to say.
pub(super) fn passed() -> Checked {
    Ok(String::new())
}

/// A rule that is broken.
pub(super) fn failed(how: impl Into<String>) -> Not {
    Not::Failed(how.into())
}

/// A rule that says nothing about this provider.
pub(super) fn skipped(why: impl Into<String>) -> Not {
    Not::Skipped(why.into())
}
