//! How sessions look in columns.

use super::*;
use crate::columns::Columns;
use crate::domain::{SessionStatus, Transport};

pub(crate) fn session(name: &str, started_at: Option<&str>) -> Session {
    Session {
        name: name.into(),
        provider: "docker".into(),
        status: SessionStatus::Running,
        url: Some("http://127.0.0.1:49153/lab?token=0f".into()),
        image: Some("analysis:0a1b2c3".into()),
        project: Some("analysis".into()),
        branch: Some("main".into()),
        commit: None,
        started_at: started_at.map(str::to_owned),
        ports: vec![Port {
            container: 8888,
            host: Some(49153),
            host_ip: Some("127.0.0.1".into()),
            protocol: Transport::Tcp,
        }],
        reason: None,
        details: SessionDetails::default(),
    }
}

fn zurich() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap()
}

fn two() -> Vec<Session> {
    let mut other = session("essay-7", Some("yesterday"));
    other.status = SessionStatus::Starting;
    other.url = None;
    other.ports.clear();
    vec![session("analysis-k3x9p", Some("2026-11-23T13:05:59Z")), other]
}

#[test]
fn a_wide_table_has_one_line_a_session_and_local_times() {
    insta::assert_snapshot!(table(&two(), &View::default(), Some(120), &zurich()), @r"
    NAME            PROVIDER  STATUS    PORTS                      STARTED           URL
    analysis-k3x9p  docker    running   127.0.0.1:49153->8888/tcp  2026-11-23 14:05  http://127.0.0.1:49153/lab?token=0f
    essay-7         docker    starting                             yesterday
    ");
}

#[test]
fn on_a_narrow_terminal_the_url_has_its_own_line_and_stays_whole() {
    insta::assert_snapshot!(table(&two(), &View::default(), Some(114), &zurich()), @r"
    NAME            PROVIDER  STATUS    PORTS                      STARTED
    analysis-k3x9p  docker    running   127.0.0.1:49153->8888/tcp  2026-11-23 14:05
      http://127.0.0.1:49153/lab?token=0f
    essay-7         docker    starting                             yesterday
    ");
}

#[test]
fn a_table_that_just_fits_stays_wide() {
    let text = table(&two(), &View::default(), None, &zurich());
    let longest = text.lines().map(|line| line.chars().count()).max().unwrap();
    let width = u16::try_from(longest).unwrap();
    assert_eq!(table(&two(), &View::default(), Some(width), &zurich()), text);
    assert_ne!(table(&two(), &View::default(), Some(width - 1), &zurich()), text);
}

#[test]
fn why_a_session_is_in_its_state_stands_beside_it() {
    let mut failed = session("a", None);
    failed.status = SessionStatus::Failed;
    failed.reason = Some("out of memory".into());
    failed.url = None;
    failed.ports.clear();
    insta::assert_snapshot!(table(&[failed], &View::default(), None, &zurich()), @r"
    NAME  PROVIDER  STATUS                  PORTS  STARTED  URL
    a     docker    failed (out of memory)
    ");
}

#[test]
fn tab_separated_lines_have_all_columns() {
    assert_eq!(
        tsv(&two(), &View::default()),
        "analysis-k3x9p\tdocker\trunning\t127.0.0.1:49153->8888/tcp\t2026-11-23T13:05:59Z\thttp://127.0.0.1:49153/lab?token=0f\n\
         essay-7\tdocker\tstarting\t\tyesterday\t\n"
    );
}

#[test]
fn the_oldest_comes_first_whatever_its_offset() {
    let mut sessions = vec![
        session("unknown", None),
        session("b", Some("2026-11-23T13:00:00Z")),
        session("a", Some("2026-11-23T13:00:00Z")),
        session("oldest", Some("2026-11-23T13:30:00+01:00")),
    ];
    sort(&mut sessions);
    let names: Vec<_> = sessions.iter().map(|session| session.name.as_str()).collect();
    assert_eq!(names, ["oldest", "a", "b", "unknown"]);
}

#[test]
fn on_a_very_narrow_terminal_the_ports_go_too() {
    insta::assert_snapshot!(table(&two(), &View::default(), Some(60), &zurich()), @r"
    NAME            PROVIDER  STATUS    STARTED
    analysis-k3x9p  docker    running   2026-11-23 14:05
      http://127.0.0.1:49153/lab?token=0f
    essay-7         docker    starting  yesterday
    ");
}

#[test]
fn chosen_columns_stay_in_their_order_also_where_they_do_not_fit() {
    let columns = |text| View { columns: Some(Columns::parse(text).unwrap()), ..View::default() };
    let mut one = session("a", None);
    one.commit = Some("89abcdef0123456789abcdef0123456789abcdef".into());
    let view = columns("commit,id,branch,image,project,ports");
    insta::assert_snapshot!(table(&[one.clone()], &view, Some(20), &zurich()), @r"
    COMMIT   ID  BRANCH  IMAGE             PROJECT   PORTS
    89abcde  a   main    analysis:0a1b2c3  analysis  127.0.0.1:49153->8888/tcp
    ");
    assert_eq!(
        tsv(&[one], &columns("commit,name")),
        "89abcdef0123456789abcdef0123456789abcdef\ta\n"
    );
}

#[test]
fn sessions_of_several_projects_say_which() {
    let view = View { all_projects: true, ..View::default() };
    insta::assert_snapshot!(table(&[session("a", None)], &view, None, &zurich()), @r"
    NAME  PROJECT   PROVIDER  STATUS   PORTS                      STARTED  URL
    a     analysis  docker    running  127.0.0.1:49153->8888/tcp           http://127.0.0.1:49153/lab?token=0f
    ");
}

#[test]
fn a_log_has_a_few_lines_a_session() {
    insta::assert_snapshot!(log(&two()), @r"
    Session analysis-k3x9p (running, docker)
    Project: analysis
    Started: 2026-11-23T13:05:59Z
    Url: http://127.0.0.1:49153/lab?token=0f
    Image: analysis:0a1b2c3
    Branch: main

    Session essay-7 (starting, docker)
    Project: analysis
    Started: yesterday
    Image: analysis:0a1b2c3
    Branch: main
    ");
}

#[test]
fn what_providers_say_cannot_break_out_of_its_cell() {
    let mut hostile = session("a\nb\tc\u{1b}[2J", None);
    hostile.url = Some("http://x/\u{1b}]0;y\u{7}z".into());
    hostile.ports[0].host_ip = Some("1\r2".into());
    let clean = harmless(hostile);
    assert_eq!(clean.name, "a b c");
    assert_eq!(clean.url.as_deref(), Some("http://x/z"));
    assert_eq!(clean.ports[0].host_ip.as_deref(), Some("1 2"));
}
