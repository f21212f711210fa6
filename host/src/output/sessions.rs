//! Sessions for people: columns, and the few lines after a start.

use comfy_table::{ContentArrangement, Table, presets};
use jiff::{Timestamp, tz::TimeZone};

use super::sanitize::sanitize;
use crate::domain::{Port, Session, Transport};

const HEADER: [&str; 6] = ["NAME", "PROVIDER", "STATUS", "PORTS", "STARTED", "URL"];

/// Blanks between two columns.
const GUTTER: u16 = 2;

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
/// goes on a line of its own, because a wrapped one cannot be clicked.
pub(super) fn table(sessions: &[Session], width: Option<u16>, zone: &TimeZone) -> String {
    let rows: Vec<[String; 6]> = sessions.iter().map(|session| row(session, zone)).collect();
    let mut wide = columns();
    wide.set_header(HEADER);
    wide.add_rows(rows.iter());
    pad(&mut wide);
    if width.is_none_or(|width| width_of(&wide) <= width) {
        return wide.trim_fmt() + "\n";
    }

    let mut narrow = columns();
    narrow.set_header(HEADER.iter().take(5));
    narrow.add_rows(rows.iter().map(|row| row.iter().take(5)));
    pad(&mut narrow);
    let shown = narrow.trim_fmt();
    let mut lines = shown.lines();
    let mut text = format!("{}\n", lines.next().unwrap_or_default());
    for (line, session) in lines.zip(sessions) {
        text.push_str(&format!("{line}\n"));
        if let Some(url) = &session.url {
            text.push_str(&format!("  {url}\n"));
        }
    }
    text
}

fn columns() -> Table {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table
}

fn pad(table: &mut Table) {
    for column in table.column_iter_mut() {
        column.set_padding((0, GUTTER));
    }
}

fn width_of(table: &Table) -> u16 {
    let widths = table.column_max_content_widths();
    let gutters = u16::try_from(widths.len()).unwrap_or(u16::MAX).saturating_sub(1);
    widths.iter().fold(gutters.saturating_mul(GUTTER), |sum, width| sum.saturating_add(*width))
}

/// One line a session: name, provider, status, ports, started (RFC 3339), URL.
pub(super) fn tsv(sessions: &[Session]) -> String {
    let mut text = String::new();
    for session in sessions {
        let started = session.started_at.as_deref().unwrap_or_default();
        let url = session.url.as_deref().unwrap_or_default();
        let status = session.status.as_str();
        let ports = ports(&session.ports);
        let cells = [&session.name, &session.provider, status, &ports, started, url];
        text.push_str(&(cells.join("\t") + "\n"));
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

fn row(session: &Session, zone: &TimeZone) -> [String; 6] {
    [
        session.name.clone(),
        session.provider.clone(),
        match &session.reason {
            Some(reason) => format!("{} ({reason})", session.status.as_str()),
            None => session.status.as_str().to_owned(),
        },
        ports(&session.ports),
        match started(session) {
            Some(time) => {
                time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
            }
            None => session.started_at.clone().unwrap_or_default(),
        },
        session.url.clone().unwrap_or_default(),
    ]
}

fn started(session: &Session) -> Option<Timestamp> {
    session.started_at.as_deref()?.parse().ok()
}

/// `127.0.0.1:49153->8888/tcp`, or `8888/tcp` when it is not published.
fn ports(ports: &[Port]) -> String {
    let shown = ports.iter().map(|port| {
        let protocol = match port.protocol {
            Transport::Tcp => "tcp",
            Transport::Udp => "udp",
            Transport::Sctp => "sctp",
        };
        let inside = format!("{}/{protocol}", port.container);
        match (&port.host_ip, port.host) {
            (Some(ip), Some(host)) if ip.contains(':') => format!("[{ip}]:{host}->{inside}"),
            (Some(ip), Some(host)) => format!("{ip}:{host}->{inside}"),
            (None, Some(host)) => format!("{host}->{inside}"),
            (_, None) => inside,
        }
    });
    shown.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
#[path = "sessions_tests.rs"]
pub(super) mod tests;
