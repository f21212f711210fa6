//! Which engine is chosen, and what is said when there is none.

use super::*;
use crate::domain::Diagnostic;

fn home(settings: EngineSettings) -> EngineSettings {
    EngineSettings {
        home: Some("/home/ann".into()),
        xdg_runtime_dir: Some("/run/user/7".into()),
        ..settings
    }
}

#[test]
fn the_known_places_are_tried_in_order() {
    assert_eq!(
        plan(&home(EngineSettings::default())).expect("plan"),
        Plan::FirstOf(
            [
                "unix:///var/run/docker.sock",
                "unix:///home/ann/.docker/run/docker.sock",
                "unix:///home/ann/.docker/desktop/docker.sock",
                "unix:///home/ann/.colima/default/docker.sock",
                "unix:///home/ann/.rd/docker.sock",
                "unix:///run/user/7/docker.sock",
                "unix:///run/user/7/podman/podman.sock",
            ]
            .map(str::to_owned)
            .to_vec()
        )
    );
}

#[test]
fn docker_host_is_a_decision_and_nothing_else_is_tried() {
    let settings = home(EngineSettings {
        docker_host: Some("unix:///x.sock".into()),
        docker_context: Some("other".into()),
        ..EngineSettings::default()
    });
    assert_eq!(
        plan(&settings).expect("plan"),
        Plan::Only { address: "unix:///x.sock".into(), setting: "`DOCKER_HOST`".into() }
    );
}

#[test]
fn a_context_that_is_not_there_is_named() {
    let settings =
        home(EngineSettings { docker_context: Some("gone".into()), ..EngineSettings::default() });
    let error = plan(&settings).expect_err("no such context");
    assert_eq!(
        error.to_string(),
        "there is no Docker context `gone`, which `DOCKER_CONTEXT` names"
    );
}

#[test]
fn the_current_context_comes_before_the_known_places() {
    let directory = tempfile::tempdir().expect("tempdir");
    let digest: String = {
        use sha2::{Digest, Sha256};
        Sha256::digest(b"work").iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let meta = directory.path().join("contexts/meta").join(digest);
    std::fs::create_dir_all(&meta).expect("mkdir");
    std::fs::write(meta.join("meta.json"), r#"{"Endpoints":{"docker":{"Host":"unix:///w.sock"}}}"#)
        .expect("write");
    std::fs::write(directory.path().join("config.json"), r#"{"currentContext":"work"}"#)
        .expect("write");
    let settings = EngineSettings {
        docker_config: Some(directory.path().to_owned()),
        ..EngineSettings::default()
    };
    assert_eq!(
        plan(&settings).expect("plan"),
        Plan::FirstOf(vec!["unix:///w.sock".into(), "unix:///var/run/docker.sock".into()])
    );
    let overridden = EngineSettings { docker_context: Some("default".into()), ..settings };
    assert_eq!(
        plan(&overridden).expect("plan"),
        Plan::FirstOf(vec!["unix:///var/run/docker.sock".into()])
    );
}

#[test]
fn addresses_are_understood_or_refused_with_a_reason() {
    let parse = |address| Target::parse(address, "`DOCKER_HOST`", false);
    assert_eq!(parse("unix:///a b.sock").expect("unix"), Target::Unix("/a b.sock".into()));
    assert_eq!(parse("tcp://box:99").expect("tcp"), Target::Tcp("box:99".into()));
    assert_eq!(parse("tcp://box/").expect("tcp"), Target::Tcp("box:2375".into()));
    assert_eq!(
        parse("ssh://ann@box").expect_err("ssh").to_string(),
        "the engine address `ssh://ann@box` from `DOCKER_HOST` is not supported: SSH is not available yet"
    );
    assert_eq!(
        Target::parse("tcp://box:2376", "`DOCKER_HOST`", true).expect_err("tls").to_string(),
        "the engine address `tcp://box:2376` from `DOCKER_HOST` is not supported: TLS is not available yet"
    );
}

#[tokio::test]
async fn a_dead_docker_host_is_an_error_that_names_it_and_why() {
    let directory = tempfile::tempdir().expect("tempdir");
    let dead = directory.path().join("dead.sock");
    drop(std::os::unix::net::UnixListener::bind(&dead).expect("bind"));
    let settings = EngineSettings {
        docker_host: Some(format!("unix://{}", dead.display())),
        ..EngineSettings::default()
    };
    let error = connect(&settings).await.expect_err("nobody listens");
    assert_eq!(error.to_string(), "no container engine can be reached");
    assert_eq!(error.causes(), [format!("`unix://{}`: nobody listens", dead.display())]);
    assert_eq!(
        error.hint().as_deref(),
        Some("start the engine at that address, or change `DOCKER_HOST`")
    );
}
