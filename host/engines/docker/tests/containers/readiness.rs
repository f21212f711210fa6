//! Waiting for a session: it answers, it ends, it never does either.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use renku_session_contract::{
    Caller, ContainerSpec, ContainersError, EngineOptions, GivenIn, LogSink, Probe, engine_option,
};
use renku_session_domain::{Diagnostic, ProviderError};

use crate::fixture::Fixture;

const MINUTE: Duration = Duration::from_secs(60);

fn page() -> Vec<Probe> {
    vec![
        Probe { path: "/api".into(), status_below: 400 },
        Probe { path: "/".into(), status_below: 400 },
    ]
}

/// `--network none`, `--rm` or nothing.
fn options(name: Option<&str>) -> EngineOptions {
    let around =
        Caller { directory: "/".into(), home: None, variable: &|_| None, local_engine: true };
    let mut options = EngineOptions::default();
    if let Some(name) = name {
        let option = engine_option(name).expect("option");
        options.set(option, "none", GivenIn::CommandLine, &around).expect("set");
    }
    options
}

#[tokio::test]
async fn an_answer_is_noticed_at_once() {
    let fixture = Fixture::new("ready").await;
    std::fs::write(fixture.project.path().join("index.html"), "hello").expect("page");
    let containers = fixture.containers();
    let name = containers
        .start(ContainerSpec {
            publish: vec![8080],
            mount_project: Some("/work".into()),
            ..fixture.spec("h", "sleep 1; exec httpd -f -p 8080 -h /work")
        })
        .await
        .expect("start")
        .name;
    let begin = Instant::now();
    containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect("ready");
    let waited = begin.elapsed();
    assert!(waited > Duration::from_millis(500) && waited < Duration::from_secs(5), "{waited:?}");
    let error = containers.wait_ready(&name, 81, &page(), MINUTE).await.expect_err("not published");
    assert_eq!(error.to_string(), format!("port 81 of `{name}` is not published"));
}

#[tokio::test]
async fn an_end_is_noticed_at_once_with_the_last_lines() {
    let fixture = Fixture::new("exit").await;
    let containers = fixture.containers();
    let script = "echo old; sleep 0.3; echo oops >&2; sleep 0.3; seq 1 19; exit 7";
    let spec = ContainerSpec { publish: vec![8080], ..fixture.spec("e", script) };
    let name = containers.start(spec).await.expect("start").name;
    for state in ["running", "ended"] {
        let begin = Instant::now();
        let error = containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect_err(state);
        assert!(begin.elapsed() < Duration::from_secs(10), "{state}");
        assert_eq!(error.to_string(), format!("`{name}` ended before it was ready: exit status 7"));
        let mut expected = vec!["oops".to_owned()];
        expected.extend((1..=19).map(|line| line.to_string()));
        assert_eq!(error.causes(), expected);
    }
}

#[tokio::test]
async fn a_port_that_never_answers_ends_with_the_time_allowed() {
    let fixture = Fixture::new("never").await;
    let containers = fixture.containers();
    let spec = ContainerSpec { publish: vec![8080], ..fixture.spec("n", "echo busy; sleep 600") };
    let name = containers.start(spec).await.expect("start").name;
    let time = Duration::from_secs(1);
    let error = containers.wait_ready(&name, 8080, &page(), time).await.expect_err("timeout");
    assert_eq!(error.to_string(), format!("`{name}` did not answer on port 8080 within 1 s"));
    assert!(matches!(error, ContainersError::NotReady { .. }));
    assert_eq!(error.causes(), ["busy"]);
}

#[tokio::test]
async fn a_program_that_ends_before_anybody_looks_is_no_session() {
    let fixture = Fixture::new("early").await;
    for (suffix, network) in [("p", None), ("n", Some("network"))] {
        let containers = fixture.containers().with_options(options(network));
        let spec = ContainerSpec { publish: vec![8080], ..fixture.spec(suffix, "exit 3") };
        let name = containers.start(spec).await.expect("start").name;
        // Long after it ended: its ports are gone.
        tokio::time::sleep(Duration::from_secs(1)).await;
        let error = containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect_err("ended");
        assert_eq!(error.to_string(), format!("`{name}` ended before it was ready: exit status 3"));
    }
}

#[tokio::test]
async fn a_session_without_a_network_has_to_keep_running() {
    let fixture = Fixture::new("alone").await;
    let containers = fixture.containers().with_options(options(Some("network")));
    let spec =
        |suffix, script| ContainerSpec { publish: vec![8080], ..fixture.spec(suffix, script) };
    let name = containers.start(spec("e", "sleep 1; exit 3")).await.expect("start").name;
    let error = containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect_err("ended");
    assert_eq!(error.to_string(), format!("`{name}` ended before it was ready: exit status 3"));
    let name = containers.start(spec("k", "sleep 600")).await.expect("start").name;
    let begin = Instant::now();
    containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect("keeps running");
    assert!(begin.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_container_that_removes_itself_is_said_to_have_ended() {
    let fixture = Fixture::new("rm").await;
    for (suffix, script) in [("i", "exit 3"), ("s", "sleep 1; exit 3")] {
        let containers = fixture.containers().with_options(options(Some("rm")));
        let spec = ContainerSpec { publish: vec![8080], ..fixture.spec(suffix, script) };
        let name = spec.name.clone();
        let error = match containers.start(spec).await {
            Ok(_) => containers.wait_ready(&name, 8080, &page(), MINUTE).await.expect_err("ended"),
            Err(error) => error,
        };
        let ended = format!("`{name}` ended before it was ready: ");
        let how = error.to_string().strip_prefix(&ended).expect("ended").to_owned();
        assert!(["exit status 3", "`--rm` removed it at once"].contains(&how.as_str()), "{how}");
        let hint = error.hint().expect("hint");
        assert_eq!(hint, "leave out `--rm` to see what it printed");
    }
}

#[derive(Default)]
struct Kept(Mutex<Vec<u8>>);

impl LogSink for Kept {
    fn write(&self, bytes: &[u8]) -> Result<(), ProviderError> {
        self.0.lock().expect("lock").extend_from_slice(bytes);
        Ok(())
    }
}

struct Full;

impl LogSink for Full {
    fn write(&self, _bytes: &[u8]) -> Result<(), ProviderError> {
        Err(ProviderError::cancelled())
    }
}

#[tokio::test]
async fn logs_are_followed_to_the_end_and_stop_when_nobody_reads() {
    let fixture = Fixture::new("logs").await;
    let containers = fixture.containers();
    let spec = fixture.spec("l", "echo one; echo two; sleep 0.5; echo three");
    let name = containers.start(spec).await.expect("start").name;
    let all = Kept::default();
    containers.logs(&name, None, true, &all).await.expect("follow");
    assert_eq!(String::from_utf8_lossy(&all.0.lock().expect("lock")), "one\ntwo\nthree\n");
    let last = Kept::default();
    containers.logs(&name, Some(1), false, &last).await.expect("tail");
    assert_eq!(String::from_utf8_lossy(&last.0.lock().expect("lock")), "three\n");
    let error = containers.logs(&name, None, false, &Full).await.expect_err("full");
    assert_eq!(error.to_string(), "interrupted");
}
