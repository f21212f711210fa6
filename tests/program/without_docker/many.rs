//! Many at once.

use std::collections::BTreeSet;

use support::{Context, get};

use super::ground::{Ground, Started, processes_with, renku};

const COUNT: usize = 50;

#[test]
fn fifty_sessions_start_answer_and_end_at_once() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    // The copy of the program is made once.
    let commands: Vec<_> =
        (0..COUNT).map(|_| renku(&ground.project, &ground.words(&[])).spawn()).collect();
    let started: Vec<Started> =
        commands.into_iter().map(|it| Started::of(&it.wait().success().json())).collect();
    let names: BTreeSet<&str> = started.iter().map(|it| it.name.as_str()).collect();
    let places: BTreeSet<&str> = started.iter().map(Started::address).collect();
    assert_eq!((names.len(), places.len()), (COUNT, COUNT));
    for session in &started {
        assert_eq!(get(&session.url).status, 200, "{}", session.url);
    }
    let _ = renku(&ground.project, &["stop", "-p", "local", "--all", "--yes"]).run().success();
    assert_eq!(ground.left(), Vec::<String>::new());
    assert_eq!(processes_with(context.home().to_str().unwrap()), Vec::new());
    assert!(started.iter().all(|session| !session.listens()));
}
