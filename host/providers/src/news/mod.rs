//! What a version of a provider wants beyond what its user was asked about before.
//!
//! Compared is with the version before where it is known: what it wanted and did
//! not get is no news. Else with what was granted.

use std::collections::BTreeSet;

use super::describe::Description;
use super::grants::Grant;
use super::limits::Limits;
use super::wording::{ANY_ORIGIN, KnownOrigin, LIMITS, Line, key_of_origin, patterns};
use crate::domain::size_in_words;
use crate::sandbox::Capability;

/// What is new, one line each, and what a "yes" to it changes.
#[derive(Debug, Default, PartialEq)]
pub struct News {
    lines: Vec<String>,
    reasons: Vec<String>,
    capabilities: BTreeSet<Capability>,
    images: bool,
    cpu: bool,
    memory: bool,
}

impl News {
    /// Of `now` beside the version `before`.
    #[must_use]
    pub fn since(before: &Description, now: &Description, origins: &[KnownOrigin]) -> Self {
        let limits = Limits::wished(&before.manifest);
        let known: BTreeSet<String> =
            before.lines(&limits, origins).into_iter().map(|line| line.key).collect();
        let is_known = |line: &Line| {
            known.contains(&line.key)
                || (line.capability == Capability::Http && known.contains(ANY_ORIGIN))
        };
        let had_containers = before.imports.contains_key(&Capability::Containers);
        Self::of(now, origins, is_known, had_containers.then_some((&limits, true)))
    }

    /// Of `now` beside what an earlier version was granted. Of limits that it does
    /// not speak of, those of the grant go on.
    #[must_use]
    pub fn beyond(grant: &Grant, now: &Description, origins: &[KnownOrigin]) -> Self {
        let limits = Limits::granted(grant);
        let may_talk: BTreeSet<String> =
            limits.origins.iter().map(|name| key_of_origin(name)).collect();
        let is_known = |line: &Line| {
            let any = may_talk.is_empty()
                || line.capability != Capability::Http
                || line.key == ANY_ORIGIN;
            grant.capabilities.contains(&line.capability) && (any || may_talk.contains(&line.key))
        };
        let had_containers = grant.capabilities.contains(&Capability::Containers);
        Self::of(now, origins, is_known, had_containers.then_some((&limits, false)))
    }

    /// `before` are the limits of containers, and whether to lose one is news.
    fn of(
        now: &Description,
        origins: &[KnownOrigin],
        is_known: impl Fn(&Line) -> bool,
        before: Option<(&Limits, bool)>,
    ) -> Self {
        let wished = Limits::wished(&now.manifest);
        let mut news = Self::default();
        for line in now.lines(&wished, origins) {
            if line.key != LIMITS && !is_known(&line) {
                news.capabilities.insert(line.capability);
                news.lines.push(line.text);
            }
        }
        news.reasons = now.reasons(|it| news.capabilities.contains(&it));
        if let Some((before, losing)) = before.filter(|_| !wished_no_containers(now)) {
            news.compare(before, &wished, losing);
        }
        news
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

    /// In words: what is new, then the reasons for it.
    #[must_use]
    pub fn in_words(&self) -> Vec<String> {
        let new = self.lines.iter().map(|line| format!("new: {line}"));
        new.chain(self.reasons.iter().cloned()).collect()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// What `now` may do when its user says yes to the news: what the version
    /// before might, and these. Limits that they do not touch go on.
    #[must_use]
    pub fn granted(&self, before: &Grant, now: &Description) -> Grant {
        let wished = Limits::wished(&now.manifest);
        let is_new = |capability| {
            self.capabilities.contains(&capability) && !before.capabilities.contains(&capability)
        };
        let containers = is_new(Capability::Containers);
        let mut grant =
            Grant { digest: now.digest, version: now.version.clone(), ..before.clone() };
        grant.capabilities.extend(&self.capabilities);
        let may_talk_more = !before.origins.is_empty() || is_new(Capability::Http);
        if self.capabilities.contains(&Capability::Http) && may_talk_more {
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

fn wished_no_containers(now: &Description) -> bool {
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
