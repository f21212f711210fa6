//! What a registry wants to be shown (RFC 9110 §11.6.1).

use http_auth::{ChallengeRef, parse_challenges};

use crate::web::http::BoundedResponse;

/// One of the two ways in that registries know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Challenge {
    /// Name and password.
    Basic,
    /// A token, which `realm` issues.
    Bearer {
        realm: String,
        /// Whom it is for; empty when that is not said.
        service: String,
        /// What it is for; empty when that is not said.
        scope: String,
    },
}

impl Challenge {
    /// The way that an answer asks for: a token where it can be one.
    pub(super) fn of(answer: &BoundedResponse) -> Option<Self> {
        let found: Vec<Self> = answer.headers("www-authenticate").flat_map(Self::all).collect();
        let token = found.iter().find(|it| matches!(it, Self::Bearer { .. }));
        token.or(found.first()).cloned()
    }

    pub(super) fn all(text: &str) -> Vec<Self> {
        parse_challenges(text).unwrap_or_default().iter().filter_map(Self::read).collect()
    }

    fn read(challenge: &ChallengeRef<'_>) -> Option<Self> {
        if challenge.scheme.eq_ignore_ascii_case("basic") {
            return Some(Self::Basic);
        }
        if !challenge.scheme.eq_ignore_ascii_case("bearer") {
            return None;
        }
        let parameter = |name: &str| {
            let mut all = challenge.params.iter();
            let found = all.find(|(known, _)| known.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.to_unescaped())
        };
        Some(Self::Bearer {
            realm: parameter("realm")?,
            service: parameter("service").unwrap_or_default(),
            scope: parameter("scope").unwrap_or_default(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn challenges_of_registries_are_understood() {
        let bearer = |realm: &str, service: &str, scope: &str| {
            let (realm, service) = (realm.to_owned(), service.to_owned());
            Challenge::Bearer { realm, service, scope: scope.to_owned() }
        };
        let text = r#"Bearer realm="https://auth.example/token",service="r.example",scope="repository:a/b:pull,push""#;
        let wanted = bearer("https://auth.example/token", "r.example", "repository:a/b:pull,push");
        assert_eq!(Challenge::all(text), [wanted]);
        assert_eq!(
            Challenge::all(r#"Basic realm="x", Bearer realm="https://a.example""#),
            [Challenge::Basic, bearer("https://a.example", "", "")]
        );
        for text in ["", "Negotiate", "Bearer", "Bearer realm", "Bearer service=\"x\"", "\u{fffd}"]
        {
            assert_eq!(Challenge::all(text), [], "{text}");
        }
    }
}
