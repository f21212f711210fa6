//! An answer without an end: it ends in bytes, and memory stays as it was.

use support::{Context, EngineProxy, Fault, Project, Run, httpd_image};

/// What a command may need above one whose engine answers as it should.
const ROOM: u64 = 64 << 20;

fn session(project: &Project<'_>, engine: &EngineProxy, words: &[&str]) -> Run {
    let renku = project.renku(&[&["session"], words].concat());
    renku.env("DOCKER_HOST", engine.address()).run()
}

/// Memory and output of a command whose engine floods it.
#[track_caller]
fn flooded(project: &Project<'_>, endpoint: &str, fault: Fault, words: &[&str]) -> (u64, String) {
    let run = session(project, &EngineProxy::with(endpoint, fault), words);
    (run.peak_memory.unwrap(), run.stderr)
}

#[test]
fn an_endless_answer_ends_and_does_not_fill_memory() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = project.start(&["--no-wait", "--image", &httpd_image(), "--mount", "volume"]);
    let name = name["name"].as_str().unwrap();
    let idle = session(&project, &EngineProxy::watching(), &["ls"]).peak_memory.unwrap();
    let text = "x".repeat(4096);
    let row = format!("{{\"Id\":\"{text}\"}},");
    let missing = "renku-test/nobody-has-this:1";
    let whole = "sends without end: an answer has at most 48 MiB and pauses for at most 120 s";
    let cases = [
        ("GET /containers/json", "[", row.as_str(), &["ls", "-p", "docker"][..], whole),
        ("GET /containers/*/json", "{\"Id\":\"", &text, &["pull", name], whole),
        ("GET /volumes", "{\"Volumes\":[", &row, &["ls", "--all-projects"], whole),
        ("GET /images/**/json", "{\"Id\":\"", &text, &["start", "--image", missing], whole),
    ];
    for (endpoint, begin, piece, words, expected) in cases {
        let (peak, printed) = flooded(&project, endpoint, Fault::endless(begin, piece), words);
        assert!(printed.contains(expected), "{endpoint}: {printed}");
        assert!(peak < idle + ROOM, "{endpoint}: {} MiB above idle", (peak - idle) >> 20);
    }
}

#[test]
fn endless_logs_are_passed_on_and_do_not_fill_memory() {
    let context = Context::docker();
    let project = context.project("analysis");
    let _ = project.start(&["--no-wait", "--image", &httpd_image()]);
    let idle = session(&project, &EngineProxy::watching(), &["ls"]).peak_memory.unwrap();
    // A frame that says that it has 4 GiB.
    let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n\x01\0\0\0\xff\xff\xff\xff".to_vec();
    let fault = Fault::Endless { head, piece: vec![b'x'; 1 << 16] };
    let engine = EngineProxy::with("GET /containers/*/logs", fault);
    let line = "renku session logs | head -c 300000000 | wc -c";
    let run = project.shell(line).env("DOCKER_HOST", engine.address()).run();
    assert_eq!(run.stdout.trim(), "300000000");
    // Of the shell and what it runs in turn, the shell is what is measured: ask the command.
    let fault = Fault::Endless {
        head: b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nno frame".to_vec(),
        piece: vec![b'x'; 1 << 16],
    };
    let engine = EngineProxy::with("GET /containers/*/logs", fault);
    let renku = project.renku(&["session", "logs"]).env("DOCKER_HOST", engine.address());
    let mut running = renku.spawn();
    let mut printed = running.stdout().unwrap();
    let copied =
        std::io::copy(&mut std::io::Read::take(&mut printed, 300_000_000), &mut std::io::sink());
    assert_eq!(copied.unwrap(), 300_000_000);
    drop(printed);
    let peak = running.wait().peak_memory.unwrap();
    assert!(peak < idle + ROOM, "{} MiB above idle", (peak - idle) >> 20);
}
