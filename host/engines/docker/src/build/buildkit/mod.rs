//! Builds with BuildKit, which knows `RUN --mount=type=cache`, leaves nothing
//! half-built behind and works on independent stages at the same time.
//!
//! API: `POST /session` and `POST /build?version=2`. Why this is not left to
//! bollard: `docs/adr/0006-buildkit.md`.

mod protobuf;
mod session;
pub(super) mod trace;

use std::time::Duration;

use base64::Engine as _;
use bollard::errors::Error;
use hyper::upgrade::Upgraded;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::request::Build;
use super::{Recipe, failure};
use crate::connect::{Address, Connection};
use crate::contract::{Building, ContainersError};
use crate::domain::{hexadecimal, text};
use crate::engine_errors;
use crate::exchange;
use crate::images::Context;
use crate::proxies::Proxies;
use crate::registry::Logins;
use session::Answers;
use trace::Trace;

/// How long the engine may take to begin a session.
const SESSION: Duration = Duration::from_secs(30);
/// How long a build may go on without its session: it needs it for logins alone.
const WITHOUT_SESSION: Duration = Duration::from_secs(10 * 60);

/// One line of the engine's answer. Progress is base64 of a protobuf message.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    id: String,
    #[serde(default)]
    aux: serde_json::Value,
    #[serde(rename = "errorDetail")]
    error: Option<ErrorDetail>,
}

#[derive(Deserialize)]
struct ErrorDetail {
    #[serde(default)]
    message: String,
}

/// Why a request failed, on one line.
struct Refused(String);

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        Self(engine_errors::message(&error))
    }
}

/// Builds `recipe` out of `context`. The build ends when this is dropped.
///
/// # Errors
///
/// What the build failed with.
pub(super) async fn build(
    engine: &Address,
    logins: Logins,
    proxies: &Proxies,
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
) -> Result<(), ContainersError> {
    let (session, build) = tokio::try_join!(engine.open(), engine.open())?;
    let mut trace = Trace::default();
    let id = session_id()?;
    let outcome = tokio::select! {
        refused = hold(session, &id, Answers { logins, secrets: recipe.secrets.clone() }) => {
            Err(refused)
        }
        outcome = run(build, &id, recipe, proxies, context, building, &mut trace) => outcome,
    };
    let Err(Refused(message)) = outcome else { return Ok(()) };
    let message = text::one_line(&message, 600);
    let failure = match trace.failed() {
        Some(failed) => {
            failure::of(&recipe.image, failed.number, failed.step, failed.output, message)
        }
        None => failure::of(&recipe.image, None, String::new(), Vec::new(), message),
    };
    Err(failure.into())
}

/// Begins the session and answers in it, for as long as the builder wants. It returns
/// when the builder has none: without one the build would wait for it for ever.
async fn hold(connection: Connection, id: &str, answers: Answers) -> Refused {
    let begun = tokio::time::timeout(SESSION, begin(connection, id)).await;
    let error = match begun {
        Ok(Ok(upgraded)) => {
            session::serve(TokioIo::new(upgraded), answers).await;
            // It ends with the build; when it ends before, the build has time to say why.
            tokio::time::sleep(WITHOUT_SESSION).await;
            return Refused(format!(
                "the builder closed its session (`POST /session`) but did not end the build within \
                 {} s",
                WITHOUT_SESSION.as_secs()
            ));
        }
        Ok(Err(error)) => engine_errors::message(&error),
        Err(_) => format!("no answer within {} s", SESSION.as_secs()),
    };
    Refused(format!(
        "the engine does not accept a BuildKit session (`POST /session`): {error}; with \
         `DOCKER_BUILDKIT=0` in the environment it builds without one"
    ))
}

/// The connection on which the builder asks.
async fn begin(connection: Connection, id: &str) -> Result<Upgraded, Error> {
    let mut request = Request::post("/session")
        .header("host", exchange::HOST)
        .header("connection", "Upgrade")
        .header("upgrade", "h2c")
        .header("x-docker-expose-session-uuid", id)
        .header("x-docker-expose-session-name", "renku-session")
        .header("x-docker-expose-session-sharedkey", id);
    for method in session::METHODS {
        request = request.header("x-docker-expose-session-grpc-method", method);
    }
    let request = request.body(exchange::nothing())?;
    let answer = exchange::send(connection, request, StatusCode::SWITCHING_PROTOCOLS).await?;
    Ok(hyper::upgrade::on(answer).await?)
}

/// The build itself.
async fn run(
    connection: Connection,
    session: &str,
    recipe: &Recipe,
    proxies: &Proxies,
    context: &mut Context,
    building: Building<'_>,
    trace: &mut Trace,
) -> Result<(), Refused> {
    let build = Build::of(recipe, proxies, &[("version", "2"), ("session", session), ("rm", "1")])?;
    let mut lines = build.send(connection, context, None).await?;
    while let Some(line) = lines.next::<Line>().await? {
        take(line, building, trace)?;
    }
    Ok(())
}

fn take(line: Line, building: Building<'_>, trace: &mut Trace) -> Result<(), Refused> {
    if let Some(error) = line.error {
        return Err(Refused(error.message));
    }
    if line.id == "moby.buildkit.trace"
        && let Some(encoded) = line.aux.as_str()
        && let Ok(message) = base64::engine::general_purpose::STANDARD.decode(encoded)
    {
        for shown in trace.add(&message) {
            if let Some((number, total)) = trace.position() {
                building.step(number, total);
            }
            building.note(&shown);
        }
    }
    Ok(())
}

/// Nobody else may take part in a session, so its name cannot be guessed.
fn session_id() -> Result<String, ContainersError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(|error| ContainersError::Engine {
        action: "begin a build",
        message: error.to_string(),
    })?;
    Ok(hexadecimal(&bytes))
}
