//! What was asked of the server, for tests to look at. No token is kept.

use super::wire::Request;

/// One request, and how it was answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    pub method: String,
    /// The path, decoded, without query.
    pub path: String,
    /// The query, decoded, `name=value` with `&` between.
    pub query: String,
    /// The names of its headers, in lower case, sorted.
    pub headers: Vec<String>,
    /// Its body where that holds no credential: JSON, as it came.
    pub body: String,
    /// The status of the answer.
    pub status: u16,
}

impl Seen {
    pub(super) fn of(request: &Request, status: u16) -> Self {
        let pairs: Vec<String> =
            request.query.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut headers: Vec<String> =
            request.headers.iter().map(|(name, _)| name.clone()).collect();
        headers.sort();
        let is_json =
            request.header("content-type").is_some_and(|kind| kind.starts_with("application/json"));
        let body = is_json.then(|| String::from_utf8_lossy(&request.body).into_owned());
        Self {
            method: request.method.clone(),
            path: request.path.clone(),
            query: pairs.join("&"),
            headers,
            body: body.unwrap_or_default(),
            status,
        }
    }

    /// Whether it carried a header of this name (in lower case).
    #[must_use]
    pub fn has(&self, header: &str) -> bool {
        self.headers.iter().any(|known| known == header)
    }

    /// `GET /api/data/user 200`.
    #[must_use]
    pub fn line(&self) -> String {
        let query = if self.query.is_empty() { String::new() } else { format!("?{}", self.query) };
        format!("{} {}{query} {}", self.method, self.path, self.status)
    }
}
