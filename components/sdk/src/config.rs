//! The provider's configuration as a type of its own.

use serde::de::DeserializeOwned;

use crate::{Error, Request, Result};

/// What the user configured (`--config` and options that stand for a key of it).
///
/// The host has checked it against the schema of the provider's manifest, so
/// `T` needs no checks of its own; give its fields `#[serde(default)]`.
///
/// # Errors
///
/// `invalid-input` when `T` and the schema disagree.
pub fn config<T: DeserializeOwned>(request: &Request) -> Result<T> {
    parse(&request.config())
}

fn parse<T: DeserializeOwned>(json: &str) -> Result<T> {
    serde_json::from_str(json).map_err(|error| {
        Error::invalid_input("this provider does not understand its configuration")
            .cause(error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize, Debug, PartialEq)]
    struct Config {
        port: Option<u16>,
    }

    #[test]
    fn an_empty_configuration_gives_the_defaults() {
        assert_eq!(parse::<Config>("{}").unwrap(), Config { port: None });
    }

    #[test]
    fn a_value_that_does_not_fit_is_named() {
        let error = parse::<Config>(r#"{"port":"x"}"#).unwrap_err();
        assert_eq!(error.message, "this provider does not understand its configuration");
        assert_eq!(error.causes, ["invalid type: string \"x\", expected u16 at line 1 column 11"]);
    }
}
