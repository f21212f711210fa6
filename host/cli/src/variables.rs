//! The variables that stand for options.

/// Whether the environment may hold options. Mostly it does not, and going through
/// every option of every command takes a tenth of the time of `ls`.
pub(super) fn says_something() -> bool {
    std::env::vars_os().any(|(name, _)| name.as_encoded_bytes().starts_with(b"RENKU_"))
}

/// The variable that sets an option of `start`.
pub(super) fn variable_of_start(option: &str) -> String {
    variable("RENKU_SESSION_START", option)
}

pub(super) fn variable(prefix: &str, option: &str) -> String {
    format!("{prefix}_{option}").to_uppercase().replace('-', "_")
}
