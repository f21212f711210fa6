//! What the files of a crate define, what they call things of other files, and which
//! file a path leads to.

use std::collections::{BTreeMap, BTreeSet};

use super::circles::Arrows;
use super::tokens::{Token, tokens, without_tests};

/// A path inside a crate: `["login", "store"]`.
type Path = Vec<String>;

/// Words that stand before the name of an item.
const KINDS: [&str; 8] =
    ["fn", "struct", "enum", "trait", "type", "const", "static", "macro_rules"];

/// The module that a file is.
#[derive(Debug, Default)]
struct Module {
    file: String,
    items: BTreeSet<String>,
    /// Names that it has from elsewhere, and from where.
    names: BTreeMap<String, Path>,
    /// Modules whose names it has all of.
    globs: Vec<Path>,
    /// Paths that its code goes.
    paths: BTreeSet<Path>,
}

#[derive(Debug, Default)]
pub(super) struct Crate(BTreeMap<Path, Module>);

enum Found {
    Module(Path),
    Item(Path),
}

impl Crate {
    /// Of its files: paths from `src/` on, and texts.
    pub(super) fn read(files: &BTreeMap<String, String>) -> Self {
        let mut modules = BTreeMap::new();
        let mut tests = BTreeSet::new();
        for (file, text) in files {
            let path = module_of(file);
            let (code, test_modules) = without_tests(tokens(text));
            for name in test_modules {
                tests.insert(child(&path, &name));
            }
            modules.insert(path, Module::read(file, &code));
        }
        modules.retain(|path, _| !tests.iter().any(|test| path.starts_with(test)));
        Self(modules)
    }

    /// Which file uses items of which other file.
    pub(super) fn arrows(&self) -> Arrows<'_> {
        let mut all = BTreeMap::new();
        for (path, module) in &self.0 {
            let used = module.paths.iter().filter_map(|used| match self.find(path, used, 0)? {
                Found::Item(at) => Some(self.0[&at].file.as_str()),
                Found::Module(_) => None,
            });
            all.insert(
                module.file.as_str(),
                used.filter(|file| *file != module.file).collect::<BTreeSet<_>>(),
            );
        }
        all
    }

    /// What `path` means in the module `from`; none when it leads out of the crate.
    fn find(&self, from: &Path, path: &[String], depth: usize) -> Option<Found> {
        let (first, rest) = path.split_first()?;
        let mut found = match first.as_str() {
            "crate" => Found::Module(Path::new()),
            "self" => Found::Module(from.clone()),
            "super" => Found::Module(parent(from)?),
            name => self.name(from, name, !rest.is_empty(), depth)?,
        };
        for (place, name) in rest.iter().enumerate() {
            found = match found {
                // A variant, or a function of a type.
                Found::Item(_) => return Some(found),
                Found::Module(at) if name == "super" => Found::Module(parent(&at)?),
                Found::Module(at) if name == "self" => Found::Module(at),
                Found::Module(at) => self.name(&at, name, place + 1 < rest.len(), depth)?,
            };
        }
        Some(found)
    }

    /// What a name means in a module. Where `more` of the path follows, it is a module
    /// rather than a function of the same name.
    fn name(&self, at: &Path, name: &str, more: bool, depth: usize) -> Option<Found> {
        let module = self.0.get(at)?;
        if more && self.0.contains_key(&child(at, name)) {
            return Some(Found::Module(child(at, name)));
        }
        if module.items.contains(name) {
            return Some(Found::Item(at.clone()));
        }
        if self.0.contains_key(&child(at, name)) {
            return Some(Found::Module(child(at, name)));
        }
        if depth > 8 {
            return None;
        }
        if let Some(path) = module.names.get(name) {
            // `use url::Url as url` means the crate, not itself.
            return match path.first().is_some_and(|first| first == name) {
                true => None,
                false => self.find(at, path, depth + 1),
            };
        }
        let glob = |path: &Path| match self.find(at, path, depth + 1)? {
            Found::Module(path) => self.name(&path, name, more, depth + 1),
            Found::Item(_) => None,
        };
        module.globs.iter().find_map(glob)
    }
}

impl Module {
    fn read(file: &str, code: &[Token]) -> Self {
        let mut module = Self { file: file.to_owned(), ..Self::default() };
        let mut depth = 0_usize;
        let mut place = 0;
        while place < code.len() {
            match &code[place] {
                Token::Mark('{') => depth += 1,
                Token::Mark('}') => depth = depth.saturating_sub(1),
                Token::Word(word) if word == "use" && !is_mark(code, place + 1, '<') => {
                    let end = (place..code.len())
                        .find(|place| is_mark(code, *place, ';'))
                        .unwrap_or(code.len());
                    module.bind(&code[place + 1..end], &Path::new());
                    place = end;
                }
                Token::Word(word) if depth == 0 && KINDS.contains(&word.as_str()) => {
                    let name = code[place + 1..].iter().find_map(|token| match token {
                        Token::Word(name) if !KINDS.contains(&name.as_str()) => Some(name),
                        _ => None,
                    });
                    module.items.extend(name.cloned());
                }
                Token::Word(_) if place > 0 && is_mark(code, place - 1, '.') => {}
                Token::Word(_) => {
                    let (path, end) = path(code, place);
                    // `name: …` is a field, an argument or a variable.
                    if path.len() > 1 || !is_mark(code, end, ':') {
                        module.paths.insert(path);
                    }
                    place = end - 1;
                }
                _ => {}
            }
            place += 1;
        }
        module
    }

    /// Reads what stands between `use` and `;`.
    fn bind(&mut self, tree: &[Token], before: &[String]) {
        let mut at = before.to_vec();
        let mut place = 0;
        while let Some(token) = tree.get(place) {
            match token {
                Token::Mark('{') => {
                    for branch in branches(&tree[place + 1..]) {
                        self.bind(branch, &at);
                    }
                    return;
                }
                Token::Mark('*') => {
                    self.globs.push(at);
                    return;
                }
                Token::Word(word) if word == "as" => {
                    match tree.get(place + 1) {
                        // A trait for its methods.
                        Some(Token::Word(name)) if name == "_" => drop(self.paths.insert(at)),
                        Some(Token::Word(name)) => drop(self.names.insert(name.clone(), at)),
                        _ => {}
                    }
                    return;
                }
                Token::Word(word) if word == "self" && !at.is_empty() => {}
                Token::Word(word) => at.push(word.clone()),
                _ => {}
            }
            place += 1;
        }
        if let Some(name) = at.last().cloned() {
            self.names.insert(name, at);
        }
    }
}

/// `a, b::{c, d}}…` to `a` and `b::{c, d}`.
fn branches(tokens: &[Token]) -> Vec<&[Token]> {
    let mut all = Vec::new();
    let (mut begin, mut depth) = (0, 0_usize);
    for (place, token) in tokens.iter().enumerate() {
        match token {
            Token::Mark('{') => depth += 1,
            Token::Mark('}') if depth == 0 => {
                all.push(&tokens[begin..place]);
                break;
            }
            Token::Mark('}') => depth -= 1,
            Token::Mark(',') if depth == 0 => {
                all.push(&tokens[begin..place]);
                begin = place + 1;
            }
            _ => {}
        }
    }
    all.retain(|branch| !branch.is_empty());
    all
}

/// The path that begins here, and where it ends.
fn path(code: &[Token], mut place: usize) -> (Path, usize) {
    let mut path = Path::new();
    while let Some(Token::Word(word)) = code.get(place) {
        path.push(word.clone());
        place += 1;
        match (code.get(place), code.get(place + 1)) {
            (Some(Token::Colons), Some(Token::Word(_))) => place += 1,
            _ => break,
        }
    }
    (path, place)
}

fn is_mark(code: &[Token], place: usize, mark: char) -> bool {
    code.get(place) == Some(&Token::Mark(mark))
}

fn child(path: &Path, name: &str) -> Path {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

fn parent(path: &Path) -> Option<Path> {
    Some(path.split_last()?.1.to_vec())
}

/// `login/mod.rs` and `login.rs` are `login`.
fn module_of(file: &str) -> Path {
    let file = file.trim_end_matches(".rs");
    let mut path: Path = file.split('/').map(str::to_owned).collect();
    if path.last().is_some_and(|last| ["lib", "main", "mod"].contains(&last.as_str())) {
        path.pop();
    }
    path
}
