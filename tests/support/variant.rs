//! Providers for tests that differ in what they say about themselves: a fixture
//! with other custom sections.
//!
//! A component is a header and a sequence of sections, each an id, a length and
//! its bytes; custom sections have the id 0 and begin with their name (component
//! model, Binary.md).

use std::path::Path;

/// A fixture that says something else about itself.
pub struct Variant {
    header: Vec<u8>,
    /// Sections without a name, and custom ones with theirs; in order.
    sections: Vec<(Option<String>, Vec<u8>)>,
}

impl Variant {
    /// As `cargo xtask build` made it.
    ///
    /// # Panics
    ///
    /// When there is no such fixture.
    #[must_use]
    pub fn of(fixture: &str) -> Self {
        Self::at(crate::fixture(fixture))
    }

    /// A provider in a file.
    ///
    /// # Panics
    ///
    /// When there is no such file.
    #[must_use]
    pub fn at(path: impl AsRef<Path>) -> Self {
        let bytes = std::fs::read(path).unwrap();
        let (header, mut rest) = bytes.split_at(8);
        let mut sections = Vec::new();
        while let Some((id, after)) = rest.split_first() {
            let (length, after) = read_length(after);
            let (body, after) = after.split_at(length);
            let name = (*id == 0).then(|| {
                let (length, text) = read_length(body);
                String::from_utf8(text[..length].to_vec()).unwrap()
            });
            sections.push((name, section(*id, body)));
            rest = after;
        }
        Self { header: header.to_vec(), sections }
    }

    /// With this custom section instead of the one of the same name.
    #[must_use]
    pub fn section(mut self, name: &str, content: &[u8]) -> Self {
        self = self.without(name);
        let mut body = text(name);
        body.extend(content);
        self.sections.push((Some(name.to_owned()), section(0, &body)));
        self
    }

    /// Without this custom section.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.sections.retain(|(other, _)| other.as_deref() != Some(name));
        self
    }

    #[must_use]
    pub fn version(self, version: &str) -> Self {
        self.section("version", version.as_bytes())
    }

    #[must_use]
    pub fn named(self, name: &str) -> Self {
        let content = section(0, &text(name));
        self.section("component-name", &content)
    }

    #[must_use]
    pub fn manifest(self, manifest: &serde_json::Value) -> Self {
        let content = serde_json::to_vec(manifest).unwrap();
        self.section("renku:manifest", &content)
    }

    /// With other bytes of the same length in the one place where these are.
    ///
    /// # Panics
    ///
    /// When there is no such place, or more than one.
    #[must_use]
    pub fn overwritten(mut self, from: &[u8], to: &[u8]) -> Self {
        assert_eq!(from.len(), to.len());
        let mut places = 0;
        for (_, bytes) in &mut self.sections {
            while let Some(place) = bytes.windows(from.len()).position(|window| window == from) {
                bytes[place..place + to.len()].copy_from_slice(to);
                places += 1;
            }
        }
        assert_eq!(places, 1, "`{}`", String::from_utf8_lossy(from));
        self
    }

    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        let sections = self.sections.iter().flat_map(|(_, bytes)| bytes);
        self.header.iter().chain(sections).copied().collect()
    }

    /// Writes it into `folder`, and gives its path.
    #[must_use]
    pub fn write(&self, folder: &Path, file: &str) -> String {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, self.bytes()).unwrap();
        path.display().to_string()
    }
}

fn section(id: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = vec![id];
    bytes.extend(length(body.len()));
    bytes.extend(body);
    bytes
}

fn text(text: &str) -> Vec<u8> {
    let mut bytes = length(text.len());
    bytes.extend(text.as_bytes());
    bytes
}

/// Unsigned LEB128.
fn length(mut value: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (value & 0x7f) as u8;
        value >>= 7;
        if value == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}

fn read_length(bytes: &[u8]) -> (usize, &[u8]) {
    let mut value = 0;
    for (index, byte) in bytes.iter().enumerate() {
        value |= usize::from(byte & 0x7f) << (7 * index);
        if byte & 0x80 == 0 {
            return (value, &bytes[index + 1..]);
        }
    }
    panic!("a length without an end");
}
