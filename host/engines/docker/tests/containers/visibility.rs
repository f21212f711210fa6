//! Who sees what: everybody else's containers do not exist.

use std::collections::HashMap;
use std::time::Duration;

use bollard::models::{ContainerConfig, ContainerCreateBody, HostConfig, Mount, MountType};
use bollard::query_parameters::CommitContainerOptions;
use renku_session_contract::{Containers, ContainersError, LogSink, Scope};
use renku_session_domain::ProviderError;
use renku_session_files::session_key::KeyFile;

use crate::fixture::Fixture;

struct Nowhere;

impl LogSink for Nowhere {
    fn write(&self, _bytes: &[u8]) -> Result<(), ProviderError> {
        Ok(())
    }
}

/// No call finds `name`, and none of them touches it.
async fn does_not_exist(containers: &Containers, name: &str) {
    let results = [
        ("inspect", containers.inspect(name).await.map(drop)),
        ("stop", containers.stop(name, 0).await),
        ("pause", containers.pause(name).await),
        ("resume", containers.resume(name).await),
        ("logs", containers.logs(name, None, false, &Nowhere).await),
        ("wait", containers.wait_ready(name, 80, &[], Duration::from_millis(1)).await),
    ];
    for (call, result) in results {
        assert!(
            matches!(result, Err(ContainersError::NotFound { .. })),
            "{call} of `{name}`: {result:?}"
        );
    }
}

async fn names(containers: &Containers) -> Vec<String> {
    let mut names: Vec<_> =
        containers.list().await.expect("list").into_iter().map(|info| info.name).collect();
    names.sort();
    names
}

#[tokio::test]
async fn a_foreign_container_does_not_exist_by_name_id_or_prefix() {
    let fixture = Fixture::new("foreign").await;
    let id = fixture.foreign("f", ContainerCreateBody::default()).await;
    let containers = fixture.containers();
    let name = format!("{}-f", fixture.name);
    for handle in [name.as_str(), &id, &id[..12], &id[..4]] {
        does_not_exist(&containers, handle).await;
    }
    for handle in ["", "/", "../version", &format!("/{name}")] {
        does_not_exist(&containers, handle).await;
    }
    assert_eq!(names(&containers).await, Vec::<String>::new());
    let answer = fixture.docker.inspect_container(&id, None).await.expect("inspect");
    assert_eq!(answer.state.and_then(|state| state.running), Some(true), "it still runs");
}

#[tokio::test]
async fn an_own_container_is_known_by_its_name_only() {
    let fixture = Fixture::new("own").await;
    let containers = fixture.containers();
    let name = containers.start(fixture.spec("o", "sleep 600")).await.expect("start").name;
    let id = fixture.docker.inspect_container(&name, None).await.expect("inspect").id.expect("id");
    does_not_exist(&containers, &id).await;
    does_not_exist(&containers, &id[..12]).await;
    assert_eq!(names(&containers).await, [name.as_str()]);
}

#[tokio::test]
async fn other_users_see_nothing() {
    let fixture = Fixture::new("users").await;
    let containers = fixture.containers();
    let name = containers.start(fixture.spec("o", "sleep 600")).await.expect("start").name;

    let home = tempfile::tempdir().expect("home");
    let scope_of = |legacy, may_be_made, project: bool| {
        let scope = fixture.scope("docker", legacy);
        let project = scope.project.clone().filter(|_| project);
        Scope { project, key: KeyFile::within(home.path(), may_be_made), ..scope }
    };
    // Without a key nobody is anybody; with one, somebody else.
    for may_be_made in [false, true] {
        for (legacy, project) in [(true, true), (true, false), (false, true), (false, false)] {
            let other = fixture.containers_of(scope_of(legacy, may_be_made, project));
            does_not_exist(&other, &name).await;
            assert!(!names(&other).await.contains(&name));
        }
        let _ = KeyFile::within(home.path(), true).make().expect("key");
    }
    assert_eq!(names(&containers).await, [name.as_str()]);
}

#[tokio::test]
async fn other_providers_and_projects_see_nothing() {
    let fixture = Fixture::new("others").await;
    let containers = fixture.containers();
    let name = containers.start(fixture.spec("o", "sleep 600")).await.expect("start").name;

    let other_provider = fixture.containers_of(fixture.scope("acme/slurm", true));
    does_not_exist(&other_provider, &name).await;
    assert_eq!(names(&other_provider).await, Vec::<String>::new());

    let mut scope = fixture.scope("docker", true);
    scope.project.as_mut().expect("project").id = "another".into();
    let other_project = fixture.containers_of(scope);
    does_not_exist(&other_project, &name).await;
    assert_eq!(names(&other_project).await, Vec::<String>::new());

    let all_projects = Scope { project: None, ..fixture.scope("docker", false) };
    assert!(names(&fixture.containers_of(all_projects)).await.contains(&name));
}

#[tokio::test]
async fn a_container_of_an_image_made_from_a_session_is_foreign() {
    let fixture = Fixture::new("commit").await;
    let containers = fixture.containers();
    let name = containers.start(fixture.spec("o", "sleep 600")).await.expect("start").name;
    let options = CommitContainerOptions {
        container: Some(name.clone()),
        repo: Some(fixture.name.clone()),
        tag: Some("commit".into()),
        ..CommitContainerOptions::default()
    };
    fixture.docker.commit_container(options, ContainerConfig::default()).await.expect("commit");
    let image = Some(format!("{}:commit", fixture.name));
    fixture.foreign("copy", ContainerCreateBody { image, ..Default::default() }).await;
    does_not_exist(&containers, &format!("{}-copy", fixture.name)).await;
    assert_eq!(names(&containers).await, [name]);
}

#[tokio::test]
async fn sessions_of_the_python_renku_belong_to_the_project_they_mount() {
    let fixture = Fixture::new("python").await;
    let mount = |source: &std::path::Path| HostConfig {
        mounts: Some(vec![Mount {
            typ: Some(MountType::BIND),
            source: Some(source.to_string_lossy().into_owned()),
            target: Some("/work".into()),
            ..Mount::default()
        }]),
        // As renku-python does it: the engine and we remove it at once.
        auto_remove: Some(true),
        ..HostConfig::default()
    };
    let python = |host_config| ContainerCreateBody {
        labels: Some(HashMap::from([("renku_project".to_owned(), "analysis".to_owned())])),
        host_config: Some(host_config),
        ..ContainerCreateBody::default()
    };
    let root = fixture.project.path().canonicalize().expect("root");
    let elsewhere = tempfile::tempdir().expect("tempdir");
    fixture.foreign("mine", python(mount(&root))).await;
    fixture.foreign("other", python(mount(elsewhere.path()))).await;

    let mine = format!("{}-mine", fixture.name);
    let containers = fixture.containers();
    assert_eq!(names(&containers).await, [mine.as_str()]);
    assert!(containers.inspect(&mine).await.expect("inspect").legacy);
    does_not_exist(&containers, &format!("{}-other", fixture.name)).await;
    does_not_exist(&fixture.containers_of(fixture.scope("docker", false)), &mine).await;

    containers.stop(&mine, 1).await.expect("stop");
    assert_eq!(fixture.on_engine().await, [format!("{}-other", fixture.name)]);
}
