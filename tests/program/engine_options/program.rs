//! What runs in the session, as whom, and with which home.

use serde_json::json;
use support::{Context, docker, docker_ok, httpd_image};

use super::{inspect, start};

#[test]
fn a_read_only_session_of_an_ordinary_user_has_a_home() {
    let context = Context::docker();
    let project = context.project("readonly");
    project.owned_by(4321, 4300);
    let told = inspect(&start(&project, &["--read-only"]).success());
    assert_eq!(
        told["HostConfig"]["Tmpfs"],
        json!({"/home/renku": "uid=4321,gid=4300,mode=0700,exec"})
    );
    let name = told["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
    let _ = docker_ok(&["exec", &name, "sh", "-c", "echo x > /home/renku/x"]);
}

#[test]
fn variables_that_were_typed_win_over_those_that_make_files_the_owner_s() {
    let context = Context::docker();
    let project = context.project("typed");
    project.owned_by(4321, 4300);
    let told = inspect(&start(&project, &["--env", "HOME=/tmp"]).success());
    assert_eq!(told["Config"]["User"], "4321");
    let variables = told["Config"]["Env"].as_array().unwrap();
    let of = |name: &str| -> Vec<&str> {
        let lines = variables.iter().map(|line| line.as_str().unwrap());
        lines.filter(|line| line.starts_with(&format!("{name}="))).collect()
    };
    assert_eq!(of("HOME"), ["HOME=/tmp"]);
    assert_eq!(of("USER"), ["USER=jovyan"], "what was not typed is still done");
    // Nothing is put where nobody will look for it.
    let name = told["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
    assert!(!docker(&["exec", &name, "ls", "/home/renku"]).success);
}

/// The image of a session of root starts `start.sh`, which would give up root, so
/// that its command is another one then: but not when something else is started.
#[test]
fn an_entrypoint_that_was_typed_is_what_runs() {
    let context = Context::docker();
    let project = context.project("entrypoint");
    let dockerfile = format!(
        "FROM {}\nCOPY .test /t\nENTRYPOINT [\"tini\", \"--\", \"start.sh\"]\nCMD [\"start-notebook.py\"]\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let started = |more: &[&str]| {
        let mut words = vec!["start", "--no-wait", "--yes", "--format", "json"];
        words.extend(more);
        let told = inspect(&project.session(&words).success());
        json!([told["Config"]["Entrypoint"], told["Config"]["Cmd"]])
    };
    assert_eq!(
        started(&["--entrypoint", "/bin/httpd"]),
        json!([["/bin/httpd"], null]),
        "as `docker run --entrypoint`: the image's command was for the image's own program"
    );
}
