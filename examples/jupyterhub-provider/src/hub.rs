//! One JupyterHub and one of its users: what can be asked for.

use renku_session_sdk::http::{self, HttpRequest, Method, Origin, Response};
use renku_session_sdk::{Error, Result};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::config::Config;
use crate::model::{Identity, Server, User};
use crate::refusal;

/// The most that is taken of one answer at once; the host's own limit.
const PIECE: u32 = 64 * 1024;

/// A hub that has said who we are.
pub(crate) struct Hub {
    origin: Origin,
    /// Its address, for messages and for the addresses of servers.
    pub(crate) base: String,
    user: String,
}

/// An answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) retry_after: Option<String>,
    pub(crate) body: String,
}

impl Hub {
    /// The hub that the user configured.
    ///
    /// # Errors
    ///
    /// `unauthenticated` when it does not know the token, what `http` says when it
    /// cannot be reached.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        let origin = http::open(&config.origin)?;
        let base = origin.display_url().trim_end_matches('/').to_owned();
        let answer = whole(&origin.send(&HttpRequest::new(Method::Get, "/hub/api/user"))?)?;
        // A hub says "forbidden" to a token that it does not know.
        if matches!(answer.status, 401 | 403) {
            return Err(refusal::unknown_token(&base, &config.origin));
        }
        let identity: Identity = read(&base, "say who you are", &answer)?;
        let user = match &config.user {
            Some(user) => user.clone(),
            None if identity.kind == "service" => {
                return Err(Error::invalid_input(format!(
                    "the token for {base} belongs to the service `{}`, which has no servers",
                    identity.name
                ))
                .help("say whose servers with `user: NAME` in the file of `--config`, or use a token of your own"));
            }
            None => identity.name,
        };
        Ok(Self { origin, base, user })
    }

    /// The servers of the user.
    pub(crate) fn servers(&self) -> Result<Vec<Server>> {
        let purpose = "list your servers";
        let path = format!("/hub/api/users/{}", encode(&self.user));
        let request = HttpRequest::new(Method::Get, &path);
        request.query("include_stopped_servers", "true");
        let user: User = read(&self.base, purpose, &whole(&self.origin.send(&request)?)?)?;
        Ok(user.servers.into_values().filter(Server::exists).collect())
    }

    /// One of them, by the name of its session.
    pub(crate) fn server(&self, session: &str) -> Result<Option<Server>> {
        Ok(self.servers()?.into_iter().find(|server| server.session() == session))
    }

    /// Asks for a start. The hub answers when the server runs, or after some
    /// seconds when that takes longer.
    pub(crate) fn start(&self, server: &str, options: &Value) -> Result<Answer> {
        self.send(Method::Post, &self.path(server), options)
    }

    /// Asks for a stop, and that nothing is kept. The server that every user has
    /// cannot be removed.
    pub(crate) fn stop(&self, server: &str) -> Result<Answer> {
        let remove = !server.is_empty();
        self.send(Method::Delete, &self.path(server), &serde_json::json!({ "remove": remove }))
    }

    /// The events of a start, as they happen.
    pub(crate) fn progress(&self, server: &str) -> Result<Response> {
        let path = format!("{}/progress", self.path(server));
        let request = HttpRequest::new(Method::Get, &path);
        request.header("Accept", "text/event-stream");
        self.origin.send(&request)
    }

    fn send(&self, method: Method, path: &str, body: &Value) -> Result<Answer> {
        let request = HttpRequest::new(method, path);
        request.body("application/json", body.to_string().as_bytes());
        whole(&self.origin.send(&request)?)
    }

    fn path(&self, server: &str) -> String {
        let user = encode(&self.user);
        match server {
            "" => format!("/hub/api/users/{user}/server"),
            name => format!("/hub/api/users/{user}/servers/{}", encode(name)),
        }
    }
}

/// An answer of status 2xx as what it should be.
fn read<T: DeserializeOwned>(base: &str, purpose: &str, answer: &Answer) -> Result<T> {
    if !(200..300).contains(&answer.status) {
        return Err(refusal::of(base, purpose, answer));
    }
    serde_json::from_str(&answer.body)
        .map_err(|error| refusal::not_understood(base, &error.to_string()))
}

fn whole(response: &Response) -> Result<Answer> {
    let mut bytes = Vec::new();
    while let Some(more) = response.read(PIECE)? {
        bytes.extend_from_slice(&more);
    }
    Ok(Answer {
        status: response.status(),
        retry_after: response.header("retry-after"),
        body: String::from_utf8_lossy(&bytes).into_owned(),
    })
}

/// Percent-encodes a segment of a path (RFC 3986 §3.3).
fn encode(segment: &str) -> String {
    segment.bytes().fold(String::new(), |text, byte| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
            text + &char::from(byte).to_string()
        }
        byte => format!("{text}%{byte:02X}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_segment_of_a_path() {
        assert_eq!(encode("ann@example.org/../x"), "ann%40example.org%2F..%2Fx");
    }
}
