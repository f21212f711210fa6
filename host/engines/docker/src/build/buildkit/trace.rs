//! Follows a BuildKit build: which step it is at, what the steps printed, what
//! failed.
//!
//! Messages: `StatusResponse` of
//! <https://github.com/moby/buildkit/blob/master/api/services/control/control.proto>,
//! which engines send as `moby.buildkit.trace`.

use std::collections::BTreeMap;

use super::super::output::{Lines, Tail};
use super::protobuf::{Fields, Value};
use crate::domain::text;
use crate::message::links;

/// More steps than a build has: a builder that names others without end is not followed.
const VERTICES: usize = 1000;
/// The most characters of its name, its digest or its error.
const LONGEST: usize = 8 * 1024;

/// The last cause of a step that ended because another failed.
const CANCELED: &str = "context canceled";

/// What a build has reported about itself.
#[derive(Debug, Default)]
pub(in crate::build) struct Trace {
    vertices: BTreeMap<String, Vertex>,
    /// The digest of the step that failed first.
    failed: Option<String>,
    /// The last step that began: number and of how many.
    position: Option<(u64, u64)>,
}

/// One node of the build's graph: a step of the Dockerfile, or work of the
/// builder's own.
#[derive(Debug, Default)]
struct Vertex {
    name: String,
    error: String,
    started: bool,
    lines: Lines,
    output: Tail,
}

/// The step that failed.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::build) struct Failed {
    /// Its number, when it is a step of the Dockerfile.
    pub(in crate::build) number: Option<u64>,
    pub(in crate::build) step: String,
    /// Its last lines of output.
    pub(in crate::build) output: Vec<String>,
    pub(in crate::build) message: String,
}

impl Trace {
    /// Takes one message and gives the new lines that are worth showing.
    pub(in crate::build) fn add(&mut self, message: &[u8]) -> Vec<String> {
        let mut shown = Vec::new();
        for (field, value) in Fields::of(message) {
            match (field, value) {
                (1, Value::Bytes(vertex)) => shown.extend(self.vertex(vertex)),
                (3, Value::Bytes(log)) => shown.extend(self.log(log)),
                _ => {}
            }
        }
        shown
    }

    /// The step under way and how many its stage has.
    pub(in crate::build) fn position(&self) -> Option<(u64, u64)> {
        self.position
    }

    /// The step that failed, when one did.
    pub(in crate::build) fn failed(self) -> Option<Failed> {
        let mut vertices = self.vertices;
        let vertex = vertices.remove(&self.failed?)?;
        let (number, step) = match place(&vertex.name) {
            Some((number, _, step)) => (Some(number), step.to_owned()),
            None => (None, vertex.name.clone()),
        };
        let output = vertex.output.into();
        Some(Failed { number, step, output, message: vertex.error })
    }

    fn vertex(&mut self, message: &[u8]) -> Option<String> {
        let (mut digest, mut news) = (String::new(), Vertex::default());
        for (field, value) in Fields::of(message) {
            match field {
                1 => digest = text::shorten(&value.text(), LONGEST),
                3 => news.name = text::shorten(&value.text(), LONGEST),
                5 => news.started = true,
                7 => news.error = text::shorten(&value.text(), LONGEST),
                _ => {}
            }
        }
        let vertex = of(&mut self.vertices, &digest)?;
        let begins = news.started && !vertex.started;
        vertex.started |= news.started;
        if !news.name.is_empty() {
            vertex.name = news.name;
        }
        if !news.error.is_empty() {
            // A step that was stopped because another failed is not the reason.
            if self.failed.is_none() && !links(&news.error).any(|it| it == CANCELED) {
                self.failed = Some(digest);
            }
            vertex.error = news.error;
        }
        if !begins {
            return None;
        }
        if let Some((number, total, _)) = place(&vertex.name) {
            self.position = Some((number, total));
        }
        (!vertex.name.starts_with("[internal]")).then(|| vertex.name.clone())
    }

    fn log(&mut self, message: &[u8]) -> Vec<String> {
        let (mut digest, mut printed) = (String::new(), String::new());
        for (field, value) in Fields::of(message) {
            match field {
                1 => digest = text::shorten(&value.text(), LONGEST),
                4 => printed = value.text(),
                _ => {}
            }
        }
        let Some(vertex) = of(&mut self.vertices, &digest) else { return Vec::new() };
        let lines = vertex.lines.add(&printed);
        for line in &lines {
            vertex.output.push(line);
        }
        lines
    }
}

/// The step of this digest, which may be a new one.
fn of<'a>(vertices: &'a mut BTreeMap<String, Vertex>, digest: &str) -> Option<&'a mut Vertex> {
    let is_known = vertices.contains_key(digest);
    (is_known || vertices.len() < VERTICES).then(|| vertices.entry(digest.to_owned()).or_default())
}

/// `[2/7] RUN make`, `[stage-1 2/7] RUN make`: number, total, instruction.
fn place(name: &str) -> Option<(u64, u64, &str)> {
    let (place, instruction) = name.strip_prefix('[')?.split_once("] ")?;
    let (number, total) = place.rsplit(' ').next()?.split_once('/')?;
    Some((number.parse().ok()?, total.parse().ok()?, instruction))
}

#[cfg(test)]
mod tests {
    use super::super::protobuf::put_text;
    use super::*;

    /// A message inside a message, or a time: encoded the same.
    fn inside(field: u64, message: &[u8]) -> Vec<u8> {
        let mut all = vec![(field << 3 | 2) as u8, message.len() as u8];
        all.extend_from_slice(message);
        all
    }

    fn vertex(digest: &str, name: &str, started: bool, error: &str) -> Vec<u8> {
        let mut vertex = Vec::new();
        put_text(&mut vertex, 1, digest);
        put_text(&mut vertex, 3, name);
        if started {
            vertex.extend(inside(5, &[8, 1]));
        }
        put_text(&mut vertex, 7, error);
        inside(1, &vertex)
    }

    fn log(digest: &str, text: &str) -> Vec<u8> {
        let mut log = Vec::new();
        put_text(&mut log, 1, digest);
        put_text(&mut log, 4, text);
        inside(3, &log)
    }

    #[test]
    fn the_failing_step_is_named_with_its_own_output() {
        let mut trace = Trace::default();
        assert_eq!(trace.add(&vertex("i", "[internal] load build definition", true, "")), [""; 0]);
        trace.add(&vertex("b", "[2/3] RUN make", false, ""));
        assert_eq!(trace.position(), None);
        assert_eq!(trace.add(&vertex("b", "[2/3] RUN make", true, "")), ["[2/3] RUN make"]);
        assert_eq!(trace.position(), Some((2, 3)));
        trace.add(&vertex("c", "[stage-1 1/9] COPY . /a", true, ""));
        trace.add(&log("c", "of another step\n"));
        assert_eq!(trace.add(&log("b", "one\ntwo \u{1b}[31mred\nhalf")), ["one", "two red"]);
        trace.add(&vertex("c", "", true, "context canceled"));
        trace.add(&vertex("b", "", true, "exit code: 2"));
        assert_eq!(
            trace.failed(),
            Some(Failed {
                number: Some(2),
                step: "RUN make".into(),
                output: vec!["one".into(), "two red".into()],
                message: "exit code: 2".into(),
            })
        );
    }

    #[test]
    fn a_builder_that_names_steps_without_end_is_not_followed() {
        let mut trace = Trace::default();
        for digest in 0..VERTICES + 5 {
            trace.add(&log(&digest.to_string(), "x"));
        }
        assert_eq!(trace.vertices.len(), VERTICES);
    }

    #[test]
    fn names_of_steps_say_where_they_are() {
        assert_eq!(place("[2/7] RUN a [b] c"), Some((2, 7, "RUN a [b] c")));
        assert_eq!(place("[build 10/12] COPY a b"), Some((10, 12, "COPY a b")));
        assert_eq!(place("[internal] load metadata"), None);
        assert_eq!(place("exporting to image"), None);
    }
}
