//! The whole body that the engine is sent, and what never gets that far.

use serde_json::json;

use super::super::ImageConfig;
use super::super::options::{OptionOrigin, Surroundings, find};
use super::super::run_as::{self, EngineUsers};
use super::*;
use crate::domain::{Diagnostic, ErrorKind, Resources};
use crate::files::session_key::KeyFile;
use crate::images::Owner;

fn scope() -> Scope {
    let key = KeyFile { path: "/none".into(), may_be_made: false };
    Scope { provider: "docker".into(), project: Some(project()), legacy: true, key }
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
        "ann",
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
                "io.renku.session.owner": "ann",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "",
                "io.renku.session.ports": "",
                "io.renku.session.copy": "",
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
    let body =
        create_body(&spec, &scope(), "ann", &project(), &identity, &EngineOptions::default(), &[]);
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
                "io.renku.session.owner": "ann",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "HOME,TOKEN",
                "io.renku.session.ports": "8888",
                "io.renku.session.copy": "",
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

/// The program, the user and the variables of a container of a docker-stacks image,
/// for the owner of the project and with what was typed.
fn of_a_docker_stack(uid: u32, typed: &[(&str, &str)]) -> serde_json::Value {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let image = ImageConfig {
        user: "1000".into(),
        entrypoint: words("tini -g -- start.sh"),
        command: words("start-notebook.py"),
        ..ImageConfig::default()
    };
    let around =
        Surroundings { directory: "/".into(), home: None, variable: &|_| None, local_engine: true };
    let mut options = EngineOptions::default();
    for (name, value) in typed {
        options
            .set(find(name).expect(name), value, OptionOrigin::CommandLine, &around)
            .expect("option");
    }
    let (spec, owner) = (spec(), Owner { uid, gid: uid });
    let asked = options.typed_over(&spec);
    let identity = run_as::decide(&asked, &image, owner, EngineUsers::Same, None);
    let body = create_body(&spec, &scope(), "ann", &project(), &identity, &options, &[]);
    let body = serde_json::to_value(body).expect("json");
    json!([body["Entrypoint"], body["Cmd"], body["User"], body["Env"]])
}

#[test]
fn what_the_user_typed_wins_over_what_makes_files_the_owner_s() {
    let variables = [("env", "NB_UID=7"), ("env", "OTHER=1")];
    assert_eq!(
        of_a_docker_stack(4321, &[]),
        json!([null, null, "root", ["NB_GID=4321", "NB_UID=4321"]])
    );
    assert_eq!(
        of_a_docker_stack(4321, &variables),
        json!([null, null, "root", ["NB_GID=4321", "NB_UID=7", "OTHER=1"]])
    );
}

#[test]
fn what_runs_as_whom_is_decided_with_the_entrypoint_that_was_typed() {
    assert_eq!(
        of_a_docker_stack(0, &[]),
        json!([["tini"], ["-g", "--", "jupyter", "lab", "--allow-root"], "0:0", ["HOME=/root"]])
    );
    // As `docker run --entrypoint`, it takes no words of the image's command.
    assert_eq!(
        of_a_docker_stack(0, &[("entrypoint", "/bin/sh")]),
        json!([["/bin/sh"], null, "0:0", ["HOME=/root"]])
    );
    assert_eq!(
        of_a_docker_stack(0, &[("entrypoint", "jupyter-lab")]),
        json!([["jupyter-lab"], ["--allow-root"], "0:0", ["HOME=/root"]])
    );
    // Nothing in it understands `NB_UID` any more.
    assert_eq!(
        of_a_docker_stack(4321, &[("entrypoint", "/bin/sh")]),
        json!([["/bin/sh"], null, "4321:4321", ["HOME=/home/renku", "USER=renku"]])
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
