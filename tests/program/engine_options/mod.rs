//! Options of the engine: what was typed is what the container has.

mod elsewhere;
mod levels;
mod network;
mod program;
mod refusals;
mod rights;
mod values;

use serde_json::Value;
use support::{Project, docker_ok, httpd_image};

/// Starts a session of the small web server with these options.
fn start(project: &Project<'_>, options: &[&str]) -> support::Run {
    let image = httpd_image();
    let mut words = vec!["start", "--no-wait", "--format", "json", "--image", &image];
    words.extend(options);
    project.session(&words)
}

fn inspect(run: &support::Run) -> Value {
    let name = run.json()["session"]["name"].as_str().unwrap().to_owned();
    let text = docker_ok(&["inspect", &name]);
    let mut all: Value = serde_json::from_str(&text).unwrap();
    all[0].take()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A hardware address that is nobody else's (IEEE 802: locally administered).
pub(crate) fn address(project: &Project<'_>) -> String {
    let digits = project.id();
    let pairs: Vec<&str> = (0..5).map(|at| &digits[2 * at..2 * at + 2]).collect();
    format!("02:{}", pairs.join(":"))
}
