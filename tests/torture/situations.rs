//! What is there before a command, and the words of commands.

use std::time::Instant;

use support::{docker, fixture, httpd_image};

use crate::ground::Ground;

/// A command line by its words.
pub fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// A start of the small web server.
pub fn start(more: &[&str]) -> Vec<String> {
    let mut all = words("session start --yes --image");
    all.push(httpd_image());
    all.extend(more.iter().map(|word| (*word).to_owned()));
    all
}

/// A command about a provider's file.
pub fn provider(command: &str, more: &[&str]) -> Vec<String> {
    let mut all = vec!["session".into(), "provider".into(), command.into(), fixture("asking")];
    all.extend(more.iter().map(|word| (*word).to_owned()));
    all
}

/// The same words for who takes no `String`.
pub fn strs(line: &[String]) -> Vec<&str> {
    line.iter().map(String::as_str).collect()
}

/// What may be there before a command.
pub type Situation = fn(&Ground<'_>);
/// Makes the words of a command.
pub type Line = fn() -> Vec<String>;

pub fn nothing(_: &Ground<'_>) {}

/// Another commit, so that there is something to build.
pub fn changed(ground: &Ground<'_>) {
    let now = format!("{:?}", Instant::now());
    ground.project.write("changed", &now).commit();
}

/// Images that were built, one of them for another commit.
pub fn built(ground: &Ground<'_>) {
    for _ in 0..2 {
        changed(ground);
        let _ = ground.run(&["session", "start", "--yes", "--no-wait"]).success();
        let _ = ground.run(&["session", "stop", "--all", "--yes"]).success();
    }
}

pub fn session(ground: &Ground<'_>) {
    let line = start(&["--no-wait"]);
    let _ = ground.run(&strs(&line)).success();
}

pub fn paused(ground: &Ground<'_>) {
    session(ground);
    let _ = ground.run(&["session", "pause"]).success();
}

pub fn copy(ground: &Ground<'_>) {
    let line = start(&["--no-wait", "--mount", "volume"]);
    let _ = ground.run(&strs(&line)).success();
}

/// A copy in which somebody worked.
pub fn worked_copy(ground: &Ground<'_>) {
    copy(ground);
    for name in ground.project.containers() {
        let work = "for i in $(seq 200); do echo $i > new-$i; done; echo x >> Dockerfile";
        let address = ground.address();
        let host: Vec<&str> = address.iter().flat_map(|address| ["--host", address]).collect();
        let worked = docker(&[&host[..], &["exec", &name, "sh", "-ec", work]].concat());
        assert!(worked.success, "{}", worked.stderr);
    }
}
