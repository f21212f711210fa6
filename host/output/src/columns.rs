//! The columns of `ls`: their names, and what stands in them.

use jiff::{Timestamp, tz::TimeZone};

use crate::domain::{Port, Session, Transport};

/// How many digits of a commit tell it from others, for people.
const SHORT: usize = 7;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Column {
    /// The name under its old heading.
    Id,
    Name,
    Project,
    Provider,
    Status,
    Ports,
    StartTime,
    Url,
    Image,
    Branch,
    Commit,
    Reason,
    ExpectedStart,
    ExpectedEnd,
    Resources,
    Launcher,
    Node,
}

/// All columns, by the names that `--columns` takes.
const KNOWN: [(&str, Column); 17] = [
    ("id", Column::Id),
    ("name", Column::Name),
    ("project", Column::Project),
    ("provider", Column::Provider),
    ("status", Column::Status),
    ("ports", Column::Ports),
    ("start_time", Column::StartTime),
    ("url", Column::Url),
    ("image", Column::Image),
    ("branch", Column::Branch),
    ("commit", Column::Commit),
    ("reason", Column::Reason),
    ("expected_start", Column::ExpectedStart),
    ("expected_end", Column::ExpectedEnd),
    ("resources", Column::Resources),
    ("launcher", Column::Launcher),
    ("node", Column::Node),
];

/// The columns that a user chose, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Columns(pub(super) Vec<Column>);

impl Columns {
    /// Reads `name, status`: any case, blanks do not count.
    ///
    /// # Errors
    ///
    /// In words, for a column that does not exist.
    pub fn parse(text: &str) -> Result<Self, String> {
        let known = || KNOWN.map(|(name, _)| name).join(", ");
        let columns: Result<Vec<Column>, String> = text
            .split(',')
            .map(|word| word.trim().to_lowercase().replace('-', "_"))
            .map(|word| {
                let found = KNOWN.iter().find(|(name, _)| *name == word);
                found
                    .map(|(_, column)| *column)
                    .ok_or_else(|| format!("the columns are {}", known()))
            })
            .collect();
        Ok(Self(columns?))
    }

    /// Whether one shows what only some providers know, and only when they are asked.
    #[must_use]
    pub fn have_details(&self) -> bool {
        self.0.iter().any(|column| {
            matches!(
                column,
                Column::Reason
                    | Column::ExpectedStart
                    | Column::ExpectedEnd
                    | Column::Resources
                    | Column::Launcher
                    | Column::Node
            )
        })
    }
}

impl Column {
    /// What stands above it.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Self::Id => "ID",
            Self::Name => "NAME",
            Self::Project => "PROJECT",
            Self::Provider => "PROVIDER",
            Self::Status => "STATUS",
            Self::Ports => "PORTS",
            Self::StartTime => "STARTED",
            Self::Url => "URL",
            Self::Image => "IMAGE",
            Self::Branch => "BRANCH",
            Self::Commit => "COMMIT",
            Self::Reason => "REASON",
            Self::ExpectedStart => "EXPECTED START",
            Self::ExpectedEnd => "EXPECTED END",
            Self::Resources => "RESOURCES",
            Self::Launcher => "LAUNCHER",
            Self::Node => "NODE",
        }
    }

    /// For people: local times, short commits, the reason beside the state.
    pub(super) fn shown(self, session: &Session, zone: &TimeZone) -> String {
        match self {
            Self::Status => status(session),
            Self::StartTime | Self::ExpectedStart | Self::ExpectedEnd => {
                let exact = self.exact(session);
                match exact.parse::<Timestamp>() {
                    Ok(time) => {
                        time.to_zoned_datetime(zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
                    }
                    Err(_) => exact,
                }
            }
            Self::Commit => {
                let commit = session.commit.as_deref().unwrap_or_default();
                commit.get(..SHORT).unwrap_or(commit).to_owned()
            }
            _ => self.exact(session),
        }
    }

    /// For programs: as it is.
    pub(super) fn exact(self, session: &Session) -> String {
        let text = |value: &Option<String>| value.clone().unwrap_or_default();
        match self {
            Self::Id | Self::Name => session.name.clone(),
            Self::Project => text(&session.project),
            Self::Provider => session.provider.clone(),
            Self::Status => session.status.as_str().to_owned(),
            Self::Ports => ports(&session.ports),
            Self::StartTime => text(&session.started_at),
            Self::Url => text(&session.url),
            Self::Image => text(&session.image),
            Self::Branch => text(&session.branch),
            Self::Commit => text(&session.commit),
            Self::Reason => {
                let details = &session.details;
                details.reason.clone().or_else(|| session.reason.clone()).unwrap_or_default()
            }
            Self::ExpectedStart => text(&session.details.expected_start),
            Self::ExpectedEnd => text(&session.details.expected_end),
            Self::Resources => text(&session.details.resources),
            Self::Launcher => text(&session.details.launcher),
            Self::Node => text(&session.details.node),
        }
    }
}

/// `failed (out of memory)`.
pub(super) fn status(session: &Session) -> String {
    match &session.reason {
        Some(reason) => format!("{} ({reason})", session.status.as_str()),
        None => session.status.as_str().to_owned(),
    }
}

/// When it started, if that is known.
pub(super) fn started(session: &Session) -> Option<Timestamp> {
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
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_in_any_case_with_blanks_between() {
        assert_eq!(
            Columns::parse("Name, STATUS,start-time").unwrap(),
            Columns(vec![Column::Name, Column::Status, Column::StartTime])
        );
    }

    #[test]
    fn an_unknown_column_is_answered_with_all_there_are() {
        for text in ["name,ssh", "", "name,"] {
            assert_eq!(
                Columns::parse(text).unwrap_err(),
                "the columns are id, name, project, provider, status, ports, start_time, url, image, branch, commit, reason, expected_start, expected_end, resources, launcher, node"
            );
        }
    }

    #[test]
    fn ports_are_written_as_engines_write_them() {
        let port = |host, ip: Option<&str>, protocol| Port {
            container: 53,
            host,
            host_ip: ip.map(str::to_owned),
            protocol,
        };
        let all = [
            port(Some(5353), Some("::1"), Transport::Udp),
            port(Some(5353), None, Transport::Tcp),
            port(None, None, Transport::Sctp),
        ];
        assert_eq!(ports(&all), "[::1]:5353->53/udp, 5353->53/tcp, 53/sctp");
    }
}
