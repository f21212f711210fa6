//! The targets, by name.

mod archive;
mod builder;
mod component;
mod config;
mod dockerfile;
mod engine;
mod git_config;
mod header;
mod ignore_file;
mod image;
mod image_name;
mod ini;
mod layer;
mod manifest;
mod path;
mod redirect;
mod registry;
mod repository;
mod size;
mod state_file;
mod tar;
mod text;

/// One parser, and what must hold of its answers.
#[derive(Debug)]
pub struct Target {
    /// What it is called on the command line, and the folder of its kept inputs.
    pub name: &'static str,
    check: fn(&[u8]),
}

impl Target {
    /// Gives one input to the parser.
    ///
    /// # Panics
    ///
    /// When what must hold does not.
    pub fn run(&self, bytes: &[u8]) {
        (self.check)(bytes);
    }
}

/// All of them.
pub const TARGETS: [Target; 21] = [
    Target { name: "archive", check: archive::check },
    Target { name: "builder", check: builder::check },
    Target { name: "component", check: component::check },
    Target { name: "config", check: config::check },
    Target { name: "dockerfile", check: dockerfile::check },
    Target { name: "engine", check: engine::check },
    Target { name: "git-config", check: git_config::check },
    Target { name: "header", check: header::check },
    Target { name: "ignore-file", check: ignore_file::check },
    Target { name: "image", check: image::check },
    Target { name: "image-name", check: image_name::check },
    Target { name: "ini", check: ini::check },
    Target { name: "layer", check: layer::check },
    Target { name: "manifest", check: manifest::check },
    Target { name: "path", check: path::check },
    Target { name: "redirect", check: redirect::check },
    Target { name: "registry", check: registry::check },
    Target { name: "repository", check: repository::check },
    Target { name: "size", check: size::check },
    Target { name: "state-file", check: state_file::check },
    Target { name: "text", check: text::check },
];

/// The target of this name.
#[must_use]
pub fn find(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// An input as text; parsers of text get nothing else.
fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

/// The parts of an input that a zero byte divides, for parsers that take several.
fn parts(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    bytes.split(|byte| *byte == 0)
}

/// The same as texts; none when one is no text or there are fewer than `N`.
fn texts<const N: usize>(bytes: &[u8]) -> Option<[&str; N]> {
    let mut all = parts(bytes).map(text);
    let mut found = [""; N];
    for place in &mut found {
        *place = all.next()??;
    }
    Some(found)
}
