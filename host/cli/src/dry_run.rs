//! `renku session start --dry-run`: what is printed instead of a session.

use serde::Serialize;

use super::app::App;
use crate::domain::changes::Change;
use crate::domain::{sanitize, sanitize_lines};
use crate::output::{Format, table};
use crate::sessions::WouldChange;

/// What a start would change.
#[derive(Serialize)]
struct Shown<'a> {
    /// The first change of each kind, in order.
    changes: &'a [Change],
    /// Why it is not known what would come after them; none: these are all.
    unknown: Option<&'a str>,
}

/// Prints what would be changed.
pub(super) fn print(app: &App, would: &WouldChange) {
    let WouldChange { changes, unknown } = would;
    let shown = Shown { changes, unknown: unknown.as_deref() };
    app.printer.answer("dry_run", &shown, |format| text(format, changes));
    if let Some(reason) = unknown {
        app.printer.message(&format!("The next steps are not known yet: {reason}"));
    }
    app.printer.message("This was a dry run: nothing was changed");
}

fn text(format: Format, changes: &[Change]) -> String {
    if format == Format::Tsv {
        let cells: Vec<_> = changes.iter().map(|change| [change.in_words()]).collect();
        return table(format, ["CHANGE"], &cells);
    }
    changes.iter().map(lines).collect()
}

/// One change: a sentence, and below it everything in full.
fn lines(change: &Change) -> String {
    let mut lines = format!("Would {}\n", sanitize(&change.in_words()));
    match change {
        Change::Start { planned: Some(planned), .. } => {
            planned.lines().iter().for_each(|line| lines.push_str(&format!("{line}\n")));
        }
        Change::Request { headers, body, .. } => {
            for (name, value) in headers {
                lines.push_str(&format!("{}\n", sanitize(&format!("{name}: {value}"))));
            }
            match body {
                Some(serde_json::Value::String(text)) => {
                    lines.push_str(&format!("{}\n", sanitize_lines(text)));
                }
                Some(body) => lines.push_str(&pretty(body)),
                None => {}
            }
        }
        _ => {}
    }
    lines
}

fn pretty(value: &serde_json::Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    format!("{}\n", sanitize_lines(&text))
}
