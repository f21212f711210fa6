//! Asks the service and understands it, or says why not.

use renku_session_sdk::http::Method;
use renku_session_sdk::{Error, Result};
use serde::de::DeserializeOwned;

use crate::call::{Call, Response};
use crate::outside::Outside;
use crate::{failure, version};

/// How many projects a page holds; the service allows no more.
const PAGE: u32 = 100;

/// No list has more pages than this.
const MOST_PAGES: u32 = 100;

/// The answer to `call`.
///
/// # Errors
///
/// When it is a refusal, or not of RenkuLab.
pub(crate) fn ask<T: DeserializeOwned>(outside: &dyn Outside, call: &Call) -> Result<T> {
    let answer = outside.send(call)?;
    understand(outside, call, &answer)
}

/// The same; none for a thing that does not exist, or that the user may not see:
/// the service never tells which.
///
/// # Errors
///
/// As [`ask`].
pub(crate) fn look<T: DeserializeOwned>(outside: &dyn Outside, call: &Call) -> Result<Option<T>> {
    let answer = outside.send(call)?;
    if failure::is_missing(&answer) {
        return Ok(None);
    }
    understand(outside, call, &answer).map(Some)
}

/// For answers without a body.
///
/// # Errors
///
/// As [`ask`].
pub(crate) fn tell(outside: &dyn Outside, call: &Call) -> Result<()> {
    let answer = outside.send(call)?;
    if (200..300).contains(&answer.status) { Ok(()) } else { Err(refused(outside, call, &answer)) }
}

/// The status beside the answer: 200 and 201 do not mean the same.
///
/// # Errors
///
/// As [`ask`].
pub(crate) fn ask_with_status<T: DeserializeOwned>(
    outside: &dyn Outside,
    call: &Call,
) -> Result<(u16, T)> {
    let answer = outside.send(call)?;
    Ok((answer.status, understand(outside, call, &answer)?))
}

/// Every page of a list.
///
/// # Errors
///
/// As [`ask`].
pub(crate) fn all<T: DeserializeOwned>(outside: &dyn Outside, call: &Call) -> Result<Vec<T>> {
    let mut found = Vec::new();
    for page in 1..=MOST_PAGES {
        let call = call.clone().query("page", page).query("per_page", PAGE);
        let answer = outside.send(&call)?;
        let items: Vec<T> = understand(outside, &call, &answer)?;
        let last = items.is_empty() || answer.pages.is_none_or(|pages| page >= pages);
        found.extend(items);
        if last {
            break;
        }
    }
    Ok(found)
}

/// Whether the service knows the user. With an expired login it answers as if
/// somebody without a name had asked, and lists nothing.
///
/// # Errors
///
/// `unauthenticated` when it does not.
pub(crate) fn require_login(outside: &dyn Outside) -> Result<()> {
    let call = Call::get(&["user"], "identify you");
    tell(outside, &call)
}

/// Reads a session; none when there is none of this name.
///
/// # Errors
///
/// As [`ask`]; `unauthenticated` also when the login has expired.
pub(crate) fn session(outside: &dyn Outside, name: &str) -> Result<Option<crate::model::Found>> {
    let call = Call::get(&["sessions", name], "look at the session");
    let found = look(outside, &call)?;
    if found.is_none() {
        require_login(outside)?;
    }
    Ok(found)
}

/// The user's sessions of all projects. Without the type jobs would be listed, too.
///
/// # Errors
///
/// As [`ask`].
pub(crate) fn sessions(outside: &dyn Outside) -> Result<Vec<crate::model::Found>> {
    let call = Call::get(&["sessions"], "list your sessions").query("session_type", "interactive");
    ask(outside, &call)
}

/// A session that has to be there.
///
/// # Errors
///
/// `not-found` when it is not.
pub(crate) fn existing(outside: &dyn Outside, name: &str) -> Result<crate::model::Found> {
    session(outside, name)?.ok_or_else(|| {
        Error::not_found(format!("{} does not have your session `{name}`", outside.base()))
    })
}

/// A request that changes a session.
pub(crate) fn change(name: &str, purpose: &'static str) -> Call {
    Call::new(Method::Patch, &["sessions", name], purpose)
}

fn understand<T: DeserializeOwned>(
    outside: &dyn Outside,
    call: &Call,
    answer: &Response,
) -> Result<T> {
    if !(200..300).contains(&answer.status) {
        return Err(refused(outside, call, answer));
    }
    serde_json::from_str(&answer.body)
        .map_err(|error| failure::not_understood(&outside.base(), call, &error.to_string()))
}

fn refused(outside: &dyn Outside, call: &Call, answer: &Response) -> Error {
    let error = failure::of(&outside.base(), call, answer);
    // A place that every current service has is missing: it is an old one.
    if failure::is_unknown_place(answer) {
        return version::require_now(outside).err().unwrap_or(error);
    }
    error
}
