//! The session beside a BuildKit build: the builder asks back through it, for
//! the login of a registry that a base image comes from, and for secrets of steps.
//!
//! A session is an HTTP/2 connection on which we are the server: `POST /session`,
//! upgraded to `h2c`, then gRPC. Services: `moby.filesync.v1.Auth` of
//! <https://github.com/moby/buildkit/blob/master/session/auth/auth.proto>,
//! `moby.buildkit.secrets.v1.Secrets` of `session/secrets/secrets.proto`, and
//! `grpc.health.v1.Health`, with which the builder sees that we are there.
//! Protocol: <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.

use std::collections::BTreeMap;

use bytes::{BufMut, Bytes, BytesMut};
use h2::RecvStream;
use h2::server::SendResponse;
use hyper::http::{HeaderMap, HeaderValue, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::task::JoinSet;

use super::protobuf::{Fields, put_bytes, put_text};
use crate::images::BuildSecret;
use crate::registry::{Login, Logins};

const HEALTH: &str = "/grpc.health.v1.Health/Check";
const CREDENTIALS: &str = "/moby.filesync.v1.Auth/Credentials";
const SECRET: &str = "/moby.buildkit.secrets.v1.Secrets/GetSecret";
/// The functions that the builder may call; the session begins with the list.
pub(super) const METHODS: [&str; 3] = [HEALTH, CREDENTIALS, SECRET];

/// What the builder is answered with.
#[derive(Clone)]
pub(super) struct Answers {
    pub(super) logins: Logins,
    /// By name.
    pub(super) secrets: BTreeMap<String, BuildSecret>,
}

/// `HealthCheckResponse { status: SERVING }`.
const SERVING: [u8; 2] = [0x08, 0x01];
/// gRPC's status codes.
const OK: u16 = 0;
const INVALID_ARGUMENT: u16 = 3;
const NOT_FOUND: u16 = 5;
const UNIMPLEMENTED: u16 = 12;
/// A question is a host's name.
const LONGEST_QUESTION: usize = 64 * 1024;

/// Answers the builder's questions until it hangs up. A session that breaks is
/// no error here: the build says what it missed.
pub(super) async fn serve(connection: impl AsyncRead + AsyncWrite + Unpin, all: Answers) {
    let Ok(mut connection) = h2::server::handshake(connection).await else { return };
    let mut answers = JoinSet::new();
    while let Some(Ok((request, respond))) = connection.accept().await {
        let path = request.uri().path().to_owned();
        answers.spawn(answer(path, request.into_body(), respond, all.clone()));
        while answers.try_join_next().is_some() {}
    }
}

async fn answer(
    path: String,
    question: RecvStream,
    respond: SendResponse<Bytes>,
    all: Answers,
) -> Option<()> {
    let reply = match path.as_str() {
        HEALTH => Ok(SERVING.to_vec()),
        CREDENTIALS => match message(question).await {
            Some(message) => Ok(credentials(&message, &all.logins).await),
            None => Err(INVALID_ARGUMENT),
        },
        SECRET => match message(question).await {
            Some(message) => secret(&message, &all.secrets).ok_or(NOT_FOUND),
            None => Err(INVALID_ARGUMENT),
        },
        // Asked for without being offered: the builder then does without.
        _ => Err(UNIMPLEMENTED),
    };
    send(respond, reply)
}

/// `CredentialsRequest { host }` to `CredentialsResponse { username, secret }`;
/// an empty one means: without a login.
async fn credentials(message: &[u8], logins: &Logins) -> Vec<u8> {
    let mut host = String::new();
    for (field, value) in Fields::of(message) {
        if field == 1 {
            host = value.text();
        }
    }
    let mut reply = Vec::new();
    if let Some(login) = logins.of_key(&host).await {
        match login {
            Login::IdentityToken(token) | Login::Bearer(token) => {
                put_text(&mut reply, 2, token.expose());
            }
            Login::Password { user, password } => {
                put_text(&mut reply, 1, &user);
                put_text(&mut reply, 2, password.expose());
            }
        }
    }
    reply
}

/// `GetSecretRequest { ID }` to `GetSecretResponse { data }`; none: there is no such
/// secret, which is the step's own business.
fn secret(message: &[u8], secrets: &BTreeMap<String, BuildSecret>) -> Option<Vec<u8>> {
    let mut id = String::new();
    for (field, value) in Fields::of(message) {
        if field == 1 {
            id = value.text();
        }
    }
    let mut reply = Vec::new();
    put_bytes(&mut reply, 1, &secrets.get(&id)?.0);
    Some(reply)
}

/// The only message of a question: a flag, a length, the bytes.
async fn message(mut body: RecvStream) -> Option<Vec<u8>> {
    let mut all = Vec::new();
    while let Some(piece) = body.data().await {
        let piece = piece.ok()?;
        body.flow_control().release_capacity(piece.len()).ok()?;
        all.extend_from_slice(&piece);
        if all.len() > LONGEST_QUESTION {
            return None;
        }
    }
    let (head, message) = all.split_at_checked(5)?;
    let [0, length @ ..] = head else { return None };
    let length = u32::from_be_bytes(length.try_into().ok()?);
    (message.len() == usize::try_from(length).ok()?).then(|| message.to_vec())
}

fn send(mut respond: SendResponse<Bytes>, reply: Result<Vec<u8>, u16>) -> Option<()> {
    let mut response = Response::new(());
    let headers = response.headers_mut();
    headers.insert("content-type", HeaderValue::from_static("application/grpc"));
    match reply {
        Ok(message) => {
            let mut stream = respond.send_response(response, false).ok()?;
            let mut frame = BytesMut::with_capacity(message.len() + 5);
            frame.put_u8(0);
            frame.put_u32(u32::try_from(message.len()).ok()?);
            frame.put_slice(&message);
            stream.send_data(frame.freeze(), false).ok()?;
            let mut trailers = HeaderMap::new();
            trailers.insert("grpc-status", HeaderValue::from(OK));
            stream.send_trailers(trailers).ok()
        }
        Err(status) => {
            headers.insert("grpc-status", HeaderValue::from(status));
            respond.send_response(response, true).ok().map(drop)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper::http::Request;

    /// What the builder gets for a call: the message, and the status.
    async fn call(path: &'static str, message: &[u8]) -> (Vec<u8>, String) {
        let (ours, theirs) = tokio::io::duplex(4096);
        // base64 of `ann:secret`.
        let logins = r#"[{"auths":{"https://index.docker.io/v1/":{"auth":"YW5uOnNlY3JldA=="}}}]"#;
        let logins = serde_json::from_str(logins).expect("logins");
        let secrets = BTreeMap::from([("token".to_owned(), BuildSecret(b"s3cret".to_vec()))]);
        tokio::spawn(serve(ours, Answers { logins, secrets }));
        let (client, connection) = h2::client::handshake(theirs).await.expect("handshake");
        tokio::spawn(connection);
        let mut client = client.ready().await.expect("ready");
        let request = Request::post(format!("http://builder{path}")).body(()).expect("request");
        let (response, mut body) = client.send_request(request, false).expect("send");
        let mut frame = vec![0, 0, 0, 0, message.len() as u8];
        frame.extend_from_slice(message);
        body.send_data(frame.into(), true).expect("data");
        let response = response.await.expect("response");
        let early = response.headers().get("grpc-status").cloned();
        let mut body = response.into_body();
        let mut answer = Vec::new();
        while let Some(piece) = body.data().await {
            answer.extend_from_slice(&piece.expect("piece"));
        }
        let trailers = body.trailers().await.expect("trailers").unwrap_or_default();
        let status = early.or_else(|| trailers.get("grpc-status").cloned()).expect("status");
        (answer, status.to_str().expect("text").to_owned())
    }

    #[tokio::test]
    async fn the_builder_gets_the_login_it_asks_for() {
        let mut question = Vec::new();
        put_text(&mut question, 1, "registry-1.docker.io");
        let (answer, status) = call(CREDENTIALS, &question).await;
        assert_eq!(
            (&answer[..], status.as_str()),
            (&b"\0\0\0\0\x0d\x0a\x03ann\x12\x06secret"[..], "0")
        );
    }

    #[tokio::test]
    async fn without_a_login_the_answer_is_empty_and_no_failure() {
        let mut question = Vec::new();
        put_text(&mut question, 1, "registry.example.org");
        assert_eq!(call(CREDENTIALS, &question).await, (vec![0; 5], "0".into()));
    }

    #[tokio::test]
    async fn a_step_gets_the_secret_that_it_names() {
        let mut question = Vec::new();
        put_text(&mut question, 1, "token");
        assert_eq!(
            call(SECRET, &question).await,
            (b"\0\0\0\0\x08\x0a\x06s3cret".to_vec(), "0".into())
        );
        let mut other = Vec::new();
        put_text(&mut other, 1, "other");
        assert_eq!(call(SECRET, &other).await, (vec![], "5".into()));
    }

    #[tokio::test]
    async fn it_is_well_and_offers_nothing_else() {
        assert_eq!(call(HEALTH, b"").await, (vec![0, 0, 0, 0, 2, 8, 1], "0".into()));
        assert_eq!(call("/moby.filesync.v1.Auth/FetchToken", b"").await, (vec![], "12".into()));
    }
}
