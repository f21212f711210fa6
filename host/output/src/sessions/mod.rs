//! Sessions for people: columns, and the few lines after a start.

use jiff::tz::TimeZone;

use super::columns::{Column, started, status};
use super::grid::Grid;
use super::view::View;
use crate::domain::{Port, Session, SessionDetails, is_plain_name, sanitize};

/// Makes everything that providers say about their sessions harmless.
pub(super) fn harmless(session: Session) -> Session {
    let clean = |text: Option<String>| text.as_deref().map(sanitize);
    Session {
        name: sanitize(&session.name),
        provider: sanitize(&session.provider),
        status: session.status,
        url: clean(session.url),
        image: clean(session.image),
        project: clean(session.project),
        branch: clean(session.branch),
        commit: clean(session.commit),
        started_at: clean(session.started_at),
        ports: session
            .ports
            .into_iter()
            .map(|port| Port { host_ip: clean(port.host_ip), ..port })
            .collect(),
        reason: clean(session.reason),
        details: SessionDetails {
            reason: clean(session.details.reason),
            expected_start: clean(session.details.expected_start),
            expected_end: clean(session.details.expected_end),
            resources: clean(session.details.resources),
            launcher: clean(session.details.launcher),
            node: clean(session.details.node),
        },
    }
}

/// The oldest first; those of unknown age last, by name.
pub(super) fn sort(sessions: &mut [Session]) {
    sessions.sort_by_cached_key(|session| {
        let started = started(session);
        (started.is_none(), started, session.name.clone(), session.provider.clone())
    });
}

/// Columns for people.
///
/// `width` is that of the terminal; none elsewhere. A URL that does not fit
/// goes on a line of its own, because a wrapped one cannot be clicked; then the
/// ports go.
pub(super) fn table(
    sessions: &[Session],
    view: &View,
    width: Option<u16>,
    zone: &TimeZone,
) -> String {
    let all = view.columns();
    let wide = grid(&all, sessions, zone);
    let Some(width) = width.map(usize::from).filter(|width| wide.width() > *width) else {
        return wide.text();
    };
    if !all.contains(&Column::Url) {
        return wide.text();
    }
    let without_url = |columns: &[Column]| {
        let columns: Vec<Column> =
            columns.iter().copied().filter(|column| *column != Column::Url).collect();
        grid(&columns, sessions, zone)
    };
    let narrow = without_url(&all);
    if narrow.width() <= width {
        return with_urls(&narrow, sessions);
    }
    with_urls(&without_url(&view.fewer_columns()), sessions)
}

/// The same without a heading, for lines that are added to a table.
pub(super) fn rows(sessions: &[Session], view: &View, zone: &TimeZone) -> String {
    let text = grid(&view.columns(), sessions, zone).text();
    text.split_once('\n').map(|(_, rows)| rows.to_owned()).unwrap_or_default()
}

/// A heading and a line a session.
fn grid(columns: &[Column], sessions: &[Session], zone: &TimeZone) -> Grid {
    let mut grid = Grid::new(columns.iter().map(|column| column.heading()));
    for session in sessions {
        grid.push(columns.iter().map(|column| column.shown(session, zone)));
    }
    grid
}

/// The URL of each session below its line.
fn with_urls(grid: &Grid, sessions: &[Session]) -> String {
    let mut lines = grid.lines();
    let mut text = lines.next().unwrap_or_default() + "\n";
    for (line, session) in lines.zip(sessions) {
        text.push_str(&(line + "\n"));
        if let Some(url) = &session.url {
            text.push_str(&format!("  {url}\n"));
        }
    }
    text
}

/// One line a session, the columns apart by tabs; nothing is shortened.
pub(super) fn tsv(sessions: &[Session], view: &View) -> String {
    let columns = view.columns();
    let line = |session: &Session| {
        let cells: Vec<String> = columns.iter().map(|column| column.exact(session)).collect();
        cells.join("\t") + "\n"
    };
    sessions.iter().map(line).collect()
}

/// The name of each, one line. What no command takes for a name is left out: these lines
/// are handed to commands.
pub(super) fn names(sessions: &[Session]) -> String {
    let plain = sessions.iter().filter(|session| is_plain_name(&session.name));
    plain.map(|session| format!("{}\n", session.name)).collect()
}

/// A few lines each, an empty one behind them.
pub(super) fn log(sessions: &[Session]) -> String {
    let mut text = String::new();
    for session in sessions {
        let heading =
            format!("Session {} ({}, {})", session.name, status(session), session.provider);
        text.push_str(&(heading + "\n"));
        let lines = [
            ("Project", &session.project),
            ("Started", &session.started_at),
            ("Url", &session.url),
            ("Image", &session.image),
            ("Commit", &session.commit),
            ("Branch", &session.branch),
        ];
        for (key, value) in lines {
            if let Some(value) = value {
                text.push_str(&format!("{key}: {value}\n"));
            }
        }
        text.push('\n');
    }
    text
}

/// Its name and where it opens, on one line.
pub(super) fn line(session: &Session) -> String {
    match &session.url {
        Some(url) => format!("{}  {url}\n", session.name),
        None => format!("{}\n", session.name),
    }
}

#[cfg(test)]
pub(super) mod tests;
