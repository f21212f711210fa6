//! Which RenkuLab is meant.

use super::environment::{DEFAULT_URL, Given};
use super::error::LoginError;
use super::store::Logins;
use crate::http::OriginUrl;

/// The environment, else the RenkuLab the project is bound to, else the one that
/// was logged in to last, else [`DEFAULT_URL`].
///
/// The word of a project is no reason to send anything anywhere: where there is
/// no login, there is nothing to be sent.
///
/// # Errors
///
/// When a URL is no place for a login.
pub fn choose(
    given: &Given,
    bound: Option<&str>,
    logins: &Logins,
) -> Result<OriginUrl, LoginError> {
    if let Some(url) = &given.url {
        return Ok(url.clone());
    }
    let usual = || match given.token {
        // A token without a place is for the place that `rnk` takes it for.
        Some(_) => None,
        None => logins.usual(),
    };
    let text = bound.or_else(usual).unwrap_or(DEFAULT_URL);
    parse(text)
}

/// A RenkuLab as a user types it.
///
/// # Errors
///
/// When the URL is no place for a login.
pub fn parse(text: &str) -> Result<OriginUrl, LoginError> {
    Ok(OriginUrl::parse(text)?.for_secrets()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_wins_over_the_project_and_that_over_the_default() {
        let given = Given { url: Some(OriginUrl::parse("given.example").unwrap()), token: None };
        let logins = Logins::default();
        let url = |given: &Given, bound| choose(given, bound, &logins).unwrap().as_str().to_owned();
        assert_eq!(url(&given, Some("bound.example")), "https://given.example");
        assert_eq!(url(&Given::default(), Some("bound.example/")), "https://bound.example");
        assert_eq!(url(&Given::default(), None), DEFAULT_URL);
        assert!(choose(&Given::default(), Some("http://bound.example"), &logins).is_err());
    }
}
