//! What a provider may not ask for.

use super::*;
use crate::domain::{Diagnostic, ErrorKind};

fn spec() -> ContainerSpec {
    ContainerSpec {
        name: "analysis-x1".into(),
        image: "analysis:1".into(),
        ..ContainerSpec::default()
    }
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
        "the project cannot be mounted at `/etc/x`: the image's own system is there"
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
