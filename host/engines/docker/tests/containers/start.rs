//! The requests of a start, and that nothing stays behind.

use std::time::Duration;

use renku_session_contract::{ContainerSpec, ContainerState, ContainersError};
use renku_session_domain::{Diagnostic, ErrorKind, Gpu, Resources};
use serde_json::json;

use crate::fixture::Fixture;

#[tokio::test]
async fn a_start_that_is_dropped_at_any_moment_leaves_nothing() {
    let fixture = Fixture::new("drop").await;
    for milliseconds in [0, 1, 3, 6, 10, 15, 25, 40, 60, 90, 130, 180, 250] {
        let containers = fixture.containers();
        let start = containers.start(fixture.spec(&format!("d{milliseconds}"), "sleep 600"));
        let _ = tokio::time::timeout(Duration::from_millis(milliseconds), start).await;
        let errors = containers.remove_created().await;
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(fixture.on_engine().await, Vec::<String>::new(), "after {milliseconds} ms");
        assert_eq!(containers.created(), Vec::<String>::new());
    }
}

#[tokio::test]
async fn the_engine_runs_exactly_what_the_policy_says() {
    let fixture = Fixture::new("policy").await;
    let containers = fixture.containers();
    let info = containers
        .start(ContainerSpec {
            environment: vec![("TOKEN".into(), "secret".into())],
            publish: vec![8888],
            mount_project: Some("/work/analysis".into()),
            working_directory: Some("/work/analysis".into()),
            resources: Resources { cpu: Some(0.5), memory: Some(64 << 20), ..Resources::default() },
            ..fixture.spec("p", "sleep 600")
        })
        .await
        .expect("start");
    assert_eq!(info.state, ContainerState::Running);
    assert_eq!(info.environment, [("TOKEN".to_owned(), "secret".to_owned())].into());
    assert_eq!(info.ports.len(), 1);
    assert_eq!(info.ports[0].host_ip.as_deref(), Some("127.0.0.1"));
    assert!(info.ports[0].host.is_some());

    let answer = fixture.docker.inspect_container(&info.name, None).await.expect("inspect");
    let host = serde_json::to_value(answer.host_config.expect("host config")).expect("json");
    let told = |key: &str| host.get(key).cloned().unwrap_or_default();
    let root = fixture.scope("docker", true).project.expect("project").root;
    assert_eq!(told("Init"), json!(true));
    assert_eq!(told("ShmSize"), json!(512 << 20));
    assert_eq!(told("NanoCpus"), json!(500_000_000));
    assert_eq!(told("Memory"), json!(64 << 20));
    assert_eq!(told("AutoRemove"), json!(false));
    assert_eq!(told("Privileged"), json!(false));
    assert_eq!(told("NetworkMode"), json!("default"));
    assert_eq!(told("CapAdd"), json!(null));
    assert_eq!(told("Binds"), json!(null));
    assert_eq!(told("RestartPolicy")["Name"], json!("no"));
    assert_eq!(
        told("Mounts"),
        json!([{"Type": "bind", "Source": root, "Target": "/work/analysis"}])
    );

    assert_eq!(containers.created(), [info.name.as_str()]);
    containers.stop(&info.name, 5).await.expect("stop");
    assert_eq!(containers.created(), Vec::<String>::new());
    assert_eq!(fixture.on_engine().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_the_engine_cannot_do_is_named_and_leaves_nothing() {
    let fixture = Fixture::new("cannot").await;
    let containers = fixture.containers();
    let cases = [
        (Resources { cpu: Some(100_000.0), ..Resources::default() }, ErrorKind::InvalidInput),
        (Resources { gpu: Some(Gpu::All), ..Resources::default() }, ErrorKind::Unsupported),
    ];
    for (resources, kind) in cases {
        let spec = ContainerSpec { resources, ..fixture.spec("r", "sleep 600") };
        let error = containers.start(spec).await.expect_err("refused");
        assert_eq!(error.kind(), kind, "{error:?}");
        assert_eq!(fixture.on_engine().await, Vec::<String>::new());
        assert_eq!(containers.created(), Vec::<String>::new());
    }
    let spec =
        ContainerSpec { image: format!("{}:gone", fixture.name), ..fixture.spec("m", "true") };
    let error = containers.start(spec).await.expect_err("no image");
    assert_eq!(
        error.to_string(),
        format!("there is no image `{}:gone` on this engine", fixture.name)
    );
}

#[tokio::test]
async fn a_taken_name_is_an_error_and_its_owner_survives_the_clean_up() {
    let fixture = Fixture::new("taken").await;
    fixture.foreign("t", Default::default()).await;
    let containers = fixture.containers();
    let error = containers.start(fixture.spec("t", "sleep 600")).await.expect_err("taken");
    assert!(matches!(error, ContainersError::NameTaken { .. }), "{error:?}");
    assert!(containers.remove_created().await.is_empty());
    assert_eq!(fixture.on_engine().await, [format!("{}-t", fixture.name)]);
}

#[tokio::test]
async fn a_session_can_be_frozen_thawed_and_stopped_in_every_state() {
    let fixture = Fixture::new("states").await;
    let containers = fixture.containers();
    let name = containers.start(fixture.spec("s", "sleep 600")).await.expect("start").name;
    assert_eq!(
        containers.resume(&name).await.expect_err("runs").to_string(),
        format!("`{name}` cannot be resumed")
    );
    containers.pause(&name).await.expect("pause");
    assert_eq!(containers.inspect(&name).await.expect("inspect").state, ContainerState::Paused);
    containers.resume(&name).await.expect("resume");
    containers.pause(&name).await.expect("pause again");
    containers.stop(&name, 1).await.expect("stop a frozen one");

    let name = containers.start(fixture.spec("e", "exit 3")).await.expect("start").name;
    while containers.inspect(&name).await.expect("inspect").exit_code != Some(3) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(containers.list().await.expect("list")[0].exit_code, Some(3));
    containers.stop(&name, 1).await.expect("stop one that has ended");
    assert_eq!(fixture.on_engine().await, Vec::<String>::new());
}
