//! The command that a dry run prints makes, typed as it stands, the container that
//! `start` makes.

use std::process::Command;

use serde_json::{Value, json};
use support::{Context, Project, docker_ok, httpd_image};

/// Options of every kind, but for what this kernel may not have.
const OPTIONS: &[&[&str]] = &[
    &["--cpu", "0.5", "--memory", "256Mi", "--memory-swap", "512m", "--memory-reservation", "64m"],
    &["--memory-swappiness", "60", "--oom-kill-disable", "--oom-score-adj", "100"],
    &["--shm-size", "128m", "--pids-limit", "300", "--cpu-shares", "512", "--cpuset-cpus", "0"],
    &["--ulimit", "nofile=1000:2000", "--hostname", "lab", "--domainname", "example.org"],
    &["--dns", "192.0.2.53", "--dns-search", "example.org", "--dns-option", "ndots:2"],
    &["--add-host", "db:192.0.2.7", "--network", "bridge", "--publish", "8125/udp"],
    &["--sysctl", "net.core.somaxconn=1024", "--stop-signal", "SIGINT", "--interactive", "--tty"],
    &["--user", "0:0", "--group-add", "7", "--cap-add", "SYS_PTRACE", "--cap-drop", "NET_RAW"],
    &["--security-opt", "no-new-privileges", "--security-opt", "seccomp=./profile.json"],
    &["--security-opt", "systempaths=unconfined", "--device", "/dev/null:/dev/other:r"],
    &["--device-cgroup-rule", "c 1:3 rwm", "--tmpfs", "/scratch:size=1m", "--runtime", "runc"],
    &["--volume", "./data:/more data:ro", "--ipc", "private", "--read-only"],
    &["--platform", "linux/amd64", "--isolation", "default", "--env", "SAYS=it's \"$HOME\" \\"],
];

fn inspect(name: &str) -> Value {
    let mut all: Value = serde_json::from_str(&docker_ok(&["inspect", name])).unwrap();
    all[0].take()
}

/// Without what is the same as not to be there: clients write their defaults.
fn plain(value: Value) -> Value {
    let is_default = |value: &Value| {
        [json!(null), json!(false), json!(0), json!(""), json!([]), json!({}), json!([0, 0])]
            .contains(value)
    };
    match value {
        Value::Object(object) => {
            let kept = object.into_iter().map(|(key, value)| (key, plain(value)));
            kept.filter(|(_, value)| !is_default(value)).collect()
        }
        Value::Array(items) => items.into_iter().map(plain).collect(),
        other => other,
    }
}

/// What was asked for, and nothing that the engine made up. Docker's client sorts variables,
/// and writes `CAP_` before the names of capabilities.
fn asked(container: &Value) -> Value {
    let (mut config, mut host) = (container["Config"].clone(), container["HostConfig"].clone());
    assert!(config["Labels"].as_object_mut().unwrap().remove("start_time").is_some());
    config["Env"].as_array_mut().unwrap().sort_by_key(Value::to_string);
    for list in ["CapAdd", "CapDrop"] {
        for name in host[list].as_array_mut().unwrap() {
            *name = json!(name.as_str().unwrap().trim_start_matches("CAP_"));
        }
    }
    json!({ "Config": plain(config), "HostConfig": plain(host), "Platform": container["Platform"] })
}

/// The command of the dry run, with the values of variables that it hides.
fn command(project: &Project<'_>, typed: &[&str], variables: &Value) -> String {
    let run = super::dry_run(project, typed);
    let (_, text) = run.stdout.split_once("The equivalent command:\n").unwrap();
    let (line, lacks) = text.split_once("\nIt does not ").unwrap_or((text.trim_end(), ""));
    assert!(!lacks.contains("copy"), "{lacks}");
    let mut line = line.to_owned();
    for variable in variables.as_array().unwrap() {
        let variable = variable.as_str().unwrap();
        let (name, _) = variable.split_once('=').unwrap();
        let typed = format!("'{}'", variable.replace('\'', r"'\''"));
        line = line.replace(&format!("'{name}=***'"), &typed);
    }
    assert!(!line.contains("***"), "{line}");
    line
}

#[test]
fn the_printed_command_makes_the_container_that_start_makes() {
    let context = Context::docker();
    let project = context.project("an analysis, and more");
    project.write("profile.json", "{ \"defaultAction\": \"SCMP_ACT_ALLOW\" }\n");
    project.write("data/a", "1");
    let config = context.config("environment:\n  DB_PASSWORD: hunter2\n  REGION: zurich\n");
    let name = format!("typed-{}", &project.id()[..12]);
    let image = httpd_image();
    let mut typed = vec!["--image", &image, "--name", &name, "-c", &config, "--env", "KEY=k1"];
    typed.extend(OPTIONS.concat());

    let start = [&["start", "--no-wait"], &typed[..]].concat();
    let _ = project.session(&start).success();
    let own = inspect(&name);
    let _ = project.session(&["stop", &name]).success();

    let line = command(&project, &typed, &own["Config"]["Env"]);
    assert!(line.starts_with("docker run --detach \\\n  --name "), "{line}");
    let made = Command::new("sh").args(["-c", &line]).current_dir(project.root()).output().unwrap();
    assert!(made.status.success(), "{line}\n{}", String::from_utf8_lossy(&made.stderr));
    assert_eq!(asked(&inspect(&name)), asked(&own), "{line}");
    let _ = project.session(&["stop", &name]).success();
}
