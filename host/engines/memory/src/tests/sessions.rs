//! Containers: their life, what they print, their files, and who sees them.

use std::io::Read as _;
use std::sync::Arc;
use std::time::Duration;

use super::{Ground, Sink, spec};
use crate::contract::{
    ContainerState, Containers, ContainersError, Probe, ProjectCopy, ProjectFiles, census, glance,
};
use crate::domain::Silent;
use crate::files::session_key::KeyFile;

fn probe() -> [Probe; 1] {
    [Probe { path: "/api".into(), status_below: 400 }]
}

#[tokio::test]
async fn a_container_is_started_seen_frozen_and_stopped() {
    let ground = Ground::new();
    let containers = ground.containers();
    let started = containers.start(spec("a1")).await.expect("start");
    assert_eq!(started.state, ContainerState::Running);
    let ready = containers.wait_ready("a1", 8888, &probe(), Duration::from_secs(5)).await;
    ready.expect("ready");
    let listed = containers.list().await.expect("list");
    assert_eq!(listed.iter().map(|it| it.name.as_str()).collect::<Vec<_>>(), ["a1"]);
    containers.pause("a1").await.expect("pause");
    assert_eq!(containers.inspect("a1").await.expect("inspect").state, ContainerState::Paused);
    assert!(matches!(containers.pause("a1").await, Err(ContainersError::WrongState { .. })));
    containers.resume("a1").await.expect("resume");
    containers.stop("a1", 1).await.expect("stop");
    assert_eq!(ground.names(), Vec::<String>::new());
    assert!(matches!(containers.stop("a1", 1).await, Err(ContainersError::NotFound { .. })));
}

#[tokio::test]
async fn a_program_that_ends_at_once_is_told_with_what_it_printed() {
    let ground = Ground::new();
    ground.programs.end();
    let containers = ground.containers();
    containers.start(spec("a1")).await.expect("start");
    let ready = containers.wait_ready("a1", 8888, &probe(), Duration::from_secs(5)).await;
    let Err(ContainersError::ExitedBeforeReady { exit_code, log, .. }) = ready else {
        panic!("{ready:?}");
    };
    assert_eq!((exit_code, log), (Some(1), vec!["one".to_owned(), "two".to_owned()]));
}

#[tokio::test]
async fn logs_are_given_whole_or_their_end() {
    let ground = Ground::new();
    let containers = ground.containers();
    containers.start(spec("a1")).await.expect("start");
    let (all, last) = (Sink::default(), Sink::default());
    containers.logs("a1", None, false, &all).await.expect("logs");
    containers.logs("a1", Some(1), false, &last).await.expect("logs");
    assert_eq!((all.text().as_str(), last.text().as_str()), ("one\ntwo\n", "two\n"));
}

#[tokio::test]
async fn names_and_volumes_are_taken_once() {
    let ground = Ground::new();
    ground.containers().start(spec("a1")).await.expect("start");
    let again = ground.containers().start(spec("a1")).await;
    assert!(matches!(again, Err(ContainersError::NameTaken { .. })), "{again:?}");
}

#[tokio::test]
async fn a_project_is_copied_in_and_comes_out_as_the_session_left_it() {
    let ground = Ground::new();
    std::fs::write(ground.root().join("data.txt"), "42").expect("write");
    let copy = ProjectCopy { paths: vec!["data.txt".into()], note: b"note".to_vec() };
    let scope = ground.scope(ProjectFiles::Copied(Arc::new(copy)));
    let containers = Containers::new(scope, ground.memory.clone(), Arc::new(Silent));
    containers.start(spec("a1")).await.expect("start");
    assert_eq!(ground.change(|state| state.volumes.len()), 1);
    let copied = containers.copied_project("a1").await.expect("read");
    let copied = copied.expect("a copy");
    assert_eq!(copied.note, b"note");
    let mut files = Vec::new();
    for entry in tar::Archive::new(copied.archive).entries().expect("archive") {
        let mut entry = entry.expect("entry");
        let mut text = String::new();
        entry.read_to_string(&mut text).expect("text");
        files.push((entry.path().expect("path").display().to_string(), text));
    }
    files.sort();
    let file = |path: &str, text: &str| (path.to_owned(), text.to_owned());
    assert_eq!(files, [file("analysis/", ""), file("analysis/data.txt", "42")]);
    containers.stop("a1", 1).await.expect("stop");
    assert_eq!(ground.change(|state| state.volumes.len()), 0);
}

#[tokio::test]
async fn another_user_sees_nothing() {
    let ground = Ground::new();
    ground.containers().start(spec("a1")).await.expect("start");
    let (own, other) = (ground.folder.path(), tempfile::tempdir().expect("folder"));
    let key = |folder| KeyFile::within(folder, true);
    let seen = async |key: KeyFile| {
        let project = ground.scope(ProjectFiles::Mounted).project.expect("project");
        let counted = census(ground.memory.as_ref(), &key).await.expect("census").sessions.len();
        (counted, glance(ground.memory.as_ref(), &project, &key, "docker").await.len())
    };
    assert_eq!(seen(key(own)).await, (1, 1));
    assert_eq!(seen(key(other.path())).await, (0, 0));
}
