//! What a list that goes on prints.

use super::*;
use crate::domain::{ErrorKind, ProviderError};
use crate::sessions::tests::session;
use crate::style::Style;
use crate::testing::{Recorded, printer, terminal};

const TIME: Option<&str> = Some("2026-11-23T13:05:59Z");

fn paused(name: &str) -> Session {
    Session { status: SessionStatus::Paused, url: None, ..session(name, TIME) }
}

fn watch(printer: &Printer) -> Watch<'_> {
    let mut watch = Watch::new(printer, View::default());
    watch.zone = Some(TimeZone::UTC);
    watch
}

#[test]
fn elsewhere_than_on_a_terminal_only_what_changed_is_appended() {
    let (printer, out, _) = printer(Format::Table);
    let mut watch = watch(&printer);
    let both = || vec![session("a", TIME), session("b", TIME)];
    watch.show(both(), &[]);
    watch.show(both(), &[]);
    watch.show(vec![session("a", TIME), paused("b")], &[]);
    watch.show(vec![paused("b")], &[]);
    insta::assert_snapshot!(out.text(), @r"
    NAME  PROVIDER  STATUS   PORTS                      STARTED           URL
    a     docker    running  127.0.0.1:49153->8888/tcp  2026-11-23 13:05  http://127.0.0.1:49153/lab?token=0f
    b     docker    running  127.0.0.1:49153->8888/tcp  2026-11-23 13:05  http://127.0.0.1:49153/lab?token=0f
    b     docker    paused  127.0.0.1:49153->8888/tcp  2026-11-23 13:05
    a     docker    stopped         2026-11-23 13:05
    ");
}

#[test]
fn programs_get_a_document_a_line_whenever_something_changed() {
    let (printer, out, _) = printer(Format::Json);
    let mut watch = watch(&printer);
    watch.show(vec![session("a", TIME)], &[]);
    watch.show(vec![session("a", TIME)], &[]);
    watch.show(Vec::new(), &[]);
    let text = out.text();
    let documents: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(documents.len(), 2);
    assert_eq!(documents[0]["sessions"][0]["name"], "a");
    assert_eq!(documents[1], serde_json::json!({"version": 1, "sessions": [], "warnings": []}));
}

#[test]
fn a_warning_is_said_once_as_long_as_it_stays_the_same() {
    let (printer, _, err) = printer(Format::Tsv);
    let mut watch = watch(&printer);
    let error = ProviderError::new(ErrorKind::Unavailable, "cannot reach the engine");
    let warning = || vec![Warning::new("docker", &error)];
    for warnings in [warning(), warning(), Vec::new(), warning()] {
        watch.show(Vec::new(), &warnings);
    }
    assert_eq!(err.text().matches("warning: cannot reach the engine").count(), 2);
}

#[test]
fn on_a_terminal_the_picture_is_drawn_over_the_one_before() {
    let recorded = Recorded::default();
    let printer = terminal(Format::Table, &recorded, Style::PLAIN);
    let mut watch = watch(&printer);
    watch.show(vec![paused("a")], &[]);
    watch.show(vec![paused("a")], &[]);
    watch.show(Vec::new(), &[]);
    let text = recorded.text();
    let (first, second) = text.split_once("\r\u{1b}[2A\u{1b}[J").unwrap();
    assert_eq!(first.lines().count(), 2);
    assert_eq!(second, "This project has no sessions; `renku session start` starts one\n");
}

#[test]
fn a_line_that_wraps_counts_as_several() {
    assert_eq!(lines_on_screen("abc\n\nabcdef\n", 3), 4);
}
