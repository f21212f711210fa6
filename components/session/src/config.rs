//! What a user can configure: the keys of `--config`, as `manifest.json`
//! documents them.

use std::collections::BTreeMap;

use renku_session_sdk::{Error, Result};
use serde::Deserialize;

use crate::{base_url, command_line};

/// The keys of the configuration; what is not set follows from the image.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Config {
    command: Option<Command>,
    /// The port in the session that answers HTTP.
    pub(crate) port: Option<u16>,
    default_url: Option<String>,
    ready_path: Option<String>,
    base_url: Option<String>,
    working_directory: Option<String>,
    mount_path: Option<String>,
    token_environment: Option<String>,
    environment: BTreeMap<String, Value>,
}

/// What stands for text in YAML.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Value {
    Text(String),
    Bool(bool),
    Whole(i64),
    Number(f64),
    Other(serde::de::IgnoredAny),
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
            Some(Command::Line(line)) => command_line::split(line)?,
        };
        Ok((!arguments.is_empty()).then_some(arguments))
    }

    /// Where everything of the session lies, when that is configured; without a
    /// slash at its end.
    pub(crate) fn base_url(&self) -> Option<String> {
        self.base_url.as_deref().map(base_url::normalise)
    }

    /// Where the project is in the session, when that is configured.
    ///
    /// # Errors
    ///
    /// `invalid-input` when it is not an absolute path.
    pub(crate) fn mount_path(&self) -> Result<Option<String>> {
        folder("mount_path", self.mount_path.as_deref())
    }

    /// Where the program starts, when that is configured.
    ///
    /// # Errors
    ///
    /// `invalid-input` when it is not an absolute path.
    pub(crate) fn working_directory(&self) -> Result<Option<String>> {
        folder("working_directory", self.working_directory.as_deref())
    }

    /// The variable that gets the token.
    ///
    /// # Errors
    ///
    /// `invalid-input` when it is no name of a variable.
    pub(crate) fn token_environment(&self) -> Result<&str> {
        let name = self.token_environment.as_deref().unwrap_or("JUPYTER_TOKEN");
        variable("token_environment", name).map(|()| name)
    }

    /// The variables of the session, by name.
    ///
    /// # Errors
    ///
    /// `invalid-input` for a name that cannot be one, and for a value that is a
    /// list or has keys.
    pub(crate) fn environment(&self) -> Result<Vec<(&str, String)>> {
        let entries = self.environment.iter();
        entries
            .map(|(name, value)| {
                variable("environment", name)?;
                let text = match value {
                    Value::Text(text) => text.clone(),
                    Value::Bool(value) => value.to_string(),
                    Value::Whole(number) => number.to_string(),
                    Value::Number(number) => number.to_string(),
                    Value::Other(_) => {
                        return Err(Error::invalid_input(format!(
                            "`environment.{name}` must be text, a number, `true` or `false`"
                        )));
                    }
                };
                Ok((name.as_str(), text))
            })
            .collect()
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

/// Checks a folder of the session, and takes the slash from its end.
fn folder(key: &str, path: Option<&str>) -> Result<Option<String>> {
    let Some(path) = path else { return Ok(None) };
    let tame = path.starts_with('/') && path.split('/').all(|part| part != "..");
    match path.trim_end_matches('/') {
        "" => Err(Error::invalid_input(format!("`{key}` cannot be the root of the session"))
            .help(format!("write it like `{key}: /work`"))),
        path if tame => Ok(Some(path.to_owned())),
        _ => Err(Error::invalid_input(format!("`{key}: {path}` is not an absolute path"))
            .help(format!("write it like `{key}: /work`"))),
    }
}

/// Checks the name of a variable (POSIX, Base Definitions §8.1).
fn variable(key: &str, name: &str) -> Result<()> {
    let valid = name.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_')
        && name.chars().all(|character| character.is_ascii_alphanumeric() || character == '_');
    if valid {
        return Ok(());
    }
    Err(Error::invalid_input(format!(
        "`{name}` in `{key}` is not a valid name of an environment variable"
    ))
    .help("names consist of letters, digits and `_`, and do not begin with a digit"))
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

    #[test]
    fn variables_are_text_numbers_or_booleans() {
        let config: Config = serde_json::from_str(
            r#"{"environment": {"A": "x", "B_1": 2, "C": true, "D": 0.5, "E": ""}}"#,
        )
        .unwrap();
        let pairs = config.environment().unwrap();
        let expected = [("A", "x"), ("B_1", "2"), ("C", "true"), ("D", "0.5"), ("E", "")];
        assert_eq!(pairs, expected.map(|(name, value)| (name, value.to_owned())));
    }

    #[test]
    fn what_is_no_variable_is_refused() {
        let message = |json: &str| {
            let config: Config = serde_json::from_str(json).unwrap();
            config.environment().unwrap_err().message
        };
        assert_eq!(
            message(r#"{"environment": {"A": [1]}}"#),
            "`environment.A` must be text, a number, `true` or `false`"
        );
        assert_eq!(
            message(r#"{"environment": {"A=B": "x"}}"#),
            "`A=B` in `environment` is not a valid name of an environment variable"
        );
    }

    #[test]
    fn folders_of_the_session_are_absolute() {
        let mount = |path: &str| {
            let config = Config { mount_path: Some(path.to_owned()), ..Config::default() };
            config.mount_path().map_err(|error| error.message)
        };
        assert_eq!(mount("/data/"), Ok(Some("/data".into())));
        assert_eq!(mount("data"), Err("`mount_path: data` is not an absolute path".into()));
        assert_eq!(mount("/a/../b"), Err("`mount_path: /a/../b` is not an absolute path".into()));
        assert_eq!(mount("/"), Err("`mount_path` cannot be the root of the session".into()));
    }
}
