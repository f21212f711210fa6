//! A pause or a resume that the service drops while its operator lags, and answers with 200.

use super::ground::Ground;

/// The wishes that were sent, in order.
fn sent(ground: &Ground) -> Vec<String> {
    let requests = ground.lab.requests().into_iter();
    requests.filter(|seen| seen.method == "PATCH").map(|seen| seen.body).collect()
}

#[test]
fn a_pause_behind_a_resume_is_sent_again_until_the_session_is_paused() {
    let ground = Ground::new();
    let project = ground.bound();
    let name = ground.lab.session("user1", &ground.launcher);
    ground.lab.hibernate(&name);
    ground.lab.lag(2);
    let _ = ground.session(&project, &["resume", "-p", "renkulab"]).success();
    ground.lab.forget_requests();
    insta::assert_snapshot!(ground.printed(&project, &["pause", "-p", "renkulab"]), @"
    exit status: 0
    --- stdout
    --- stderr
    Paused `jane-doe-[ID]`; `renku session resume jane-doe-[ID]` takes it up again
    ");
    assert_eq!(sent(&ground), [r#"{"state":"hibernated"}"#; 3]);
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"][0]["status"], "hibernated");
}

#[test]
fn a_resume_behind_a_pause_is_sent_again_until_the_session_starts() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    ground.lab.lag(2);
    let _ = ground.session(&project, &["pause", "-p", "renkulab"]).success();
    ground.lab.forget_requests();
    let _ = ground.session(&project, &["resume", "-p", "renkulab"]).success();
    assert_eq!(sent(&ground), [r#"{"state":"running"}"#; 3]);
    let run = ground.session(&project, &["ls", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["sessions"][0]["status"], "running");
}

/// The same where a start resumes it, in another class.
#[test]
fn a_start_resumes_a_session_whose_pause_has_just_been_sent() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.session("user1", &ground.launcher);
    ground.lab.lag(1);
    let _ = ground.session(&project, &["pause", "-p", "renkulab"]).success();
    let run = ground
        .session(&project, &["start", "-p", "renkulab", "--cpu", "1", "--format", "json"])
        .success();
    assert_eq!(run.json()["session"]["status"], "running");
}
