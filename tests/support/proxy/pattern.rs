//! Which requests are meant: `POST /containers/*/start`.

/// A method and the segments of a path.
#[derive(Debug, Clone)]
pub(super) struct Pattern {
    method: String,
    segments: Vec<String>,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Self {
        let (method, path) = pattern.split_once(' ').expect("`METHOD /path`");
        Self { method: method.to_owned(), segments: segments(path) }
    }

    /// Whether this is the first line of such a request.
    pub(super) fn is_of(&self, line: &str) -> bool {
        let mut words = line.split(' ');
        let (Some(method), Some(target)) = (words.next(), words.next()) else { return false };
        let path = target.split('?').next().unwrap_or_default();
        let mut path = segments(path);
        let is_version = |segment: &String| {
            segment
                .strip_prefix('v')
                .is_some_and(|rest| rest.starts_with(|it: char| it.is_ascii_digit()))
        };
        if path.first().is_some_and(is_version) {
            path.remove(0);
        }
        (self.method == "*" || self.method == method) && fits(&self.segments, &path)
    }
}

fn segments(path: &str) -> Vec<String> {
    path.trim_matches('/').split('/').map(str::to_owned).collect()
}

fn fits(pattern: &[String], path: &[String]) -> bool {
    match pattern.split_first() {
        None => path.is_empty(),
        Some((first, rest)) if first == "**" => {
            (0..=path.len()).any(|taken| fits(rest, &path[taken..]))
        }
        Some((first, rest)) => path
            .split_first()
            .is_some_and(|(segment, left)| (first == "*" || first == segment) && fits(rest, left)),
    }
}
