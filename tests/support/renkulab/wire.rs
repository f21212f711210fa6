//! HTTP/1.1 (RFC 9112), as much of it as a server of small JSON documents needs.

use std::io::{self, BufRead, BufReader, Read, Write};

use serde_json::Value;

/// A request as it came.
#[derive(Debug)]
pub(super) struct Request {
    pub(super) method: String,
    /// The path without the query, without a slash at its end.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Vec<u8>,
}

impl Request {
    /// The next request of a connection; none when the client has closed it.
    pub(super) fn read(stream: &mut BufReader<impl Read>) -> io::Result<Option<Self>> {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Ok(None);
        }
        let mut words = line.split_whitespace();
        let method = words.next().unwrap_or_default().to_owned();
        let target = words.next().unwrap_or_default().to_owned();
        let mut headers = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line)? == 0 {
                return Ok(None);
            }
            let Some((name, value)) = line.trim_end().split_once(':') else { break };
            headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
        }
        let (path, query) = target.split_once('?').unwrap_or((&target, ""));
        let path = decode(path.strip_suffix('/').unwrap_or(path));
        let mut request = Self { method, path, query: form(query), headers, body: Vec::new() };
        let length = request.header("content-length").and_then(|text| text.parse().ok());
        request.body = vec![0; length.unwrap_or(0)];
        stream.read_exact(&mut request.body)?;
        Ok(Some(request))
    }

    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The body of an HTML form.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        form(&String::from_utf8_lossy(&self.body))
    }
}

/// An answer that is whole and in time; a fault may spoil it on its way.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    pub(super) content: Option<(&'static str, String)>,
}

impl Response {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        let content = Some(("application/json", body.to_string()));
        Self { status, headers: Vec::new(), content }
    }

    pub(super) fn html(status: u16, body: &str) -> Self {
        Self { status, headers: Vec::new(), content: Some(("text/html", body.to_owned())) }
    }

    pub(super) fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), content: None }
    }

    pub(super) fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.headers.push((name.to_owned(), value.to_string()));
        self
    }

    /// The head, as bytes, with the length of the whole body.
    pub(super) fn head(&self) -> Vec<u8> {
        let mut head = format!("HTTP/1.1 {} -\r\n", self.status);
        for (name, value) in &self.headers {
            head += &format!("{name}: {value}\r\n");
        }
        if let Some((kind, body)) = &self.content {
            head += &format!("content-type: {kind}\r\ncontent-length: {}\r\n", body.len());
        } else if self.status != 204 {
            head += "content-length: 0\r\n";
        }
        head += "\r\n";
        head.into_bytes()
    }

    pub(super) fn body(&self) -> &[u8] {
        self.content.as_ref().map_or(&[], |(_, body)| body.as_bytes())
    }

    pub(super) fn write(&self, stream: &mut impl Write) -> io::Result<()> {
        let mut bytes = self.head();
        bytes.extend(self.body());
        stream.write_all(&bytes)?;
        stream.flush()
    }
}

/// `application/x-www-form-urlencoded` (URL Standard §5.1).
pub(super) fn form(text: &str) -> Vec<(String, String)> {
    text.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(&name.replace('+', " ")), decode(&value.replace('+', " ")))
        })
        .collect()
}

fn decode(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let code = (first == b'%' && tail.len() >= 2)
            .then(|| std::str::from_utf8(&tail[..2]).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match code {
            Some(byte) => {
                bytes.push(byte);
                rest = &tail[2..];
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
