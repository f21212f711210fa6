//! What commands print, stream by stream.

use super::*;
use crate::domain::{ErrorKind, ProviderError, Session};
use crate::sessions::tests::session;
use crate::style::Style;
use crate::testing::{Failing, Recorded, printer};
use crate::view::View;

fn unreachable() -> ProviderError {
    ProviderError::new(ErrorKind::Unavailable, "cannot reach the engine")
        .with_cause("tried `/run/docker.sock`")
        .with_help("start Docker")
}

#[test]
fn a_provider_that_does_not_answer_is_named_and_nothing_is_said_to_be_missing() {
    let (printer, out, err) = printer(Format::Table);
    printer.sessions(Vec::new(), &[Warning::new("docker", &unreachable())], &View::default());
    assert_eq!(out.text(), "");
    insta::assert_snapshot!(err.text(), @r"
    warning: cannot reach the engine
      tried `/run/docker.sock`
    hint: start Docker
    Sessions of the provider `docker` are not shown
    ");
}

#[test]
fn an_empty_list_says_how_to_go_on() {
    let (printer, out, err) = printer(Format::Table);
    printer.sessions(Vec::new(), &[], &View::default());
    assert_eq!(out.text(), "");
    assert_eq!(err.text(), "This project has no sessions; `renku session start` starts one\n");
}

#[test]
fn a_list_for_programs_holds_its_warnings() {
    let (printer, out, err) = printer(Format::Json);
    let sessions = vec![session("a", Some("2026-11-23T13:05:59Z"))];
    printer.sessions(sessions, &[Warning::new("acme/slurm", &unreachable())], &View::default());
    insta::assert_snapshot!(out.text(), @r#"
    {
      "version": 1,
      "sessions": [
        {
          "name": "a",
          "provider": "docker",
          "status": "running",
          "url": "http://127.0.0.1:49153/lab?token=0f",
          "image": "analysis:0a1b2c3",
          "project": "analysis",
          "branch": "main",
          "commit": null,
          "started_at": "2026-11-23T13:05:59Z",
          "ports": [
            {
              "container": 8888,
              "host": 49153,
              "host_ip": "127.0.0.1",
              "protocol": "tcp"
            }
          ]
        }
      ],
      "warnings": [
        {
          "provider": "acme/slurm",
          "kind": "unavailable",
          "message": "cannot reach the engine"
        }
      ]
    }
    "#);
    assert!(err.text().ends_with("Sessions of the provider `acme/slurm` are not shown\n"));
}

#[test]
fn yaml_says_the_same() {
    let (printer, out, _) = printer(Format::Yaml);
    printer.session(&session("a", None), "");
    insta::assert_snapshot!(out.text(), @r"
    version: 1
    session:
      name: a
      provider: docker
      status: running
      url: http://127.0.0.1:49153/lab?token=0f
      image: analysis:0a1b2c3
      project: analysis
      branch: main
      commit: null
      started_at: null
      ports:
      - container: 8888
        host: 49153
        host_ip: 127.0.0.1
        protocol: tcp
    ");
}

#[test]
fn a_started_session_is_its_name_and_where_it_opens() {
    let (printer, out, err) = printer(Format::Table);
    printer.session(&session("analysis-k3x9p", None), " -p ./acme.wasm");
    assert_eq!(out.text(), "analysis-k3x9p  http://127.0.0.1:49153/lab?token=0f\n");
    assert_eq!(
        err.text(),
        "Session `analysis-k3x9p` runs; `renku session open -p ./acme.wasm analysis-k3x9p` opens it, `renku session stop -p ./acme.wasm analysis-k3x9p` stops it\n"
    );
}

#[test]
fn open_prints_the_url_alone() {
    let (printer, out, err) = printer(Format::Table);
    let url = Some("http://127.0.0.1:1/\u{1b}[2Jlab".into());
    printer.url(&Session { url, ..session("a", None) });
    assert_eq!((out.text(), err.text()), ("http://127.0.0.1:1/lab\n".into(), String::new()));
}

#[test]
fn stopping_nothing_is_a_message() {
    let (printer, out, err) = printer(Format::Table);
    printer.stopped(Vec::new());
    assert_eq!(out.text(), "");
    assert_eq!(err.text(), "This project has no sessions to stop\n");
}

#[test]
fn what_was_stopped_is_named() {
    let (table, out, err) = printer(Format::Table);
    table.stopped(vec![session("a", None), session("b", None)]);
    assert_eq!((out.text(), err.text()), (String::new(), "Stopped `a`\nStopped `b`\n".into()));

    let (table, _, err) = printer(Format::Table);
    let failed = Session { status: SessionStatus::Failed, ..session("a", None) };
    table.stopped(vec![failed, session("b", None)]);
    assert_eq!(err.text(), "Removed the failed session `a`\nStopped `b`\n");

    let (json, out, err) = printer(Format::Json);
    json.stopped(vec![session("a", None)]);
    let document: serde_json::Value = serde_json::from_str(&out.text()).unwrap();
    assert_eq!(document["version"], 1);
    assert_eq!(document["sessions"][0]["name"], "a");
    assert_eq!(document["sessions"][0]["status"], "stopped");
    assert_eq!(document["sessions"][0]["url"], serde_json::Value::Null);
    assert_eq!(err.text(), "");

    let (tsv, out, err) = printer(Format::Tsv);
    tsv.stopped(vec![session("a", None), session("b", None)]);
    assert_eq!((out.text(), err.text()), ("a\nb\n".into(), String::new()));
}

#[test]
fn an_error_is_a_document_too_when_a_program_reads() {
    let (json, out, err) = printer(Format::Json);
    assert_eq!(json.error(&unreachable()), ExitStatus::Failure);
    let human = "error: cannot reach the engine\n  tried `/run/docker.sock`\nhint: start Docker\n";
    assert_eq!(err.text(), human);
    insta::assert_snapshot!(out.text(), @r#"
    {
      "version": 1,
      "error": {
        "kind": "unavailable",
        "message": "cannot reach the engine",
        "hint": "start Docker",
        "causes": [
          "tried `/run/docker.sock`"
        ]
      }
    }
    "#);

    let (table, out, err) = printer(Format::Table);
    let denied = ProviderError::new(ErrorKind::Denied, "no");
    assert_eq!(table.error(&denied), ExitStatus::Permission);
    assert_eq!((out.text(), err.text()), (String::new(), "error: no\n".into()));
}

#[test]
fn a_result_that_cannot_be_written_is_a_failure_but_a_closed_pipe_is_not() {
    for (kind, status, said) in [
        (std::io::ErrorKind::BrokenPipe, ExitStatus::Success, ""),
        (
            std::io::ErrorKind::StorageFull,
            ExitStatus::Failure,
            "error: cannot write the result\n  no storage space\n",
        ),
    ] {
        let err = Recorded::default();
        let data = Data::new(Box::new(Failing(kind)), Style::PLAIN);
        let screen = Arc::new(Screen::new(Box::new(err.clone()), Style::PLAIN));
        let printer = Printer::to(Format::Json, 0, |_| None, data, screen);
        printer.session(&session("a", None), "");
        assert_eq!((printer.outcome(), err.text()), (status, said.to_owned()));
    }
}
