//! Builds with BuildKit, which knows `RUN --mount=type=cache`, leaves nothing
//! half-built behind and works on independent stages at the same time.
//!
//! API: `POST /session` and `POST /build?version=2`. Why this is not left to
//! bollard: `docs/adr/0006-buildkit.md`.

mod protobuf;
mod session;
pub(super) mod trace;

use base64::Engine as _;
use bytes::BytesMut;
use futures_util::TryStreamExt as _;
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde::Deserialize;

use super::{Recipe, failure};
use crate::connect::{Address, Connection};
use crate::contract::{Building, ContainersError};
use crate::domain::{hexadecimal, text};
use crate::engine_errors;
use crate::exchange::{self, Body};
use crate::images::Context;
use crate::registry::Logins;
use trace::Trace;

/// Bytes of one line of the answer; a step of a build has some hundred.
const LINE_BYTES: usize = 4 << 20;

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

impl From<bollard::errors::Error> for Refused {
    fn from(error: bollard::errors::Error) -> Self {
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
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
) -> Result<(), ContainersError> {
    let (session, build) = tokio::try_join!(engine.open(), engine.open())?;
    let mut trace = Trace::default();
    let id = session_id()?;
    let outcome = tokio::select! {
        // It ends with the build; when it ends before, the build says why.
        () = hold(session, &id, logins) => std::future::pending().await,
        outcome = run(build, &id, recipe, context, building, &mut trace) => outcome,
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

/// Begins the session and answers in it, for as long as the builder wants.
async fn hold(connection: Connection, id: &str, logins: Logins) {
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
    let Ok(request) = request.body(exchange::nothing()) else { return };
    match exchange::send(connection, request, StatusCode::SWITCHING_PROTOCOLS).await {
        Ok(answer) => {
            if let Ok(upgraded) = hyper::upgrade::on(answer).await {
                session::serve(TokioIo::new(upgraded), logins).await;
            }
        }
        Err(error) => {
            let message = engine_errors::message(&error);
            tracing::info!("the builder takes no session: {message}");
        }
    }
}

/// The build itself.
async fn run(
    connection: Connection,
    session: &str,
    recipe: &Recipe,
    context: &mut Context,
    building: Building<'_>,
    trace: &mut Trace,
) -> Result<(), Refused> {
    let frames = context.stream().map_ok(Frame::data);
    let body: Body = StreamBody::new(frames).boxed_unsync();
    let request = Request::post(format!("/build?{}", query(recipe, session)?))
        .header("host", exchange::HOST)
        .header("content-type", "application/x-tar")
        .body(body)
        .map_err(|error| Refused(error.to_string()))?;
    let mut answer = exchange::send(connection, request, StatusCode::OK).await?.into_body();
    let mut pending = BytesMut::new();
    while let Some(frame) = answer.frame().await {
        let frame = frame.map_err(bollard::errors::Error::from)?;
        let Ok(data) = frame.into_data() else { continue };
        if pending.len() + data.len() > LINE_BYTES {
            return Err(Refused(format!(
                "the engine sends a line of more than {} MiB",
                LINE_BYTES >> 20
            )));
        }
        pending.extend_from_slice(&data);
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            let line = pending.split_to(end + 1);
            take(&line, building, trace)?;
        }
    }
    if pending.iter().all(u8::is_ascii_whitespace) {
        Ok(())
    } else {
        take(&pending, building, trace)
    }
}

fn take(line: &[u8], building: Building<'_>, trace: &mut Trace) -> Result<(), Refused> {
    let Ok(line) = serde_json::from_slice::<Line>(line) else { return Ok(()) };
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

fn query(recipe: &Recipe, session: &str) -> Result<String, Refused> {
    let broken = |error: String| Refused(error);
    let json = |map| serde_json::to_string(map).map_err(|error| broken(error.to_string()));
    let (labels, arguments) = (json(&recipe.labels)?, json(&recipe.arguments)?);
    let mut pairs = vec![
        ("version", "2"),
        ("session", session),
        ("t", &recipe.image),
        ("dockerfile", &recipe.dockerfile),
        ("labels", &labels),
        ("buildargs", &arguments),
        ("rm", "1"),
    ];
    if recipe.refresh {
        pairs.push(("pull", "1"));
    }
    serde_urlencoded::to_string(pairs).map_err(|error| broken(error.to_string()))
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
