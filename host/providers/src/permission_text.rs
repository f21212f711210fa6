//! What a provider would be allowed, in words of the person who allows it.
//!
//! The import section says what, down to the function, and the sandbox's table of
//! functions has the words; the manifest may say within which limits, and why
//! (`reason.rs`).

use std::collections::BTreeMap;

use super::about::About;
use super::limits::Limits;
use crate::domain::{sanitize, size_in_words};
use crate::sandbox::{Capability, Permission, permission};

/// An origin as the user configured it, for words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownOrigin {
    /// What providers call it.
    pub name: String,
    pub url: String,
    /// What is sent there, such as `your token`; none: nothing.
    pub credential: Option<&'static str>,
    /// Whether the user configured it for the provider that the words are about.
    pub is_its: bool,
}

/// One thing that a provider could do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub capability: Capability,
    pub text: String,
}

/// The key of lines about every origin.
pub(super) const ANY_ORIGIN: &str = "http";

/// The key of the line about one origin.
pub(super) fn key_of_origin(name: &str) -> String {
    format!("http:{name}")
}

impl About {
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
        let mut lines = Vec::new();
        for (capability, functions) in self.asked() {
            let line = |text: String| Line { capability, text };
            for sentence in sentences(capability, functions) {
                if sentence.is_about(Permission::UseOrigins) {
                    lines.extend(http(limits, origins).into_iter().map(|(_, text)| line(text)));
                } else {
                    lines.push(line(sentence.text()));
                }
            }
            if capability == Capability::Containers {
                lines.extend(bounds(limits).map(line));
            }
        }
        lines
    }

    /// The capabilities that its user is asked about, and the functions of each.
    pub(super) fn asked(&self) -> impl Iterator<Item = (Capability, &[String])> {
        let all = self.imports.iter().map(|(capability, names)| (*capability, names.as_slice()));
        all.filter(|(capability, _)| *capability != Capability::Prompt)
    }
}

/// What some functions of a capability allow.
#[derive(Debug)]
pub(super) struct Sentence<'a> {
    words: &'static str,
    permissions: Vec<Permission>,
    functions: Vec<&'a str>,
}

impl Sentence<'_> {
    /// Whether it speaks of this permission.
    pub(super) fn is_about(&self, permission: Permission) -> bool {
        self.permissions.contains(&permission)
    }

    /// Whether who read this sentence has read all that the other says.
    pub(super) fn covers(&self, other: &Self) -> bool {
        other.permissions.iter().all(|permission| self.is_about(*permission))
    }

    /// The sentence. Functions that nobody here knows are named.
    pub(super) fn text(&self) -> String {
        match self.is_about(Permission::Unknown) {
            true => format!("{} ({})", self.words, self.names()),
            false => self.words.to_owned(),
        }
    }

    /// The sentence, when its user knows it, and only the functions are new.
    pub(super) fn with_functions(&self) -> String {
        let more = if self.functions.len() == 1 { "another function" } else { "more functions" };
        format!("{}, with {more}: {}", self.words, self.names())
    }

    fn names(&self) -> String {
        let plain = |name: &&str| {
            let name = sanitize(name);
            let plain = name.split_once(']').map_or(name.as_str(), |(_, plain)| plain);
            format!("`{plain}`")
        };
        self.functions.iter().map(plain).collect::<Vec<_>>().join(", ")
    }
}

/// What these functions of a capability allow, what weighs more first.
pub(super) fn sentences<'a>(
    capability: Capability,
    functions: impl IntoIterator<Item = &'a String>,
) -> Vec<Sentence<'a>> {
    let mut by_permission: BTreeMap<Permission, Vec<&str>> = BTreeMap::new();
    for function in functions {
        by_permission.entry(permission(capability, function)).or_default().push(function);
    }
    let sentences = Permission::sentences(&by_permission.keys().copied().collect());
    let with_functions = sentences.into_iter().map(|(words, permissions)| {
        let of = permissions.iter().filter_map(|permission| by_permission.get(permission));
        let functions = of.flatten().copied().collect();
        Sentence { words, permissions, functions }
    });
    with_functions.collect()
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
pub(super) fn http(limits: &Limits, origins: &[KnownOrigin]) -> Vec<(String, String)> {
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
        return vec![any(Permission::UseOrigins.in_words().to_owned())];
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
        let words = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|it| (*it).to_owned()).collect();
            let sentences = sentences(Capability::Containers, &names);
            sentences.iter().map(Sentence::text).collect::<Vec<_>>()
        };
        let see = "may see its containers and the images of this machine";
        assert_eq!(words(&["list-containers", "[method]container.name"]), [see]);
        assert_eq!(
            words(&["stop", "logs"]),
            ["may stop the containers it started", "may read what its containers print"]
        );
        assert!(words(&["start"])[0].starts_with("may start containers, which can read"));
        assert_eq!(
            words(&["list-containers", "pause"]),
            ["may pause and resume the containers it started", see]
        );
    }

    #[test]
    fn a_function_that_is_not_known_is_named_first_and_in_the_strongest_words() {
        let names = ["start".to_owned(), "exec\u{1b}[2J".to_owned()];
        let sentences = sentences(Capability::Containers, &names);
        let text = sentences[0].text();
        assert!(text.starts_with("may do something that this `renku` does not know"), "{text}");
        assert!(text.ends_with("(`exec`)"), "{text}");
        assert_eq!(sentences.len(), 2);
    }
}
