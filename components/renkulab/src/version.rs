//! Which RenkuLab this is. Sessions of Renku ≤ 2.13 were made by another
//! service, `/api/notebooks`, for projects of another kind.

use renku_session_sdk::{Error, ErrorKind, Result};

use crate::call::Call;
use crate::failure;
use crate::model::Version;
use crate::outside::Outside;

/// The first data services without the old one, and the Renku they came with.
const NEEDED: (u64, u64) = (0, 68);
const NEEDED_RENKU: &str = "2.14";

/// How many seconds a version that is new enough is believed. Deployments are not
/// downgraded, and one that was answers that it does not know what it is asked for.
const BELIEVED: u32 = 24 * 60 * 60;

/// # Errors
///
/// `unsupported` when the deployment is too old, `unavailable` when it is none.
pub(crate) fn require(outside: &dyn Outside) -> Result<()> {
    match told(outside, BELIEVED) {
        // It may have been updated since.
        Err(error) if error.kind == ErrorKind::Unsupported => require_now(outside),
        result => result,
    }
}

/// The same, and RenkuLab is asked.
///
/// # Errors
///
/// As [`require`].
pub(crate) fn require_now(outside: &dyn Outside) -> Result<()> {
    told(outside, 0)
}

fn told(outside: &dyn Outside, max_age: u32) -> Result<()> {
    let call = Call::get(&["version"], "report its version").anonymous(max_age);
    let answer = outside.send(&call)?;
    if failure::is_missing(&answer) || failure::is_unknown_place(&answer) {
        return Err(too_old(&outside.base(), "it does not report its version"));
    }
    if answer.status != 200 {
        return Err(failure::of(&outside.base(), &call, &answer));
    }
    let Version { version } = serde_json::from_str(&answer.body)
        .map_err(|error| failure::not_understood(&outside.base(), &call, &error.to_string()))?;
    if is_too_old(&version) {
        return Err(too_old(&outside.base(), &format!("its data services are version {version}")));
    }
    Ok(())
}

fn too_old(base: &str, reason: &str) -> Error {
    Error::unsupported(format!(
        "{base} runs a Renku that is too old: sessions need Renku {NEEDED_RENKU} or newer"
    ))
    .help("ask its operators to update it, or start the session here with `-p docker`")
    .cause(reason)
}

/// A version that is no number is one that somebody built: a new one.
fn is_too_old(version: &str) -> bool {
    let mut numbers = version.trim_start_matches('v').split('.').map(str::parse::<u64>);
    match (numbers.next(), numbers.next()) {
        (Some(Ok(major)), Some(Ok(minor))) => (major, minor) < NEEDED,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    #[test]
    fn versions_are_compared_as_numbers() {
        for (version, old) in [
            ("0.67.9", true),
            ("0.68.0", false),
            ("0.100.0", false),
            ("1.0.0", false),
            ("peer", false),
        ] {
            assert_eq!(is_too_old(version), old, "{version}");
        }
    }

    #[test]
    fn a_deployment_that_was_updated_is_noticed_at_once() {
        let version = "GET /api/data/version";
        let outside = Script::new().answer(version, 200, r#"{"version":"0.67.0"}"#).answer(
            version,
            200,
            r#"{"version":"0.80.1"}"#,
        );
        require(&outside).unwrap();
        assert_eq!(
            outside.lines(),
            ["GET /api/data/version at most 86400 s old", "GET /api/data/version at most 0 s old"]
        );
    }

    #[test]
    fn an_old_deployment_is_refused_with_the_version_that_is_needed() {
        let outside = Script::new().answer("GET /api/data/version", 200, r#"{"version":"0.67.0"}"#);
        let error = require(&outside).unwrap_err();
        assert_eq!(
            error.message,
            "https://renkulab.example runs a Renku that is too old: sessions need Renku 2.14 or newer"
        );
        assert_eq!(error.causes, ["its data services are version 0.67.0"]);
    }
}
