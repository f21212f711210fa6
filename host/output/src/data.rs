//! Standard output: results, and nothing else.

use std::io::{self, ErrorKind, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::style::Style;
use crate::domain::Sanitizer;

/// Where results go. Clones write to the same place.
#[derive(Clone)]
pub struct Data {
    shared: Arc<Mutex<Shared>>,
    pub(super) style: Style,
}

struct Shared {
    sink: Box<dyn Write + Send>,
    /// The first failure; later ones follow from it.
    failure: Option<ErrorKind>,
    /// What makes a log harmless on a terminal.
    sanitizer: Sanitizer,
    /// The beginning of a character that the next piece of a log ends.
    partial: Vec<u8>,
}

impl Data {
    /// The standard output of this process.
    pub(super) fn standard() -> Self {
        Self::new(Box::new(io::stdout()), Style::of(&io::stdout()))
    }

    pub(super) fn new(sink: Box<dyn Write + Send>, style: Style) -> Self {
        let shared =
            Shared { sink, failure: None, sanitizer: Sanitizer::new(true), partial: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), style }
    }

    /// Writes a piece of a log at once: as it is, but harmless on a terminal.
    ///
    /// # Errors
    ///
    /// When nobody reads any more, or the medium is full.
    pub fn write(&self, bytes: &[u8]) -> io::Result<()> {
        let mut shared = self.lock();
        if !self.style.terminal {
            return shared.put(bytes);
        }
        let text = shared.clean(bytes);
        shared.put(text.as_bytes())
    }

    /// Whether the reader went away (`| head`), which is no failure: it has
    /// seen enough.
    #[must_use]
    pub fn closed(&self) -> bool {
        self.lock().failure == Some(ErrorKind::BrokenPipe)
    }

    /// Why results were lost; none when they were not, or nobody wants them.
    pub(super) fn failure(&self) -> Option<ErrorKind> {
        self.lock().failure.filter(|kind| *kind != ErrorKind::BrokenPipe)
    }

    /// Writes a whole result, which is already harmless. A failure is kept for
    /// [`Self::failure`].
    pub(super) fn text(&self, text: &str) {
        let _ = self.lock().put(text.as_bytes());
    }

    fn lock(&self) -> MutexGuard<'_, Shared> {
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Shared {
    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        let result = self.sink.write_all(bytes).and_then(|()| self.sink.flush());
        if let Err(error) = &result {
            self.failure.get_or_insert(error.kind());
        }
        result
    }

    /// The text in these bytes, invalid UTF-8 replaced, sequences removed.
    fn clean(&mut self, bytes: &[u8]) -> String {
        let mut all = std::mem::take(&mut self.partial);
        all.extend_from_slice(bytes);
        let mut text = String::with_capacity(all.len());
        let mut chunks = all.utf8_chunks().peekable();
        while let Some(chunk) = chunks.next() {
            for character in chunk.valid().chars() {
                self.sanitizer.push(character, &mut text);
            }
            let last = chunks.peek().is_none();
            match chunk.invalid() {
                [] => {}
                // Up to three bytes can be the beginning of a character.
                invalid if last && begins_character(invalid) => self.partial = invalid.to_vec(),
                _ => text.push(char::REPLACEMENT_CHARACTER),
            }
        }
        text
    }
}

fn begins_character(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err_and(|error| error.error_len().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Failing, Recorded};

    const TERMINAL: Style = Style { terminal: true, colour: true, unicode: true };

    #[test]
    fn a_pipe_gets_a_log_as_it_is() {
        let recorded = Recorded::default();
        let data = Data::new(Box::new(recorded.clone()), Style::PLAIN);
        data.write(b"a\x1b[31mb\xff").unwrap();
        assert_eq!(recorded.bytes(), b"a\x1b[31mb\xff");
    }

    #[test]
    fn a_terminal_gets_a_harmless_log_also_across_pieces() {
        let recorded = Recorded::default();
        let data = Data::new(Box::new(recorded.clone()), TERMINAL);
        for piece in ["a\u{1b}[3".as_bytes(), b"1mb\xc3", b"\xa9\xff\n", b"\xe2\x9c"] {
            data.write(piece).unwrap();
        }
        assert_eq!(recorded.text(), "abé\u{fffd}\n");
    }

    #[test]
    fn a_reader_that_leaves_is_no_failure() {
        let data = Data::new(Box::new(Failing(ErrorKind::BrokenPipe)), Style::PLAIN);
        data.text("x");
        assert!(data.closed());
        assert_eq!(data.failure(), None);
    }

    #[test]
    fn a_full_disk_is_a_failure() {
        let data = Data::new(Box::new(Failing(ErrorKind::StorageFull)), Style::PLAIN);
        data.text("x");
        assert!(!data.closed());
        assert_eq!(data.failure(), Some(ErrorKind::StorageFull));
    }
}
