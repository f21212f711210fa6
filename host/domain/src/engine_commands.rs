//! Commands of an engine's own client that messages propose. What helps is ours to
//! write; how it is typed is up to the engine.

/// What a person can do with the client of an engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EngineCommand<'a> {
    /// Log in to a registry; without a name to the client's usual one.
    LogIn(Option<&'a str>),
    PullImage(&'a str),
    /// Take a name from an image.
    RemoveImage(&'a str),
    /// Give an image one more name, `NAME`.
    NameImage(&'a str),
    /// Look what takes disk space.
    ShowDisk,
    /// Free what the builder keeps.
    PruneBuilder,
    /// Remove containers whatever their state: up to their names.
    RemoveContainers,
    RemoveVolume(&'a str),
}

/// The command lines of an engine's client; none: it cannot do that. The default knows no client.
#[derive(Debug, Clone, Copy, Default)]
pub struct EngineCommands(Option<fn(EngineCommand<'_>) -> Option<String>>);

impl EngineCommands {
    /// The words of an engine.
    #[must_use]
    pub const fn new(lines: fn(EngineCommand<'_>) -> Option<String>) -> Self {
        Self(Some(lines))
    }

    /// The command, as it is typed.
    #[must_use]
    pub fn line(self, command: EngineCommand<'_>) -> Option<String> {
        self.0.and_then(|lines| lines(command))
    }
}
