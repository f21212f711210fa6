//! Reads a recording, and asks again what was asked then.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;

use serde_json::Value;

use super::compare::Known;

/// One request and its answer.
pub(super) struct Exchange {
    /// The part of the recording it is in.
    pub(super) part: String,
    pub(super) method: String,
    /// With its query.
    pub(super) path: String,
    /// Empty for the usual user.
    pub(super) who: String,
    pub(super) remark: String,
    pub(super) sent: Sent,
    pub(super) status: u16,
    pub(super) content_type: String,
    /// The headers that were thought worth recording.
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: Value,
}

pub(super) enum Sent {
    Nothing,
    Json(Value),
    Form(BTreeMap<String, String>),
}

/// What was answered now.
pub(super) struct Received {
    pub(super) status: u16,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) text: String,
}

impl Exchange {
    pub(super) fn title(&self) -> String {
        format!("{} {} {}", self.method, self.path, self.remark)
    }
}

/// All exchanges of a recording, in order.
pub(super) fn parse(text: &str) -> Vec<Exchange> {
    let mut part = String::new();
    let mut exchanges: Vec<Exchange> = Vec::new();
    let mut bodies: Vec<String> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("== ") {
            title.clone_into(&mut part);
        } else if let Some(request) = line.strip_prefix("### ") {
            exchanges.push(request_line(&part, request));
            bodies.push(String::new());
        } else if line.starts_with("-- ") || line.starts_with("-> ") {
            // A remark of who recorded it.
        } else if let Some(exchange) = exchanges.last_mut() {
            if line.starts_with("> Authorization: ") {
                // `who` says it.
            } else if let Some(form) = line.strip_prefix("> form ") {
                exchange.sent = Sent::Form(serde_json::from_str(form).unwrap());
            } else if let Some(json) = line.strip_prefix("> ") {
                // Else a header, or what was sent to see how it is refused.
                if let Ok(json) = serde_json::from_str(json) {
                    exchange.sent = Sent::Json(json);
                }
            } else if let Some(status) = line.strip_prefix("< ") {
                status_line(exchange, status);
            } else {
                let body = bodies.last_mut().unwrap();
                body.push_str(line);
                body.push('\n');
            }
        }
    }
    for (exchange, body) in exchanges.iter_mut().zip(bodies) {
        // Pages of a gateway are no JSON.
        exchange.body = serde_json::from_str(&body).unwrap_or(Value::String(body));
    }
    exchanges
}

/// `METHOD PATH [who] remark`.
fn request_line(part: &str, line: &str) -> Exchange {
    let mut words = line.splitn(3, ' ');
    let method = words.next().unwrap().to_owned();
    let path = words.next().unwrap().to_owned();
    let rest = words.next().unwrap_or_default().trim();
    // When it was, in seconds.
    let rest = match rest.strip_prefix("[t=").and_then(|rest| rest.split_once(']')) {
        Some((_, rest)) => rest.trim(),
        None => rest,
    };
    let (who, remark) = match rest.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((who, remark)) => (who.to_owned(), remark.trim().to_owned()),
        None => (String::new(), rest.to_owned()),
    };
    Exchange {
        part: part.to_owned(),
        method,
        path,
        who,
        remark,
        sent: Sent::Nothing,
        status: 0,
        content_type: String::new(),
        headers: BTreeMap::new(),
        body: Value::Null,
    }
}

/// `STATUS CONTENT-TYPE {'name': 'value'}`.
fn status_line(exchange: &mut Exchange, line: &str) {
    let (status, rest) = line.split_once(' ').unwrap();
    exchange.status = status.parse().unwrap();
    let (kind, headers) = match rest.split_once(" {") {
        Some((kind, headers)) => (kind, format!("{{{headers}")),
        None => (rest, "{}".to_owned()),
    };
    exchange.content_type = kind.trim().to_owned();
    // Python's quotes; the only value with quotes of its own is an ETag.
    let headers = headers.replace("'\"", "\"").replace("\"'", "\"").replace('\'', "\"");
    exchange.headers = serde_json::from_str(&headers).unwrap();
}

/// Asks what was asked then, with what is known now.
pub(super) fn send(
    base: &str,
    exchange: &Exchange,
    known: &Known,
    headers: &BTreeMap<&str, String>,
) -> Received {
    let address = base.strip_prefix("http://").unwrap();
    let path = known.translate(&exchange.path);
    let (kind, body) = match &exchange.sent {
        Sent::Nothing => (None, String::new()),
        Sent::Json(json) => (Some("application/json"), known.translate(&json.to_string())),
        Sent::Form(form) => {
            let pairs: Vec<String> = form
                .iter()
                .map(|(name, value)| format!("{name}={}", encode(&known.translate(value))))
                .collect();
            (Some("application/x-www-form-urlencoded"), pairs.join("&"))
        }
    };
    let mut head = format!("{} {path} HTTP/1.1\r\nHost: {address}\r\n", exchange.method);
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    if let Some(kind) = kind {
        head += &format!("Content-Type: {kind}\r\n");
    }
    head += &format!("Content-Length: {}\r\n\r\n{body}", body.len());
    let mut stream = TcpStream::connect(address).unwrap();
    stream.write_all(head.as_bytes()).unwrap();
    read(stream)
}

fn read(stream: TcpStream) -> Received {
    let mut stream = BufReader::new(stream);
    let mut line = String::new();
    stream.read_line(&mut line).unwrap();
    let status = line.split(' ').nth(1).unwrap().parse().unwrap();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).unwrap();
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").map_or(0, |text| text.parse().unwrap());
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    Received { status, headers, text: String::from_utf8(body).unwrap() }
}

fn encode(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if plain(byte) { char::from(byte).into() } else { format!("%{byte:02X}") })
        .collect()
}
