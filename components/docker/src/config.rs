//! What a user can configure: the keys of `--config`, as `manifest.json`
//! documents them.

use renku_session_sdk::Result;
use serde::Deserialize;

use crate::words;

/// The keys of the configuration; what is not set follows from the image.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    command: Option<Command>,
    /// The port in the session that answers HTTP.
    pub(crate) port: Option<u16>,
    default_url: Option<String>,
    ready_path: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Command {
    Arguments(Vec<String>),
    Line(String),
}

impl Config {
    /// The program and its arguments, when they are configured.
    ///
    /// # Errors
    ///
    /// `invalid-input` for a text whose quotes are not closed.
    pub(crate) fn command(&self) -> Result<Option<Vec<String>>> {
        let arguments = match &self.command {
            None => return Ok(None),
            Some(Command::Arguments(arguments)) => arguments.clone(),
            Some(Command::Line(line)) => words::split(line)?,
        };
        Ok((!arguments.is_empty()).then_some(arguments))
    }

    /// The path that opens in the browser, `usual` when none is set; absolute.
    pub(crate) fn default_url(&self, usual: &str) -> String {
        absolute(self.default_url.as_deref().unwrap_or(usual))
    }

    /// The path that answers when the session is ready; absolute.
    pub(crate) fn ready_path(&self) -> String {
        absolute(self.ready_path.as_deref().unwrap_or("/"))
    }
}

fn absolute(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> Config {
        Config { command: Some(Command::Line(text.to_owned())), ..Config::default() }
    }

    #[test]
    fn a_command_is_a_list_or_a_line() {
        let list = Config {
            command: Some(Command::Arguments(vec!["a b".to_owned(), "c".to_owned()])),
            ..Config::default()
        };
        assert_eq!(list.command().unwrap().unwrap(), ["a b", "c"]);
        assert_eq!(line("'a b' c").command().unwrap().unwrap(), ["a b", "c"]);
    }

    #[test]
    fn an_empty_command_counts_as_none() {
        assert_eq!(line("  ").command().unwrap(), None);
        assert_eq!(Config::default().command().unwrap(), None);
    }

    #[test]
    fn paths_are_absolute() {
        let config = Config { default_url: Some("rstudio".to_owned()), ..Config::default() };
        let paths = (config.default_url("/lab"), config.ready_path());
        assert_eq!(paths, ("/rstudio".into(), "/".into()));
        assert_eq!(Config::default().default_url("/lab"), "/lab");
    }
}
