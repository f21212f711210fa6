//! Patterns for paths, as `.dockerignore` and `COPY` have them, matched in a time that
//! grows with pattern times path and never faster: they come with a project.
//!
//! Rules: Go's `filepath.Match`, and `**` as Docker adds it (`moby/patternmatcher`).

/// A pattern for paths.
#[derive(Debug)]
pub(crate) struct Glob(Vec<Step>);

/// What a pattern does next. A path matches when the last step is behind it.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Literal(char),
    /// `?`: one character but a slash.
    AnyCharacter,
    /// `[a-z]`: ranges, and whether they are negated.
    Class(Vec<(char, char)>, bool),
    /// `*`: anything without a slash, or nothing.
    Star,
    /// `**` at the end, or before plain characters alone: anything, or nothing.
    Everything,
    /// `**/`: nothing, or as the next step says.
    Optional,
    /// Anything up to a slash; behind one it may go on.
    Folders,
}

impl Glob {
    /// A pattern, and how it is written without `.`, `..` and outer slashes; none
    /// when it means nothing.
    pub(crate) fn parse(pattern: &str) -> Option<(Self, String)> {
        let pattern = normalise(pattern);
        Some((Self(steps(&pattern)?), pattern))
    }

    /// A pattern for exactly this path.
    pub(crate) fn literal(path: &str) -> Self {
        Self(path.chars().map(Step::Literal).collect())
    }

    /// Whether the whole of `path` matches.
    pub(crate) fn matches(&self, path: &str) -> bool {
        let (mut now, mut next) = (Active::none(&self.0), Active::none(&self.0));
        now.enter(0);
        for c in path.chars() {
            if now.places.is_empty() {
                return false;
            }
            now.take(c, &mut next);
            std::mem::swap(&mut now, &mut next);
            next.clear();
        }
        now.is_at_the_end()
    }
}

/// The steps that may come next, each once: all ways through the pattern at the same time.
struct Active<'a> {
    steps: &'a [Step],
    places: Vec<usize>,
    known: Vec<bool>,
}

impl<'a> Active<'a> {
    fn none(steps: &'a [Step]) -> Self {
        Self { steps, places: Vec::new(), known: vec![false; steps.len() + 1] }
    }

    fn is_at_the_end(&self) -> bool {
        self.known.last().is_some_and(|known| *known)
    }

    fn clear(&mut self) {
        for place in self.places.drain(..) {
            if let Some(known) = self.known.get_mut(place) {
                *known = false;
            }
        }
    }

    fn add(&mut self, place: usize) -> bool {
        let Some(known) = self.known.get_mut(place) else { return false };
        let is_new = !std::mem::replace(known, true);
        if is_new {
            self.places.push(place);
        }
        is_new
    }

    /// Comes to a step, and past it as far as it may stand for nothing.
    fn enter(&mut self, mut place: usize) {
        while self.add(place) {
            match self.steps.get(place) {
                Some(Step::Star | Step::Everything) => place += 1,
                Some(Step::Optional) => {
                    self.add(place + 1);
                    place += 2;
                }
                _ => return,
            }
        }
    }

    /// Puts into `next` what may come after the character `c`.
    fn take(&self, c: char, next: &mut Self) {
        for place in &self.places {
            let Some(step) = self.steps.get(*place) else { continue };
            match step {
                Step::Literal(wanted) if c == *wanted => next.enter(place + 1),
                Step::AnyCharacter if c != '/' => next.enter(place + 1),
                Step::Class(ranges, negated) => {
                    let is_in = ranges.iter().any(|(low, high)| (*low..=*high).contains(&c));
                    if is_in != *negated {
                        next.enter(place + 1);
                    }
                }
                Step::Star if c != '/' => next.enter(*place),
                Step::Everything => next.enter(*place),
                Step::Folders => {
                    next.add(*place);
                    if c == '/' {
                        next.enter(place + 1);
                    }
                }
                Step::Literal(_) | Step::AnyCharacter | Step::Star | Step::Optional => {}
            }
        }
    }
}

/// Without `.`, `..`, double and outer slashes, as Go's `filepath.Clean`.
fn normalise(pattern: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in pattern.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// None when a class has no end or a backslash nothing to escape.
fn steps(pattern: &str) -> Option<Vec<Step>> {
    // `**.txt` is a special case of Docker's: any path that ends so.
    if let Some(end) = pattern.strip_prefix("**")
        && !end.is_empty()
        && !end.starts_with('/')
        && !end.contains(['*', '?', '[', ']', '\\'])
    {
        return Some(
            std::iter::once(Step::Everything).chain(end.chars().map(Step::Literal)).collect(),
        );
    }
    let mut steps = Vec::new();
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        let step = match c {
            '*' if chars.next_if_eq(&'*').is_some() => {
                let _ = chars.next_if_eq(&'/');
                if chars.peek().is_none() {
                    Step::Everything
                } else if steps.ends_with(&[Step::Optional, Step::Folders]) {
                    // Twice is once, and a thousand times would be as many ways.
                    continue;
                } else {
                    steps.push(Step::Optional);
                    Step::Folders
                }
            }
            '*' => Step::Star,
            '?' => Step::AnyCharacter,
            '\\' => Step::Literal(chars.next()?),
            '[' => class(&mut chars)?,
            c => Step::Literal(c),
        };
        steps.push(step);
    }
    Some(steps)
}

fn class(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<Step> {
    let negated = chars.next_if_eq(&'^').is_some();
    let mut ranges = Vec::new();
    loop {
        if !ranges.is_empty() && chars.next_if_eq(&']').is_some() {
            return Some(Step::Class(ranges, negated));
        }
        let low = bound(chars)?;
        let high = if chars.next_if_eq(&'-').is_some() { bound(chars)? } else { low };
        if low > high {
            return None;
        }
        ranges.push((low, high));
    }
}

/// One end of a range; `-` and `]` are written with a backslash.
fn bound(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Option<char> {
    match chars.next()? {
        '-' | ']' => None,
        '\\' => chars.next(),
        c => Some(c),
    }
}

#[cfg(test)]
mod tests;
