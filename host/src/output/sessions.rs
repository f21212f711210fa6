//! Sessions as a table, as tab-separated lines, and as versioned documents.

use comfy_table::{ContentArrangement, Table, presets};
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Serialize;

use super::errors::human;
use super::sanitize::sanitize;
use super::terminal;
use crate::domain::{Diagnostic, ErrorKind, Port, Session, Transport};

const HEADER: [&str; 6] = ["NAME", "PROVIDER", "STATUS", "PORTS", "STARTED", "URL"];

/// A provider that could not be asked.
#[derive(Debug, Serialize)]
pub struct Warning {
    provider: String,
    kind: ErrorKind,
    message: String,
    #[serde(skip)]
    human: String,
}

impl Warning {
    /// From the provider's failure.
    #[must_use]
    pub fn new(provider: &str, error: &dyn Diagnostic) -> Self {
        Self {
            provider: provider.into(),
            kind: error.kind(),
            message: error.to_string(),
            human: human("warning", error, terminal::colour()),
        }
    }

    /// What people read: the error, and whose sessions are missing therefore.
    pub(super) fn human(&self) -> String {
        format!(
            "{}\nSessions of the provider `{}` are not shown",
            self.human,
            sanitize(&self.provider)
        )
    }
}

/// `{"version":1,"sessions":[…],"warnings":[…]}`.
#[derive(Serialize)]
pub(super) struct Many<'a> {
    version: u8,
    sessions: &'a [Session],
    warnings: &'a [Warning],
}

/// `{"version":1,"session":{…}}`.
#[derive(Serialize)]
pub(super) struct One<'a> {
    version: u8,
    session: &'a Session,
}

impl<'a> Many<'a> {
    pub(super) fn of(sessions: &'a [Session], warnings: &'a [Warning]) -> Self {
        Self { version: 1, sessions, warnings }
    }
}

impl<'a> One<'a> {
    pub(super) fn of(session: &'a Session) -> Self {
        Self { version: 1, session }
    }
}

/// Oldest first, then by name.
pub(super) fn sort(sessions: &mut [Session]) {
    sessions.sort_by(|a, b| {
        (instant(a), &a.name, &a.provider).cmp(&(instant(b), &b.name, &b.provider))
    });
}

fn instant(session: &Session) -> Option<Timestamp> {
    session.started_at.as_deref()?.parse().ok()
}

/// A table that fits into `width` columns when it can. A URL is never wrapped: a
/// wrapped one cannot be clicked. When it does not fit it gets a line of its own.
pub(super) fn table(sessions: &[Session], width: Option<usize>, zone: &TimeZone) -> String {
    let rows: Vec<[String; 6]> = sessions.iter().map(|session| row(session, zone)).collect();
    let wide = lay_out(&HEADER, rows.iter().map(|row| row.as_slice()));
    let fits = width.is_none_or(|width| wide.lines().all(|line| line.chars().count() <= width));
    if fits {
        return wide;
    }
    let [header @ .., _url] = &HEADER;
    let narrow = lay_out(header, rows.iter().map(|row| row.get(..5).unwrap_or_default()));
    let mut text = String::new();
    for (index, line) in narrow.lines().enumerate() {
        text.push_str(line);
        text.push('\n');
        let url = index.checked_sub(1).and_then(|index| rows.get(index)).map(|row| &row[5]);
        if let Some(url) = url.filter(|url| !url.is_empty()) {
            text.push_str("  ");
            text.push_str(url);
            text.push('\n');
        }
    }
    text.trim_end().to_owned()
}

fn lay_out<'a>(header: &[&str], rows: impl Iterator<Item = &'a [String]>) -> String {
    let mut table = Table::new();
    table
        .load_style(presets::NOTHING)
        .set_content_arrangement(ContentArrangement::Disabled)
        .set_header(header);
    for row in rows {
        table.add_row(row);
    }
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.lines().map(|line| line.trim_end().to_owned()).collect::<Vec<_>>().join("\n")
}

fn row(session: &Session, zone: &TimeZone) -> [String; 6] {
    [
        sanitize(&session.name),
        sanitize(&session.provider),
        match &session.reason {
            Some(reason) => sanitize(&format!("{} ({reason})", session.status.as_str())),
            None => session.status.as_str().into(),
        },
        session.ports.iter().map(port).collect::<Vec<_>>().join(", "),
        session.started_at.as_deref().map(|time| local(time, zone)).unwrap_or_default(),
        session.url.as_deref().map(sanitize).unwrap_or_default(),
    ]
}

/// `127.0.0.1:49153->8888/tcp`, as `docker ps` writes it.
fn port(port: &Port) -> String {
    let protocol = match port.protocol {
        Transport::Tcp => "tcp",
        Transport::Udp => "udp",
        Transport::Sctp => "sctp",
    };
    let Some(host) = port.host else { return format!("{}/{protocol}", port.container) };
    let address = sanitize(port.host_ip.as_deref().unwrap_or_default());
    let address = if address.contains(':') { format!("[{address}]") } else { address };
    format!("{address}:{host}->{}/{protocol}", port.container)
}

fn local(time: &str, zone: &TimeZone) -> String {
    match time.parse::<Timestamp>() {
        Ok(time) => time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string(),
        Err(_) => sanitize(time),
    }
}

/// One line a session: name, provider, status, ports, started (RFC 3339), URL.
pub(super) fn tsv(sessions: &[Session]) -> String {
    let lines: Vec<String> = sessions
        .iter()
        .map(|session| {
            let mut cells = row(session, &TimeZone::UTC);
            cells[2] = session.status.as_str().into();
            cells[4] = session.started_at.as_deref().map(sanitize).unwrap_or_default();
            cells.join("\t")
        })
        .collect();
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::SessionStatus;

    fn sessions() -> Vec<Session> {
        let first = Session {
            name: "analysis-x7k2p".into(),
            provider: "docker".into(),
            status: SessionStatus::Running,
            url: Some("http://127.0.0.1:49153/lab?token=0123".into()),
            image: Some("analysis:0123456".into()),
            project: Some("analysis".into()),
            branch: Some("main".into()),
            commit: None,
            started_at: Some("2026-11-23T14:05:06Z".into()),
            ports: vec![Port {
                container: 8888,
                host: Some(49153),
                host_ip: Some("127.0.0.1".into()),
                protocol: Transport::Tcp,
            }],
            reason: None,
        };
        let second = Session {
            name: "analysis-\u{1b}[31m".into(),
            status: SessionStatus::Failed,
            url: None,
            started_at: Some("2026-11-22T14:05:06Z".into()),
            ports: vec![],
            reason: Some("exit status 3".into()),
            ..first.clone()
        };
        let mut both = vec![first, second];
        sort(&mut both);
        both
    }

    #[test]
    fn a_table_is_sorted_by_age_and_shows_local_time() {
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        insta::assert_snapshot!(table(&sessions(), None, &zone), @r"
        NAME            PROVIDER  STATUS                  PORTS                       STARTED           URL
        analysis- [31m  docker    failed (exit status 3)                              2026-11-22 15:05
        analysis-x7k2p  docker    running                 127.0.0.1:49153->8888/tcp   2026-11-23 15:05  http://127.0.0.1:49153/lab?token=0123
        ");
    }

    #[test]
    fn a_url_that_does_not_fit_gets_its_own_line() {
        insta::assert_snapshot!(table(&sessions(), Some(100), &TimeZone::UTC), @r"
        NAME            PROVIDER  STATUS                  PORTS                       STARTED
        analysis- [31m  docker    failed (exit status 3)                              2026-11-22 14:05
        analysis-x7k2p  docker    running                 127.0.0.1:49153->8888/tcp   2026-11-23 14:05
          http://127.0.0.1:49153/lab?token=0123
        ");
    }

    #[test]
    fn lines_for_programs_have_no_header() {
        let text = tsv(&sessions());
        let cells: Vec<Vec<&str>> = text.lines().map(|line| line.split('\t').collect()).collect();
        assert_eq!(
            cells,
            [
                ["analysis- [31m", "docker", "failed", "", "2026-11-22T14:05:06Z", ""],
                [
                    "analysis-x7k2p",
                    "docker",
                    "running",
                    "127.0.0.1:49153->8888/tcp",
                    "2026-11-23T14:05:06Z",
                    "http://127.0.0.1:49153/lab?token=0123"
                ],
            ]
        );
    }

    #[test]
    fn documents_are_versioned() {
        let sessions = sessions();
        let value = serde_json::to_value(One::of(&sessions[1])).unwrap();
        insta::assert_snapshot!(value, @r#"{"version":1,"session":{"name":"analysis-x7k2p","provider":"docker","status":"running","url":"http://127.0.0.1:49153/lab?token=0123","image":"analysis:0123456","project":"analysis","branch":"main","commit":null,"started_at":"2026-11-23T14:05:06Z","ports":[{"container":8888,"host":49153,"host_ip":"127.0.0.1","protocol":"tcp"}]}}"#);
    }

    #[test]
    fn an_ipv6_address_is_in_brackets() {
        let published = Port {
            container: 8888,
            host: Some(1),
            host_ip: Some("::1".into()),
            protocol: Transport::Tcp,
        };
        assert_eq!(port(&published), "[::1]:1->8888/tcp");
    }
}
