//! The whole body that the engine is sent, and what never gets that far.

use serde_json::json;

use super::*;
use crate::domain::{Diagnostic, ErrorKind, Resources};

fn scope() -> Scope {
    Scope { provider: "docker".into(), project: Some(project()), legacy: true }
}

fn project() -> ProjectScope {
    ProjectScope { id: "p1".into(), root: "/home/ann/a:b".into(), files: ProjectFiles::Mounted }
}

fn spec() -> ContainerSpec {
    ContainerSpec {
        name: "analysis-x1".into(),
        image: "analysis:1".into(),
        ..ContainerSpec::default()
    }
}

#[test]
fn the_smallest_container_is_bounded_already() {
    let body = create_body(
        &spec(),
        &scope(),
        &project(),
        &Identity::default(),
        &EngineOptions::default(),
        &[],
    );
    assert_eq!(
        serde_json::to_value(body).expect("json"),
        json!({
            "Image": "analysis:1",
            "Env": [],
            "ExposedPorts": {},
            "Labels": {
                "io.renku.session.provider": "docker",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "",
                "io.renku.session.ports": "",
            },
            "HostConfig": {
                "Init": true,
                "ShmSize": 536_870_912,
                "RestartPolicy": {"Name": "no"},
                "PortBindings": {},
            },
        })
    );
}

#[test]
fn a_full_container_is_sent_as_asked_and_nothing_more() {
    let spec = ContainerSpec {
        command: Some(vec!["jupyter".into(), "lab".into()]),
        entrypoint: Some(vec!["tini".into(), "--".into()]),
        environment: vec![
            ("TOKEN".into(), "old".into()),
            ("HOME".into(), "/x".into()),
            ("TOKEN".into(), "new".into()),
        ],
        labels: BTreeMap::from([("renku_project".into(), "analysis".into())]),
        publish: vec![8888],
        mount_project: Some("/home/jovyan/work/analysis".into()),
        working_directory: Some("/home/jovyan/work/analysis".into()),
        resources: Resources { memory: Some(1 << 20), ..Resources::default() },
        ..spec()
    };
    let identity = Identity {
        user: Some("0:0".into()),
        environment: vec![("NB_UID".into(), "0".into())],
        command: Some(vec!["jupyter".into(), "lab".into(), "--allow-root".into()]),
        ..Identity::default()
    };
    let body = create_body(&spec, &scope(), &project(), &identity, &EngineOptions::default(), &[]);
    assert_eq!(
        serde_json::to_value(body).expect("json"),
        json!({
            "Image": "analysis:1",
            "User": "0:0",
            "Entrypoint": ["tini", "--"],
            "Cmd": ["jupyter", "lab", "--allow-root"],
            "Env": ["HOME=/x", "NB_UID=0", "TOKEN=new"],
            "WorkingDir": "/home/jovyan/work/analysis",
            "ExposedPorts": {"8888/tcp": {}},
            "Labels": {
                "renku_project": "analysis",
                "io.renku.session.provider": "docker",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "HOME,TOKEN",
                "io.renku.session.ports": "8888",
            },
            "HostConfig": {
                "Init": true,
                "ShmSize": 536_870_912,
                "Memory": 1_048_576,
                "RestartPolicy": {"Name": "no"},
                "PortBindings": {"8888/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
                "Mounts": [{
                    "Type": "bind",
                    "Source": "/home/ann/a:b",
                    "Target": "/home/jovyan/work/analysis",
                    "ReadOnly": false,
                }],
            },
        })
    );
}

#[test]
fn names_follow_the_rule() {
    for name in ["ab", "a_b.c-d", "0a", &"a".repeat(63)] {
        assert!(check_name(name).is_ok(), "{name}");
    }
    for name in ["", "a", "-ab", ".ab", "a b", "a/b", "ä1", "a\n", &"a".repeat(64)] {
        assert!(check_name(name).is_err(), "{name}");
    }
}

#[test]
fn the_project_cannot_be_mounted_over_the_system() {
    let error = |target: &str| check_mount(target).expect_err(target).to_string();
    assert_eq!(
        error("/etc/x"),
        "the project cannot be mounted at `/etc/x`: the system of the image is there"
    );
    assert_eq!(
        error("work"),
        "the project cannot be mounted at `work`: it is not an absolute path"
    );
    for target in
        ["/", "/usr", "/proc/1", "/dev", "/usr/bin", "/a/../etc", "/a//b", "/a/", "/a/./b"]
    {
        error(target);
    }
    for target in ["/work", "/home/jovyan/work/x", "/usr/src/app/work/x", "/etcetera", "/a..b"] {
        assert!(check_mount(target).is_ok(), "{target}");
    }
}

#[test]
fn labels_of_the_host_variables_and_ports_that_cannot_be_are_refused() {
    let reserved = ContainerSpec {
        labels: BTreeMap::from([("io.renku.session.provider".into(), "other".into())]),
        ..spec()
    };
    assert_eq!(check(&reserved).expect_err("label").kind(), ErrorKind::Denied);
    let variable = ContainerSpec { environment: vec![("A=B".into(), "c".into())], ..spec() };
    assert_eq!(
        check(&variable).expect_err("variable").to_string(),
        "`A=B` cannot be the name of an environment variable"
    );
    let port = ContainerSpec { publish: vec![0], ..spec() };
    assert_eq!(check(&port).expect_err("port").to_string(), "0 cannot be the port of a session");
    let directory = ContainerSpec { working_directory: Some("work".into()), ..spec() };
    assert_eq!(
        check(&directory).expect_err("directory").to_string(),
        "the working directory `work` is not an absolute path"
    );
}
