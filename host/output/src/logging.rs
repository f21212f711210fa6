//! `-v` and `-vv`: what the program itself is doing, on standard error.
//!
//! Only this crate's events are shown: those of libraries can hold requests and
//! their credentials. Ours must not hold a secret either: they name sessions,
//! never their URLs. Should one slip in all the same, the value of `token=` is
//! cut out here.

use std::fmt;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;

use super::screen::Screen;
use super::voice::hanging;
use crate::domain::sanitize;

/// Shows warnings always, events from `info` on with one `-v`, from `debug` on
/// with two.
pub fn logging(verbose: u8) {
    let level = match verbose {
        0 => LevelFilter::WARN,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let subscriber = tracing_subscriber::registry().with(layer(level, Screen::standard()));
    // A second call (in tests) changes nothing.
    let _ = subscriber.try_init();
}

fn layer<S: Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>>(
    level: LevelFilter,
    screen: Arc<Screen>,
) -> impl Layer<S> {
    // The rooms are `renku_session_…`.
    let own = Targets::new().with_target("renku_session", level);
    Lines(screen).with_filter(own)
}

/// One line an event.
struct Lines(Arc<Screen>);

impl<S: Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &Event<'_>, _context: Context<'_, S>) {
        let level = match *event.metadata().level() {
            Level::ERROR => "error",
            Level::WARN => "warning",
            Level::INFO => "info",
            Level::DEBUG => "debug",
            Level::TRACE => "trace",
        };
        let mut line = Line(String::new());
        event.record(&mut line);
        let text = without_tokens(&sanitize(&line.0));
        let rows = hanging(&format!("{level}: {text}"), self.0.width());
        self.0.lines(&self.0.style.dim(&rows));
    }
}

/// The message of an event, then its fields.
struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            self.0.insert_str(0, &format!("{value:?}"));
        } else {
            self.0.push_str(&format!(" {}={value:?}", field.name()));
        }
    }
}

/// Replaces what follows `token=`, up to the end of the parameter.
fn without_tokens(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("token=") {
        clean.push_str(before);
        clean.push_str("token=…");
        let end = after.find(|c: char| !c.is_ascii_alphanumeric() && !"-._~%+/".contains(c));
        rest = end.and_then(|end| after.get(end..)).unwrap_or_default();
    }
    clean + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::style::Style;
    use crate::testing::Recorded;

    fn logged(level: LevelFilter, events: impl FnOnce()) -> String {
        let recorded = Recorded::default();
        let screen = Arc::new(Screen::new(Box::new(recorded.clone()), Style::PLAIN));
        let subscriber = tracing_subscriber::registry().with(layer(level, screen));
        tracing::subscriber::with_default(subscriber, events);
        recorded.text()
    }

    fn some_events() {
        tracing::debug!("cache hit");
        tracing::info!(name = "a\u{1b}[2J", "stopped");
        tracing::warn!("open http://127.0.0.1:1/lab?token=0f3a&x=1 or token=secret");
        tracing::error!(target: "hyper", "a library's secret");
    }

    #[test]
    fn one_v_shows_what_happens_without_libraries_and_tokens() {
        assert_eq!(
            logged(LevelFilter::INFO, some_events),
            "info: stopped name=\"a\\u{1b}[2J\"\n\
             warning: open http://127.0.0.1:1/lab?token=…&x=1 or token=…\n"
        );
    }

    #[test]
    fn every_room_is_heard() {
        let elsewhere =
            || tracing::info!(target: "renku_session_sandbox::compiled", "from the cache");
        assert_eq!(logged(LevelFilter::INFO, elsewhere), "info: from the cache\n");
    }

    #[test]
    fn two_show_more() {
        assert!(logged(LevelFilter::DEBUG, some_events).starts_with("debug: cache hit\n"));
    }
}
