//! Which files of the project a Dockerfile takes into its image.
//!
//! Read for one purpose, to see whether an image is up to date, so it errs on
//! one side: whatever is not understood takes everything.
//!
//! Grammar: <https://docs.docker.com/reference/dockerfile/>.

mod bases;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::files::ProjectTree;
use crate::glob::Glob;

/// What a Dockerfile takes of the context.
#[derive(Debug)]
pub(crate) enum Sources {
    /// All of it, or it cannot be said.
    Everything,
    /// What matches one of these, and all below it.
    Some(Vec<Source>),
}

/// A file, a directory or a pattern, from the root of the context.
#[derive(Debug)]
pub(crate) struct Source {
    glob: Glob,
    pattern: String,
    /// The path up to the first wildcard.
    literal: String,
}

impl Source {
    /// None when the pattern means nothing.
    fn parse(pattern: &str) -> Option<Self> {
        let (glob, pattern) = Glob::parse(pattern)?;
        let literal = pattern.split(WILDCARDS).next().unwrap_or_default().to_owned();
        Some(Self { glob, pattern, literal })
    }

    /// Exactly this path.
    fn path(path: &str) -> Self {
        Self { glob: Glob::literal(path), pattern: path.to_owned(), literal: path.to_owned() }
    }

    fn has_wildcard(&self) -> bool {
        self.literal.len() < self.pattern.len()
    }
}

/// More than any Dockerfile copies. Each is compared with every path.
const MOST: usize = 1000;

/// What begins something that is not plain text.
const WILDCARDS: [char; 4] = ['*', '?', '[', '\\'];

impl Sources {
    /// Of the text of a Dockerfile.
    pub(crate) fn of(text: &str) -> Self {
        find(text).map_or(Self::Everything, Self::Some)
    }

    /// Whether `path` is taken. `path` has slashes and begins at the root.
    pub(crate) fn take(&self, path: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Some(sources) => sources
                .iter()
                .any(|source| ancestors(path).any(|ancestor| source.glob.matches(ancestor))),
        }
    }

    /// Whether nothing is taken.
    pub(crate) fn is_empty(&self) -> bool {
        matches!(self, Self::Some(sources) if sources.is_empty())
    }

    /// Whether `path` itself is named, and not only a folder of it: then a builder takes
    /// what a link of this path points to.
    pub(crate) fn name(&self, path: &str) -> bool {
        match self {
            Self::Everything => false,
            Self::Some(sources) => sources.iter().any(|source| source.glob.matches(path)),
        }
    }

    /// Whether something below the directory `path` may be taken.
    pub(crate) fn may_take_below(&self, path: &str) -> bool {
        let Self::Some(sources) = self else { return true };
        let is_on_the_way = |source: &Source| {
            let literal = source.literal.as_str();
            let below = literal.strip_prefix(path).is_some_and(|rest| rest.starts_with('/'));
            below || (source.has_wildcard() && format!("{path}/").starts_with(literal))
        };
        sources.iter().any(is_on_the_way) || self.take(path)
    }

    /// The same, and where they lead when there are links among their folders.
    pub(crate) fn through_links(self, tree: &ProjectTree) -> Self {
        let Self::Some(mut sources) = self else { return Self::Everything };
        let mut more = Vec::new();
        for source in &sources {
            let end = match source.has_wildcard() {
                true => source.literal.rfind('/').unwrap_or_default(),
                false => source.literal.len(),
            };
            let (plain, rest) = source.pattern.split_at_checked(end).unwrap_or_default();
            match target(tree, plain) {
                Target::Same => {}
                Target::Path(real) if rest.is_empty() => more.push(Source::path(&real)),
                Target::Path(real) => {
                    let Some(source) = Source::parse(&format!("{}{rest}", escaped(&real))) else {
                        return Self::Everything;
                    };
                    more.push(source);
                }
                Target::Elsewhere => return Self::Everything,
            }
        }
        sources.extend(more);
        Self::Some(sources)
    }

    /// What `links` lead to, which are named, as far as it is not taken anyway.
    pub(crate) fn behind(&self, links: &[String], tree: &ProjectTree) -> Self {
        let mut more = Vec::new();
        for link in links {
            match target(tree, link) {
                Target::Path(real) if !self.take(&real) => more.push(Source::path(&real)),
                Target::Same | Target::Path(_) => {}
                Target::Elsewhere => return Self::Everything,
            }
        }
        Self::Some(more)
    }
}

/// Where a path of the context leads.
enum Target {
    /// There is no link, or nothing at all.
    Same,
    Path(String),
    /// Out of the project, or in a circle: builders have rules of their own for that.
    Elsewhere,
}

fn target(tree: &ProjectTree, path: &str) -> Target {
    if path.is_empty() {
        return Target::Same;
    }
    match tree.real_path(Path::new(path)) {
        Ok(None) => Target::Same,
        Ok(Some(real)) if real == Path::new(path) => Target::Same,
        Ok(Some(real)) => Target::Path(real.to_string_lossy().into_owned()),
        Err(_) => Target::Elsewhere,
    }
}

/// A path as a pattern for itself.
pub(crate) fn escaped(path: &str) -> String {
    let mut escaped = String::new();
    for c in path.chars() {
        if WILDCARDS.contains(&c) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// `a/b/c`, `a/b`, `a`.
fn ancestors(path: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(path), |path| path.rsplit_once('/').map(|(parent, _)| parent))
}

/// The images that a Dockerfile begins from; none that only the builder can name.
pub(crate) fn bases(text: &str, arguments: &BTreeMap<String, String>) -> BTreeSet<String> {
    bases::bases(&instructions(text).unwrap_or_default(), arguments)
}

/// Whether only BuildKit builds this.
pub(crate) fn needs_buildkit(text: &str) -> bool {
    let Some(all) = instructions(text) else { return true };
    text.lines().map_while(directive).any(|(name, _)| name == "syntax")
        || all.iter().any(|instruction| {
            let mut words = instruction.split_whitespace();
            let keyword = words.next().unwrap_or_default().to_ascii_uppercase();
            let has_flag = words.take_while(|word| word.starts_with("--")).any(|flag| {
                let old = [
                    "--from=",
                    "--chown=",
                    "--interval=",
                    "--timeout=",
                    "--retries=",
                    "--start-period=",
                ];
                !old.iter().any(|it| flag.starts_with(it))
            });
            has_flag
                || !here_documents(instruction).is_empty()
                || (keyword == "FROM" && instruction.contains('$'))
        })
}

/// The sources of all instructions; none when it cannot be said.
fn find(text: &str) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    for instruction in instructions(text)? {
        let (keyword, rest) =
            instruction.split_once(char::is_whitespace).unwrap_or((&instruction, ""));
        match keyword.to_ascii_uppercase().as_str() {
            "COPY" | "ADD" => sources.extend(copied(rest.trim())?),
            "RUN" => sources.extend(mounted(rest.trim())?),
            _ => {}
        }
        if sources.len() > MOST {
            return None;
        }
    }
    Some(sources)
}

/// The instructions, each on one line, without comments and the bodies of
/// here-documents. None when another program than Docker's reads this file.
fn instructions(text: &str) -> Option<Vec<String>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut escape = '\\';
    let mut lines = text.lines().peekable();
    // Directives stand before everything else, a comment included.
    while let Some((name, value)) = lines.peek().and_then(|line| directive(line)) {
        match name.as_str() {
            "escape" => escape = value.chars().next()?,
            "syntax" if !is_dockers_own(value) => return None,
            _ => {}
        }
        lines.next();
    }
    let mut all = Vec::new();
    let mut current = String::new();
    while let Some(line) = lines.next() {
        let trimmed = line.trim();
        if trimmed.starts_with('#') || (trimmed.is_empty() && !current.is_empty()) {
            continue;
        }
        if let Some(begin) = trimmed.strip_suffix(escape) {
            current.push_str(begin);
            current.push(' ');
            continue;
        }
        current.push_str(trimmed);
        let instruction = std::mem::take(&mut current);
        for (end, tabs) in here_documents(&instruction) {
            let is_end = |line: &str| {
                let line = if tabs { line.trim_start_matches('\t') } else { line };
                line == end
            };
            // One that never ends is none.
            let mut rest = lines.clone();
            if rest.by_ref().any(is_end) {
                lines = rest;
            }
        }
        all.push(instruction);
    }
    all.push(current);
    Some(all)
}

/// `# name=value`.
fn directive(line: &str) -> Option<(String, &str)> {
    let (name, value) = line.trim().strip_prefix('#')?.split_once('=')?;
    let name = name.trim().to_ascii_lowercase();
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    is_name.then_some((name, value.trim()))
}

fn is_dockers_own(syntax: &str) -> bool {
    let image = syntax.strip_prefix("docker.io/").unwrap_or(syntax);
    image.starts_with("docker/dockerfile:") || image == "docker/dockerfile"
}

/// The ends of the here-documents that an instruction begins, and whether their
/// lines may be indented with tabs (`<<-`).
fn here_documents(instruction: &str) -> Vec<(String, bool)> {
    let keyword = instruction.split_whitespace().next().unwrap_or_default();
    if !["RUN", "COPY", "ADD"].contains(&keyword.to_ascii_uppercase().as_str()) {
        return Vec::new();
    }
    words_with_quotes(instruction)
        .into_iter()
        .filter_map(|word| {
            let (before, name) = word.split_once("<<")?;
            let name = name.strip_prefix('-').map_or((name, false), |name| (name, true));
            let end = name.0.trim_matches(['"', '\'']);
            let is_name = end.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
            (is_name && before.bytes().all(|byte| byte.is_ascii_digit()))
                .then(|| (end.to_owned(), name.1))
        })
        .collect()
}

/// Words as a shell splits them, with their quotes: what stands between quotes is one.
fn words_with_quotes(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match (quote, character) {
            (None, space) if space.is_whitespace() => words.push(std::mem::take(&mut word)),
            (None, '\'' | '"') => {
                quote = Some(character);
                word.push(character);
            }
            (Some(open), close) if open == close => {
                quote = None;
                word.push(character);
            }
            (None | Some('"'), '\\') => {
                word.push(character);
                word.extend(characters.next());
            }
            _ => word.push(character),
        }
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// What `COPY` or `ADD` takes of the context.
fn copied(arguments: &str) -> Option<Vec<Source>> {
    let mut rest = arguments;
    while let Some(flag) = rest.strip_prefix("--") {
        let (flag, after) = flag.split_once(char::is_whitespace)?;
        if flag.starts_with("from=") {
            return Some(Vec::new());
        }
        rest = after.trim_start();
    }
    let words: Vec<String> = if rest.starts_with('[') {
        serde_json::from_str(rest).ok()?
    } else {
        rest.split_whitespace().map(str::to_owned).collect()
    };
    let (_target, named) = words.split_last()?;
    named
        .iter()
        .filter(|word| !is_elsewhere(word) && !word.starts_with("<<"))
        .map(|word| source(word))
        .collect()
}

/// What `RUN --mount=type=bind` shows of the context.
fn mounted(arguments: &str) -> Option<Vec<Source>> {
    let mut sources = Vec::new();
    let mut rest = arguments;
    while let Some(flag) = rest.strip_prefix("--") {
        let (flag, after) = flag.split_once(char::is_whitespace)?;
        rest = after.trim_start();
        let Some(mount) = flag.strip_prefix("mount=") else { continue };
        let option = |names: &[&str]| {
            mount.split(',').find_map(|option| {
                let (name, value) = option.split_once('=')?;
                names.contains(&name).then_some(value)
            })
        };
        if option(&["type"]).unwrap_or("bind") == "bind" && option(&["from"]).is_none() {
            sources.push(source(option(&["source", "src"]).unwrap_or("."))?);
        }
    }
    Some(sources)
}

/// A URL, which only `ADD` knows: not of the context.
fn is_elsewhere(word: &str) -> bool {
    ["http://", "https://", "ftp://", "git://", "ssh://", "git@"]
        .iter()
        .any(|scheme| word.starts_with(scheme))
}

/// None for the whole context, and for what only the builder can tell.
fn source(word: &str) -> Option<Source> {
    if word.contains(['$', '"', '\'', '\\', '`']) {
        return None;
    }
    Source::parse(word).filter(|source| !source.pattern.is_empty())
}

#[cfg(test)]
mod tests;
