//! What a provider would be allowed, in words of the person who allows it.
//!
//! The import section says what, down to the function; the manifest may say within
//! which limits, and why (`reason.rs`). Guests whose tools do not leave unused
//! imports out get the words for the whole interface.

use super::describe::Description;
use super::limits::Limits;
use crate::domain::{sanitize, size_in_words};
use crate::sandbox::Capability;

/// An origin as the user configured it, for words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrigin {
    /// What providers call it.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// What is sent there, such as `your token`; none: nothing.
    pub credential: Option<&'static str>,
    /// Whether the user configured it for the provider that the words are about.
    pub is_its: bool,
}

/// One thing that a provider could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Of which capability.
    pub capability: Capability,
    /// The same for what is the same, whatever the words around it.
    pub(super) key: String,
    /// In words.
    pub text: String,
}

/// The key of lines about limits.
pub(super) const LIMITS: &str = "limits";

/// The key of lines about every origin.
pub(super) const ANY_ORIGIN: &str = "http";

/// The key of the line about one origin.
pub(super) fn key_of_origin(name: &str) -> String {
    format!("http:{name}")
}

impl Description {
    /// Whether it can reach anything outside of its sandbox; questions to the user
    /// are not worth asking about.
    #[must_use]
    pub fn reaches_out(&self) -> bool {
        self.imports.keys().any(|it| *it != Capability::Prompt)
    }

    /// One line for each thing it could do, within the limits it wishes itself,
    /// and then its reasons.
    #[must_use]
    pub fn wishes(&self, origins: &[KnownOrigin]) -> Vec<String> {
        let lines = self.lines(&Limits::wished(&self.manifest), origins);
        lines.into_iter().map(|line| line.text).chain(self.reasons(|_| true)).collect()
    }

    /// What it could do within these limits.
    #[must_use]
    pub fn lines(&self, limits: &Limits, origins: &[KnownOrigin]) -> Vec<Line> {
        self.imports
            .iter()
            .filter(|(capability, _)| **capability != Capability::Prompt)
            .flat_map(|(capability, functions)| self.of(*capability, functions, limits, origins))
            .collect()
    }

    fn of(
        &self,
        capability: Capability,
        functions: &[String],
        limits: &Limits,
        origins: &[KnownOrigin],
    ) -> Vec<Line> {
        let line = |key: String, text: String| Line { capability, key, text };
        let plain = |words: &str| line(words.to_owned(), words.to_owned());
        let mut lines: Vec<Line> = match capability {
            Capability::Containers => containers(functions).into_iter().map(plain).collect(),
            Capability::Http => {
                http(limits, origins).into_iter().map(|(key, text)| line(key, text)).collect()
            }
            Capability::Prompt | Capability::Repository => vec![plain(capability.in_plain_words())],
        };
        if capability == Capability::Containers {
            lines.extend(bounds(limits).map(|text| line(LIMITS.to_owned(), text)));
        }
        lines
    }
}

/// What a container is bounded by, when it is.
fn bounds(limits: &Limits) -> Option<String> {
    let mut bounds = Vec::new();
    if !limits.images.is_empty() {
        bounds.push(format!("images like {}", patterns(&limits.images)));
    }
    bounds.extend(limits.max_cpu.map(|cpu| format!("at most {cpu} CPUs")));
    bounds.extend(
        limits.max_memory.map(|bytes| format!("at most {} of memory", size_in_words(bytes))),
    );
    (!bounds.is_empty()).then(|| format!("with limits for each container: {}", bounds.join(", ")))
}

/// Patterns of images as they are shown.
pub(super) fn patterns(patterns: &[String]) -> String {
    let shown: Vec<_> = patterns.iter().map(|it| format!("`{}`", sanitize(it))).collect();
    shown.join(" or ")
}

/// Keys and texts: one for each origin that is named, else for each that the user
/// configured for it, and for those to come.
fn http(limits: &Limits, origins: &[KnownOrigin]) -> Vec<(String, String)> {
    if !limits.origins.is_empty() {
        let named = limits.origins.iter().map(|name| {
            let known = origins.iter().find(|origin| origin.name == *name);
            let text = known.map_or_else(|| {
                format!("may talk to your web service `{name}`, once you configure it for this provider")
            }, KnownOrigin::in_words);
            (key_of_origin(name), text)
        });
        return named.collect();
    }
    let any = |text: String| (ANY_ORIGIN.to_owned(), text);
    let its: Vec<_> = origins.iter().filter(|origin| origin.is_its).collect();
    if its.is_empty() {
        return vec![any(Capability::Http.in_plain_words().to_owned())];
    }
    let more = "may talk to other web services, once you configure them for this provider";
    its.into_iter().map(KnownOrigin::in_words).chain([more.to_owned()]).map(any).collect()
}

impl KnownOrigin {
    fn in_words(&self) -> String {
        let with = self.credential.map(|what| format!(" with {what}")).unwrap_or_default();
        let once = if self.is_its { "" } else { ", once you configure it for this provider" };
        format!("may talk to {}{with}{once}", sanitize(&self.url))
    }
}

fn containers(functions: &[String]) -> Vec<&'static str> {
    let any = |names: &[&str]| functions.iter().any(|function| names.contains(&function.as_str()));
    let mut lines = Vec::new();
    match (any(&["start"]), any(&["stop"])) {
        (true, true) => lines.push(Capability::Containers.in_plain_words()),
        (true, false) => lines.push(
            "may start containers, which can read and change this project's files and use the network",
        ),
        (false, true) => lines.push("may stop the containers it started"),
        (false, false) => {}
    }
    if any(&["build-image"]) {
        lines.push("may build images from this project");
    }
    if any(&["pull-image"]) {
        lines.push("may pull images");
    }
    if any(&["logs"]) {
        lines.push("may read what its containers print");
    }
    if lines.is_empty() {
        lines.push("may see its containers and the images of this machine");
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_shown_with_its_url_and_what_is_sent_there() {
        let origin = |name: &str, credential, is_its| KnownOrigin {
            name: name.into(),
            url: format!("https://{name}.example"),
            credential,
            is_its,
        };
        let known = [origin("hub", Some("your token"), true), origin("other", None, false)];
        let words = |names: &[&str]| {
            let origins = names.iter().map(|it| (*it).to_owned()).collect();
            let lines = http(&Limits { origins, ..Limits::default() }, &known);
            lines.into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(
            words(&["hub", "other", "new"]),
            [
                "may talk to https://hub.example with your token",
                "may talk to https://other.example, once you configure it for this provider",
                "may talk to your web service `new`, once you configure it for this provider",
            ]
        );
        assert_eq!(
            words(&[]),
            [
                "may talk to https://hub.example with your token",
                "may talk to other web services, once you configure them for this provider",
            ]
        );
    }

    #[test]
    fn limits_are_told_in_one_line() {
        assert_eq!(bounds(&Limits::default()), None);
        let limits = Limits {
            images: vec!["a/*".into(), "b".into()],
            max_cpu: Some(4.0),
            max_memory: Some(8 << 30),
            ..Limits::default()
        };
        assert_eq!(
            bounds(&limits).unwrap(),
            "with limits for each container: images like `a/*` or `b`, at most 4 CPUs, at most 8Gi of memory"
        );
    }

    #[test]
    fn the_words_follow_the_imported_functions() {
        let words = |functions: &[&str]| {
            containers(&functions.iter().map(|it| (*it).to_owned()).collect::<Vec<_>>())
        };
        assert_eq!(
            words(&["list-containers"]),
            ["may see its containers and the images of this machine"]
        );
        assert_eq!(
            words(&["stop", "logs"]),
            ["may stop the containers it started", "may read what its containers print"]
        );
        assert!(words(&["start"])[0].starts_with("may start containers, which can read"));
    }
}
