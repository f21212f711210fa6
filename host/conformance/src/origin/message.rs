//! Requests and answers as they are on the wire (HTTP/1.1, RFC 9112), as far as a
//! test needs them.

use std::collections::BTreeMap;

use tokio::io::{AsyncRead, AsyncReadExt as _};

/// The largest request that is read.
const LARGEST: usize = 2 << 20;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) method: String,
    /// Without the query.
    pub(super) path: String,
    /// Behind the `?`.
    pub(super) query: Option<String>,
    pub(super) body: Vec<u8>,
}

/// What is done about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Said {
    /// It is answered.
    Answer {
        status: u16,
        /// Headers beside those of every answer.
        headers: BTreeMap<String, String>,
        body: Vec<u8>,
    },
    /// The connection is ended.
    Cut,
    /// It is held open.
    Nothing,
}

impl Said {
    /// A refusal in JSON.
    pub(super) fn refusal(status: u16, words: &str) -> Self {
        let body = serde_json::json!({ "error": { "code": status, "message": words } });
        Self::json(status, body.to_string())
    }

    /// An answer in JSON.
    pub(super) fn json(status: u16, body: String) -> Self {
        let headers = BTreeMap::from([("Content-Type".into(), "application/json".into())]);
        Self::Answer { status, headers, body: body.into_bytes() }
    }

    /// What a broken proxy may say: neither text nor JSON.
    pub(super) fn garbage() -> Self {
        let headers = BTreeMap::from([("Content-Type".into(), "application/json".into())]);
        Self::Answer { status: 200, headers, body: b"{\"\xff\xfe\0[[[<html>".to_vec() }
    }

    /// The bytes of the answer; none where there is none.
    pub(super) fn bytes(&self) -> Option<Vec<u8>> {
        let Self::Answer { status, headers, body } = self else { return None };
        let mut head = format!("HTTP/1.1 {status} Conformance\r\nConnection: close\r\n");
        // These have no body (RFC 9110 §6.4.1).
        let bare = matches!(status, 100..=199 | 204 | 304);
        if !bare {
            head.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut bytes = head.into_bytes();
        if !bare {
            bytes.extend(body);
        }
        Some(bytes)
    }
}

impl Asked {
    /// Reads a request; none when it is none, too large, or ends early.
    pub(super) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Self> {
        let mut bytes = Vec::new();
        let head = loop {
            if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break end;
            }
            more(stream, &mut bytes).await?;
        };
        let text = String::from_utf8(bytes.get(..head)?.to_vec()).ok()?;
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target) = (first.next()?.to_owned(), first.next()?);
        let length = lines.filter_map(|line| line.split_once(':')).find_map(|(name, value)| {
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        let (begin, length) = (head + 4, length.unwrap_or(0_usize));
        while bytes.len() < begin.checked_add(length)? {
            more(stream, &mut bytes).await?;
        }
        let (path, query) = match target.split_once('?') {
            Some((path, query)) => (path, Some(query.to_owned())),
            None => (target, None),
        };
        let body = bytes.get(begin..begin + length)?.to_vec();
        Some(Self { method, path: path.to_owned(), query, body })
    }
}

/// Reads some; none at the end, or when it is too much.
async fn more(stream: &mut (impl AsyncRead + Unpin), bytes: &mut Vec<u8>) -> Option<()> {
    let count = stream.read_buf(bytes).await.ok()?;
    (count > 0 && bytes.len() <= LARGEST).then_some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_request_is_read_with_its_query_and_body() {
        let mut wire = &b"POST /jobs?a=1 HTTP/1.1\r\ncontent-LENGTH: 2\r\nA: b\r\n\r\nhixx"[..];
        let asked = Asked::read(&mut wire).await.unwrap();
        let expected = Asked {
            method: "POST".into(),
            path: "/jobs".into(),
            query: Some("a=1".into()),
            body: b"hi".to_vec(),
        };
        assert_eq!(asked, expected);
        assert_eq!(Asked::read(&mut &b"GET / HTTP/1.1\r\n"[..]).await, None);
    }

    #[test]
    fn an_answer_says_how_long_it_is_unless_it_may_not() {
        let said = Said::json(200, "{}".into()).bytes().unwrap();
        assert_eq!(
            String::from_utf8(said).unwrap(),
            "HTTP/1.1 200 Conformance\r\nConnection: close\r\nContent-Length: 2\r\nContent-Type: application/json\r\n\r\n{}"
        );
        let none = Said::Answer { status: 204, headers: BTreeMap::new(), body: Vec::new() };
        let none = String::from_utf8(none.bytes().unwrap()).unwrap();
        assert_eq!(none, "HTTP/1.1 204 Conformance\r\nConnection: close\r\n\r\n");
        assert_eq!(Said::Cut.bytes(), None);
    }
}
