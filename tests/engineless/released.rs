//! Components that were compiled for a released contract still run: what worked
//! yesterday works today (`wit/VERSIONING.md`).

use std::path::{Path, PathBuf};

use support::{Context, httpd_image};

/// The kept components of every release, by the version of the contract.
fn releases() -> Vec<(String, PathBuf)> {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/released");
    let entries = std::fs::read_dir(place).unwrap();
    let mut releases: Vec<(String, PathBuf)> = entries
        .map(|entry| entry.unwrap())
        .map(|entry| (entry.file_name().into_string().unwrap(), entry.path()))
        .collect();
    releases.sort();
    assert_eq!(releases.first().map(|(version, _)| version.as_str()), Some("0.1.0"));
    releases
}

fn component(release: &Path, name: &str) -> String {
    release.join(name).display().to_string()
}

#[test]
fn a_component_of_every_release_is_called_as_ever() {
    for (version, release) in releases() {
        let context = Context::in_memory();
        let project = context.project("analysis");
        let recording = component(&release, "recording.wasm");
        let start = ["start", "-p", &recording, "--image", "other:1", "--name", "first"];
        let started = project.session(&start).success();
        assert_eq!(
            started.call_lines(),
            "session-list {}\n\
             pre-start-checks {\"candidate_image\":\"other:1\"}\n\
             find-image {\"image\":\"other:1\"}\n\
             session-start {\"image\":\"other:1\"}",
            "{version}"
        );
        let info = ["provider", "info", &recording, "--format", "json"];
        let info = project.session(&info).success().json();
        assert_eq!(info["provider"]["api"], version.as_str());
    }
}

#[test]
fn a_component_of_every_release_starts_a_real_session() {
    for (version, release) in releases() {
        let context = Context::in_memory();
        let project = context.project("analysis");
        let docker = component(&release, "docker.wasm");
        let started = project.start(&["-p", &docker, "--image", &httpd_image()]);
        let url = started["url"].as_str().unwrap();
        assert_eq!(support::get(url).status, 200, "{version}");
        let stop = ["stop", "--yes", "-p", &docker, started["name"].as_str().unwrap()];
        let _ = project.session(&stop).success();
        assert_eq!(project.containers(), Vec::<String>::new(), "{version}");
    }
}
