//! A start that is not given up too early: a failure that the cluster recovers from, and a
//! service that is away for some seconds.

use super::ground::Ground;
use support::renkulab::Fault;

const START: [&str; 5] = ["start", "-p", "renkulab", "--format", "json"];

#[test]
fn a_pull_that_works_at_the_second_try_is_waited_for() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fail_next_for("failure to retrieve image: ErrImagePull: toomanyrequests", 3);
    let run = ground.session(&project, &START).success();
    assert_eq!(run.json()["session"]["status"], "running");
    assert_eq!(ground.lab.sessions().len(), 1);
}

/// Reset connections and pages of the gateway, for some twelve seconds.
#[test]
fn a_service_that_is_away_for_a_while_ends_no_wait_and_loses_no_session() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.fault("GET", "/api/data/sessions/jane-doe", Fault::Reset, 6);
    ground.lab.fault("GET", "/api/data/sessions/jane-doe", Fault::Html(502), 6);
    let run = ground.session(&project, &START).success();
    assert_eq!(run.json()["session"]["status"], "running");
    assert_eq!(ground.lab.sessions().len(), 1);
    assert!(ground.lab.requests().iter().all(|seen| seen.method != "DELETE"));
}
