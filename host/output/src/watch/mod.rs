//! Sessions that are shown again whenever they change: drawn anew on a terminal,
//! appended elsewhere.

use jiff::tz::TimeZone;

use super::document::Content;
use super::format::Format;
use super::printer::Printer;
use super::sessions;
use super::time_zone::local_zone;
use super::view::View;
use super::warning::Warning;
use crate::domain::{Session, SessionStatus};

/// A list that goes on.
pub struct Watch<'a> {
    printer: &'a Printer,
    view: View,
    zone: Option<TimeZone>,
    /// What was shown last: nothing before the first time.
    last: Option<(Vec<Session>, Vec<Warning>)>,
    /// What stands on the terminal, and its width then.
    drawn: Option<(String, u16)>,
}

impl Printer {
    /// A list of sessions for as long as it is watched.
    #[must_use]
    pub fn watch(&self, view: View) -> Watch<'_> {
        Watch::new(self, view)
    }
}

impl<'a> Watch<'a> {
    fn new(printer: &'a Printer, view: View) -> Self {
        Self { printer, view, zone: None, last: None, drawn: None }
    }

    /// Whether it draws anew what it showed before, which takes a terminal and a
    /// format for people.
    #[must_use]
    pub fn redraws(&self) -> bool {
        self.printer.data_is_terminal()
            && !self.view.names_only
            && matches!(self.printer.format(), Format::Table | Format::Log)
    }

    /// Shows the sessions there are now, if anything is new.
    pub fn show(&mut self, found: Vec<Session>, warnings: &[Warning]) {
        let mut found: Vec<_> = found.into_iter().map(sessions::harmless).collect();
        sessions::sort(&mut found);
        if self.redraws() {
            self.draw(&found, warnings);
        } else {
            self.append(&found, warnings);
        }
        self.last = Some((found, warnings.to_vec()));
    }

    /// The whole picture.
    fn draw(&mut self, found: &[Session], warnings: &[Warning]) {
        let zone = self.zone.get_or_insert_with(local_zone);
        let mut frame = match self.printer.format() {
            Format::Log => sessions::log(found),
            _ if found.is_empty() && warnings.is_empty() => {
                format!("{}\n", self.view.nothing())
            }
            _ if found.is_empty() => String::new(),
            _ => sessions::table(found, &self.view, self.printer.width(), zone),
        };
        for warning in warnings {
            frame.push_str(&warning.text(self.printer.data_look()));
            frame.push('\n');
        }
        let (rows, columns) = self.printer.size();
        let before = match &self.drawn {
            Some((text, width)) if *text == frame && *width == columns => return,
            // The cursor to the first line of what stands there, and everything
            // below it erased (CUU, ED; ECMA-48 §8.3).
            Some((text, _)) => match lines_on_screen(text, columns) {
                lines if lines < usize::from(rows) => format!("\r\u{1b}[{lines}A\u{1b}[J"),
                // Its beginning has left the screen.
                _ => "\u{1b}[H\u{1b}[2J".to_owned(),
            },
            None => String::new(),
        };
        self.printer.data().text(&format!("{before}{frame}"));
        self.drawn = Some((frame, columns));
    }

    /// Only what is new.
    fn append(&mut self, found: &[Session], warnings: &[Warning]) {
        let (known, told) = match &self.last {
            Some((sessions, warnings)) => (sessions.as_slice(), warnings.as_slice()),
            None => (&[][..], &[][..]),
        };
        let first = self.last.is_none();
        for warning in warnings.iter().filter(|warning| !told.contains(warning)) {
            self.printer.warn(warning);
        }
        if !first && known == found && told == warnings {
            return;
        }
        let content = Content::Sessions { sessions: found, warnings };
        if !self.view.names_only
            && let Some(piece) = self.printer.piece(content)
        {
            return self.printer.data().text(&piece);
        }
        let new = changes(known, found);
        let zone = self.zone.get_or_insert_with(local_zone);
        let text = match self.printer.format() {
            _ if self.view.names_only => sessions::names(&new),
            Format::Tsv => sessions::tsv(&new, &self.view),
            Format::Log => sessions::log(&new),
            _ if new.is_empty() => String::new(),
            _ if first => sessions::table(&new, &self.view, None, zone),
            _ => sessions::rows(&new, &self.view, zone),
        };
        self.printer.data().text(&text);
    }
}

/// What differs from before; a session that is gone is a stopped one.
fn changes(before: &[Session], now: &[Session]) -> Vec<Session> {
    let gone = before
        .iter()
        .filter(|old| !now.iter().any(|new| new.name == old.name && new.provider == old.provider))
        .map(|old| Session {
            status: SessionStatus::Stopped,
            url: None,
            ports: Vec::new(),
            reason: None,
            ..old.clone()
        });
    gone.chain(now.iter().filter(|new| !before.contains(new)).cloned()).collect()
}

/// How many lines of a terminal of `columns` a text fills.
fn lines_on_screen(text: &str, columns: u16) -> usize {
    let columns = usize::from(columns.max(1));
    text.lines().map(|line| console::measure_text_width(line).div_ceil(columns).max(1)).sum()
}

#[cfg(test)]
mod tests;
