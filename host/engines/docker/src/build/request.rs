//! `POST /build`: what both builders are asked, and the lines of their answer.

use std::time::Duration;

use bollard::errors::Error;
use futures_util::{StreamExt as _, TryStreamExt as _};
use http_body_util::{BodyExt as _, StreamBody};
use hyper::body::Frame;
use hyper::{Request, StatusCode};

use super::Recipe;
use crate::connect::Connection;
use crate::exchange::{self, Body};
use crate::images::Context;
use crate::lines::Lines;
use crate::proxies::Proxies;
use crate::pulse::Pulse;

/// How long a build may print nothing. A step that solves an environment is silent for
/// long; one that hangs can be interrupted at any time.
const SILENCE: Duration = Duration::from_secs(60 * 60);

/// A build that was not sent yet.
pub(super) struct Build {
    query: String,
}

impl Build {
    /// Of `recipe`, with `more` in the query.
    ///
    /// # Errors
    ///
    /// Never for text.
    pub(super) fn of(
        recipe: &Recipe,
        proxies: &Proxies,
        more: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let labels = serde_json::to_string(&recipe.labels)?;
        // Builders know these without an `ARG`, and keep them out of the image.
        let mut arguments = proxies.variables();
        arguments.extend(recipe.arguments.clone());
        let arguments = serde_json::to_string(&arguments)?;
        let mut pairs = vec![
            ("t", recipe.image.as_str()),
            ("dockerfile", &recipe.dockerfile),
            ("labels", &labels),
            ("buildargs", &arguments),
        ];
        if let Some(target) = &recipe.target {
            pairs.push(("target", target));
        }
        if recipe.refresh {
            pairs.push(("pull", "1"));
        }
        pairs.extend(more);
        Ok(Self { query: serde_urlencoded::to_string(pairs)? })
    }

    /// Sends it. `logins` is the header that the classic builder takes them from.
    ///
    /// # Errors
    ///
    /// The engine's words, or why there are none.
    pub(super) async fn send(
        self,
        connection: Connection,
        context: &mut Context,
        logins: Option<String>,
    ) -> Result<Lines, Error> {
        let pulse = Pulse::new(SILENCE);
        let sent = pulse.clone();
        let frames = context.stream().inspect(move |_| sent.beat()).map_ok(Frame::data);
        let body: Body = StreamBody::new(frames).boxed_unsync();
        let mut request = Request::post(format!("/build?{}", self.query))
            .header("host", exchange::HOST)
            .header("content-type", "application/x-tar");
        if let Some(logins) = logins {
            request = request.header("x-registry-config", logins);
        }
        let request = request.body(body)?;
        let answer = pulse.watch(exchange::send(connection, request, StatusCode::OK)).await?;
        Ok(Lines::of(answer.into_body(), SILENCE))
    }
}
