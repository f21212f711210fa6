//! Where the value of an option comes from, for messages: nobody finds an error
//! in an option that they did not type.

/// The command line, or what stands for it.
#[derive(Debug, Clone, Copy)]
pub enum GivenIn<'a> {
    /// It was typed.
    CommandLine,
    /// A variable of the environment.
    Variable(&'a str),
    /// The user's own settings.
    File(&'a str),
}

impl GivenIn<'_> {
    /// The option and its value as they are written there.
    pub(super) fn shown(self, option: &str, value: &str) -> String {
        match self {
            Self::CommandLine => format!("--{option} {value}"),
            Self::Variable(variable) => format!("{variable}={value}"),
            Self::File(file) => format!("{} = {value}` in `{file}", option.replace('-', "_")),
        }
    }
}
