//! Ports, networks and addresses.

use serde_json::{Value, json};
use support::{Context, Project, httpd_image};

use super::{free_port, inspect, start};

#[test]
fn further_ports_are_published_on_this_computer_alone() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = start(&project, &["--publish-all", "--publish", "9090", "--publish", "8125/udp"]);
    let container = inspect(&run.success());
    let bindings = container["HostConfig"]["PortBindings"].as_object().unwrap();
    for port in ["8080/tcp", "9090/tcp", "8125/udp"] {
        assert_eq!(bindings[port][0]["HostIp"], json!("127.0.0.1"), "{port}");
    }
}

#[test]
fn the_port_option_works() {
    let context = Context::docker();
    let project = context.project("analysis");
    let port = free_port();
    let run = start(&project, &["--port", &port.to_string()]).success();
    let ports = &run.json()["session"]["ports"];
    assert_eq!(ports[0]["host"], json!(port));
    assert_eq!(ports[0]["host_ip"], json!("127.0.0.1"));
    let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&format!("http://127.0.0.1:{port}/")), "{url}");
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_left() {
    let context = Context::docker();
    let project = context.project("analysis");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let run = start(&project, &["--port", &port]).exits(1);
    let error = run.json()["error"].clone();
    assert_eq!(error["kind"], json!("conflict"));
    assert_eq!(error["message"], json!(format!("port {port} of this computer is in use")));
    assert_eq!(error["hint"], json!("choose another one with `--port`, or leave it out"));
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn an_ipv6_port_has_an_address_that_opens() {
    let context = Context::docker();
    let project = context.project("analysis");
    let port = free_port().to_string();
    let run = start(&project, &["--port", &format!("[::1]:{port}")]);
    if run.status == 0 {
        let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&format!("http://[::1]:{port}/")), "{url}");
    } else {
        // An engine without IPv6 says so.
        assert!(run.stderr.contains("::1"), "{}", run.stderr);
    }
}

/// `--network host` with a web server on a port of this computer.
fn on_the_network_of_the_host(context: &Context, project: &Project<'_>, port: u16) -> support::Run {
    let command = format!("command: httpd -f -p {port} -h /www\nport: {port}\n");
    start(project, &["--network", "host", "-c", &context.config(&command)])
}

#[test]
fn a_session_on_the_network_of_the_host_is_listed_with_its_url() {
    let context = Context::docker();
    let project = context.project("analysis");
    let port = free_port();
    let run = on_the_network_of_the_host(&context, &project, port).success();
    let url = run.json()["session"]["url"].clone();
    let expected = format!("http://127.0.0.1:{port}/");
    assert!(url.as_str().unwrap().starts_with(&expected), "{url}");
    assert!(run.stderr.contains("warning: with `--network host`"), "{}", run.stderr);
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"][0]["url"], url);
}

#[test]
fn a_port_that_is_taken_on_the_network_of_the_host_is_named_before_the_start() {
    let context = Context::docker();
    let project = context.project("analysis");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let run = on_the_network_of_the_host(&context, &project, port).exits(1);
    assert_eq!(
        run.json()["error"],
        json!({
            "kind": "conflict",
            "message": format!("port {port} of this computer is in use"),
            "hint": "end what listens there, or start without `--network host`",
            "causes": ["with `--network host` the session's own port is a port of this computer"],
        })
    );
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_session_without_a_port_hides_no_other_and_needs_no_wait() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let words = ["start", "--format", "json", "--image", &image, "--network", "none"];
    let alone = project.session(&words).success().json()["session"].clone();
    assert_eq!(alone["url"], Value::Null);
    assert_eq!(alone["status"], json!("running"));
    let other = start(&project, &[]).success().json()["session"].clone();
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let sessions = listed["sessions"].as_array().unwrap();
    for session in [&alone, &other] {
        assert!(sessions.iter().any(|it| it["name"] == session["name"]), "{sessions:?}");
    }
    assert_eq!(sessions.len(), 2);
}
