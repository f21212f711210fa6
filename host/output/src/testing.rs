//! Streams for tests: one that remembers, one that fails.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use super::data::Data;
use super::format::Format;
use super::printer::Printer;
use super::screen::Screen;
use super::style::Style;

/// Remembers what was written.
#[derive(Clone, Default)]
pub(crate) struct Recorded(Arc<Mutex<Vec<u8>>>);

impl Recorded {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.0.lock().unwrap().clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).unwrap()
    }
}

impl Write for Recorded {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn yaml(value: &serde_json::Value) -> Option<String> {
    serde_yaml::to_string(value).ok()
}

/// Fails at every write.
pub(crate) struct Failing(pub(crate) io::ErrorKind);

impl Write for Failing {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(self.0.into())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A printer into memory: its standard output, its standard error.
pub(crate) fn printer(format: Format) -> (Printer, Recorded, Recorded) {
    let (out, err) = (Recorded::default(), Recorded::default());
    let data = Data::new(Box::new(out.clone()), Style::PLAIN);
    let screen = Arc::new(Screen::new(Box::new(err.clone()), Style::PLAIN));
    (Printer::to(format, 0, yaml, data, screen), out, err)
}

/// A printer whose standard output is a terminal, into memory.
pub(crate) fn terminal(format: Format, out: &Recorded, style: Style) -> Printer {
    let style = Style { terminal: true, ..style };
    let data = Data::new(Box::new(out.clone()), style);
    let screen = Arc::new(Screen::new(Box::new(Recorded::default()), Style::PLAIN));
    Printer::to(format, 0, yaml, data, screen)
}
