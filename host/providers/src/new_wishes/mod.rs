//! What a version of a provider wants beyond what its user was asked about before.
//!
//! It is compared with the version before, function by function, where that is known:
//! what that version wanted and did not get is not new. Else with what was granted.

use std::collections::BTreeSet;

use super::about::About;
use super::grants::Grant;
use super::limits::Limits;
use super::permission_text::{ANY_ORIGIN, KnownOrigin, http, key_of_origin, patterns, sentences};
use crate::domain::size_in_words;
use crate::sandbox::{Capability, Permission};

/// What is new, one line each, and what a "yes" to it changes.
#[derive(Debug, Default, PartialEq)]
pub struct NewWishes {
    lines: Vec<String>,
    /// What is not new, or nobody knows whether it is.
    rest: Vec<String>,
    reasons: Vec<String>,
    capabilities: BTreeSet<Capability>,
    origins: bool,
    images: bool,
    cpu: bool,
    memory: bool,
}

/// What the user was asked about before.
struct Before<'a> {
    /// Functions of a capability that were part of the question.
    functions: &'a dyn Fn(Capability, &str) -> bool,
    /// Keys of origins.
    origin: &'a dyn Fn(&str) -> bool,
    /// Limits of containers, and whether to lose one counts as new.
    limits: Option<(&'a Limits, bool)>,
}

impl NewWishes {
    /// Of `now` beside the version `before`.
    #[must_use]
    pub fn since(before: &About, now: &About, origins: &[KnownOrigin]) -> Self {
        let limits = Limits::wished(&before.manifest);
        let imports = |capability: Capability| before.imports.get(&capability);
        let keys: BTreeSet<String> = match imports(Capability::Http) {
            Some(_) => http(&limits, origins).into_iter().map(|(key, _)| key).collect(),
            None => BTreeSet::new(),
        };
        let before = Before {
            functions: &|capability, function| {
                imports(capability).is_some_and(|it| it.iter().any(|name| name == function))
            },
            origin: &|key| keys.contains(key) || keys.contains(ANY_ORIGIN),
            limits: imports(Capability::Containers).map(|_| (&limits, true)),
        };
        Self::of(now, origins, &before)
    }

    /// Of `now` beside what an earlier version was granted. Of limits that it does
    /// not speak of, those of the grant go on. Which functions that version had nobody
    /// knows any more, so all that this one could do is shown beside what is new.
    #[must_use]
    pub fn beyond(grant: &Grant, now: &About, origins: &[KnownOrigin]) -> Self {
        let limits = grant.limits();
        let has = |capability| grant.capabilities.contains(&capability);
        let may_talk: BTreeSet<String> =
            limits.origins.iter().map(|name| key_of_origin(name)).collect();
        let before = Before {
            functions: &|capability, _| has(capability),
            origin: &|key| {
                let any = may_talk.is_empty() || key == ANY_ORIGIN;
                has(Capability::Http) && (any || may_talk.contains(key))
            },
            limits: has(Capability::Containers).then_some((&limits, false)),
        };
        let mut new_wishes = Self::of(now, origins, &before);
        let all = now.lines(&Limits::wished(&now.manifest), origins).into_iter();
        new_wishes.rest =
            all.map(|line| line.text).filter(|text| !new_wishes.lines.contains(text)).collect();
        new_wishes
    }

    fn of(now: &About, origins: &[KnownOrigin], before: &Before<'_>) -> Self {
        let wished = Limits::wished(&now.manifest);
        let mut new_wishes = Self::default();
        for (capability, functions) in now.asked() {
            let (known, new): (Vec<_>, Vec<_>) =
                functions.iter().partition(|name| (before.functions)(capability, name));
            let mut lines = Vec::new();
            if capability == Capability::Http {
                let all = http(&wished, origins).into_iter();
                lines.extend(all.filter(|(key, _)| !(before.origin)(key)).map(|(_, text)| text));
                new_wishes.origins = !lines.is_empty();
            }
            let known = sentences(capability, known);
            for sentence in sentences(capability, new) {
                let is_known = known.iter().any(|other| other.covers(&sentence));
                if sentence.is_about(Permission::UseOrigins) && !lines.is_empty() {
                    continue;
                }
                lines.push(if is_known { sentence.with_functions() } else { sentence.text() });
            }
            if !lines.is_empty() {
                new_wishes.capabilities.insert(capability);
                new_wishes.lines.extend(lines);
            }
        }
        new_wishes.reasons = now.reasons(|it| new_wishes.capabilities.contains(&it));
        if let Some((before, losing)) = before.limits.filter(|_| !wished_no_containers(now)) {
            new_wishes.compare(before, &wished, losing);
        }
        new_wishes
    }

    fn compare(&mut self, before: &Limits, now: &Limits, losing: bool) {
        if !before.images.is_empty() {
            let more: Vec<String> =
                now.images.iter().filter(|it| !before.images.contains(it)).cloned().collect();
            self.images = !more.is_empty() || (losing && now.images.is_empty());
            if self.images {
                self.lines.push(match more.is_empty() {
                    true => "may start any image".into(),
                    false => format!("may start images like {}", patterns(&more)),
                });
            }
        }
        self.cpu = grew(before.max_cpu, now.max_cpu, losing);
        if self.cpu {
            let most = now.max_cpu.map_or_else(|| "any number of".into(), |cpu| format!("{cpu}"));
            self.lines.push(format!("may use {most} CPUs for a container"));
        }
        self.memory = grew(before.max_memory, now.max_memory, losing);
        if self.memory {
            let most = now.max_memory.map_or_else(|| "any amount".into(), size_in_words);
            self.lines.push(format!("may use {most} of memory for a container"));
        }
    }

    /// In words: what is new, what else there is, then the reasons for what is new.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let new = self.lines.iter().map(|line| format!("new: {line}"));
        new.chain(self.rest.iter().chain(&self.reasons).cloned()).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What `now` may do when its user says yes to the news: what the version
    /// before might, and these. Limits that they do not touch go on.
    #[must_use]
    pub fn granted(&self, before: &Grant, now: &About) -> Grant {
        let wished = Limits::wished(&now.manifest);
        let is_new = |capability| {
            self.capabilities.contains(&capability) && !before.capabilities.contains(&capability)
        };
        let containers = is_new(Capability::Containers);
        let mut grant =
            Grant { digest: now.digest, version: now.version.clone(), ..before.clone() };
        grant.capabilities.extend(&self.capabilities);
        if is_new(Capability::Http) || (self.origins && !before.origins.is_empty()) {
            grant.origins = wished.origins;
        }
        if self.images || containers {
            grant.images = wished.images;
        }
        if self.cpu || containers {
            grant.max_cpu = wished.max_cpu;
        }
        if self.memory || containers {
            grant.max_memory = wished.max_memory;
        }
        grant
    }
}

fn wished_no_containers(now: &About) -> bool {
    !now.imports.contains_key(&Capability::Containers)
}

fn grew<T: PartialOrd>(before: Option<T>, now: Option<T>, losing: bool) -> bool {
    match (before, now) {
        (Some(before), Some(now)) => now > before,
        (Some(_), None) => losing,
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests;
