//! Whatever goes wrong between here and there, the user reads what it was, and what
//! to do, with the exit status for it.

use std::time::{Duration, Instant};

use super::ground::Ground;
use support::renkulab::{Fault, Pace};

/// What `ls -p renkulab` says when every request for the list meets a fault.
fn listed(fault: Fault) -> String {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions", fault, 100);
    ground.printed(&project, &["ls", "-p", "renkulab", "--timeout", "20s"])
}

#[test]
fn statuses() {
    insta::assert_snapshot!(listed(Fault::Status(401)), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] does not know who you are
      An error on demand.
      trace id 0123456789abcdef
    hint: run `renku login http://127.0.0.1:[PORT]`, or set a new `RENKU_CLI_ACCESS_TOKEN`
    ");
    insta::assert_snapshot!(listed(Fault::Status(403)), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] does not let you list your sessions
      An error on demand.
      trace id 0123456789abcdef
    ");
    insta::assert_snapshot!(listed(Fault::Status(409)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions now
      An error on demand.
      trace id 0123456789abcdef
    ");
    insta::assert_snapshot!(listed(Fault::Status(422)), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] refuses to list your sessions
      An error on demand.
      trace id 0123456789abcdef
    ");
    insta::assert_snapshot!(listed(Fault::Status(500)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions: it reports an internal error
      An error on demand.
      trace id 0123456789abcdef
    hint: try again in a minute
    ");
}

#[test]
fn something_that_is_no_renkulab() {
    insta::assert_snapshot!(listed(Fault::Html(404)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions: its answer is not one of RenkuLab
      HTTP status 404, without an explanation from the service
    hint: try again in a minute; if it stays so, check the address with `renku whoami`
    ");
    insta::assert_snapshot!(listed(Fault::Html(200)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions: its answer is not one of RenkuLab
      expected value at line 1 column 1
    hint: try again in a minute; if it stays so, check the address with `renku whoami`
    ");
    insta::assert_snapshot!(listed(Fault::Body("{\"not\": \"a list\"}")), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions: its answer is not one of RenkuLab
      invalid type: map, expected a sequence at line 1 column 0
    hint: try again in a minute; if it stays so, check the address with `renku whoami`
    ");
    insta::assert_snapshot!(listed(Fault::Redirect("https://elsewhere.example/".into())), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `http://127.0.0.1:[PORT]/` redirects to `https://elsewhere.example/`, which is not followed
    hint: check the URL; a login page or a proxy may stand before the service
    ");
}

#[test]
fn connections_that_break() {
    insta::assert_snapshot!(listed(Fault::Truncated), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the response of `http://127.0.0.1:[PORT]` was cut off
      error reading a body from connection
      end of file before message length reached
    hint: try again later
    ");
    insta::assert_snapshot!(listed(Fault::Reset), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the response of `http://127.0.0.1:[PORT]` was cut off
      connection error
      Connection reset by peer (os error 104)
    hint: try again later
    ");
}

#[test]
fn too_many_requests_are_asked_again_later() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions", Fault::TooManyRequests(1), 1);
    let _ = ground.session(&project, &["ls", "-p", "renkulab", "--timeout", "60s"]).success();
    let asked: Vec<u16> = ground
        .lab
        .requests()
        .iter()
        .filter(|seen| seen.path == "/api/data/sessions")
        .map(|seen| seen.status)
        .collect();
    assert_eq!(asked, [429, 200]);
}

#[test]
fn a_page_of_the_ingress_is_asked_again_and_then_told() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions", Fault::Html(503), 1);
    let _ = ground.session(&project, &["ls", "-p", "renkulab", "--timeout", "60s"]).success();
    ground.lab.fault("GET", "/api/data/sessions", Fault::Html(503), 100);
    insta::assert_snapshot!(
        ground.printed(&project, &["ls", "-p", "renkulab", "--timeout", "60s"]), @r"
        exit status: 1
        --- stdout
        --- stderr
        error: http://127.0.0.1:[PORT] cannot list your sessions: it reports an internal error
          HTTP status 503
        hint: try again in a minute
        "
    );
}

#[test]
fn a_slow_body_is_waited_for_within_the_limit() {
    let ground = Ground::new();
    let project = ground.bound();
    let slow = || Fault::SlowBody(Duration::from_millis(20));
    let _ = ground.lab.session("user1", &ground.launcher);
    ground.lab.fault("GET", "/api/data/sessions", slow(), 1);
    let _ = ground.session(&project, &["ls", "-p", "renkulab", "--timeout", "120s"]).success();
    ground.lab.fault("GET", "/api/data/sessions", slow(), 1);
    insta::assert_snapshot!(
        ground.printed(&project, &["ls", "-p", "renkulab", "--timeout", "1s"]), @r"
        exit status: 1
        --- stdout
        --- stderr
        error: provider `renkulab` did not answer within 1 s
        "
    );
}

/// A start is not given up because the service was away for a moment, and a
/// start that was refused leaves nothing.
#[test]
fn faults_in_the_middle_of_a_start() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions/jane-doe", Fault::Reset, 2);
    let _ = ground.session(&project, &["start", "-p", "renkulab"]).success();
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    for (fault, status) in
        [(Fault::Status(422), 2), (Fault::Status(409), 1), (Fault::Status(500), 1)]
    {
        ground.lab.clear_faults();
        ground.lab.fault("POST", "/api/data/sessions", fault, 2);
        let _ = ground.session(&project, &["start", "-p", "renkulab"]).exits(status);
        assert_eq!(ground.lab.sessions(), Vec::<String>::new());
    }
}

/// It cannot be taken back, so its user must know of it.
#[test]
fn a_session_that_cannot_be_taken_back_is_named() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions/jane-doe", Fault::Status(500), 1000);
    let arguments = ["start", "-p", "renkulab", "--wait-timeout", "2s"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Cleaning up
    `jane-doe-[ID]` may still run; `renku session stop jane-doe-[ID]` ends it
    error: http://127.0.0.1:[PORT] cannot look at the session: it reports an internal error
      An error on demand.
      trace id 0123456789abcdef
    hint: try again in a minute
    ");
    assert_eq!(ground.lab.sessions().len(), 1);
}

/// The same when nobody is known any more in the middle of a start.
#[test]
fn a_session_of_a_login_that_ends_meanwhile_is_named() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.pace(Pace { starting: u32::MAX, stopping: 1 });
    let running = ground.command(&project, &["start", "-p", "renkulab"]).spawn();
    let begin = Instant::now();
    while ground.lab.sessions().is_empty() {
        assert!(begin.elapsed() < Duration::from_secs(60), "no session appeared");
        std::thread::sleep(Duration::from_millis(10));
    }
    ground.lab.expire_access();
    let run = running.wait();
    insta::assert_snapshot!(run.snapshot(), @"
    exit status: 3
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Cleaning up
    `jane-doe-[ID]` may still run; `renku session stop jane-doe-[ID]` ends it
    error: http://127.0.0.1:[PORT] does not know who you are
      You have to be authenticated to perform this operation.
    hint: run `renku login http://127.0.0.1:[PORT]`, or set a new `RENKU_CLI_ACCESS_TOKEN`
    ");
    assert_eq!(ground.lab.sessions().len(), 1);
}

/// Within the three seconds that a list waits.
#[test]
fn a_list_says_what_the_gateway_answered() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions", Fault::Html(502), 100);
    insta::assert_snapshot!(ground.printed(&project, &["ls", "-p", "renkulab"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] cannot list your sessions: it reports an internal error
      HTTP status 502
    hint: try again in a minute
    ");
}

/// The session is there, and its start was never answered: asked again, the
/// service gives it.
#[test]
fn a_start_whose_answer_is_lost_finds_its_session() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("POST", "/api/data/sessions", Fault::Reset, 1);
    let _ = ground.session(&project, &["start", "-p", "renkulab"]).success();
    assert_eq!(ground.lab.sessions().len(), 1);
}

#[test]
fn offline_refuses_the_web_and_says_so() {
    let ground = Ground::new();
    let project = ground.bound();
    insta::assert_snapshot!(ground.printed(&project, &["start", "-p", "renkulab", "--offline"]), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `renkulab` needs the web, and `--offline` was given
    hint: run it again without `--offline`
    ");
    assert_eq!(ground.lab.lines(), Vec::<String>::new());
}

/// As it is when the network swallows what is sent.
#[test]
fn ctrl_c_ends_a_request_that_hangs() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("*", "/session_launchers", Fault::Stall(Duration::from_secs(90)), 9);
    let running = ground.command(&project, &["start", "-p", "renkulab"]).spawn();
    let begin = Instant::now();
    // The request before the one that hangs.
    while !ground.lab.lines().iter().any(|line| line.contains("/projects/")) {
        assert!(begin.elapsed() < Duration::from_secs(60), "{:?}", ground.lab.lines());
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    let begin = Instant::now();
    running.signal("INT");
    let run = running.wait().exits(130);
    assert!(begin.elapsed() < Duration::from_secs(30), "{:?}", begin.elapsed());
    ground.keeps_secrets(&run);
}

#[test]
fn a_gateway_that_wants_us_to_wait_for_long_is_told() {
    insta::assert_snapshot!(listed(Fault::TooManyRequests(3600)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] gets too many requests
      rate limit exceeded
    hint: try again in 3600 s
    ");
}
