//! Help, tables and documents, whole.

use support::Context;

#[test]
fn help_of_every_command() {
    let context = Context::new();
    let project = context.project("analysis");
    let help = |arguments: &[&str]| project.renku(arguments).run().success().stdout;
    insta::assert_snapshot!(help(&["--help"]), @"");
    insta::assert_snapshot!(help(&["session", "--help"]), @"");
    insta::assert_snapshot!(help(&["session", "start", "-h"]), @"");
    insta::assert_snapshot!(help(&["session", "ls", "-h"]), @"");
    insta::assert_snapshot!(help(&["session", "stop", "-h"]), @"");
    insta::assert_snapshot!(help(&["session", "open", "-h"]), @"");
    insta::assert_snapshot!(help(&["session", "logs", "-h"]), @"");
}

#[test]
fn a_life_in_words() {
    let context = Context::new();
    let project = context.project("words");
    insta::assert_snapshot!(project.session(&["ls"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["start", "--yes"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["list"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["ls", "--format", "tsv"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["ls", "--format", "yaml"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["start", "--no-wait"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["open"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["stop", "--all"]).snapshot(), @"");
    insta::assert_snapshot!(project.session(&["stop", "--all"]).snapshot(), @"");
}

#[test]
fn errors_as_documents() {
    let context = Context::new();
    let project = context.project("analysis");
    let run = project.session(&["open", "nobody", "--format", "json"]);
    insta::assert_snapshot!(run.snapshot(), @"");
}

#[test]
fn over_ssh_the_tunnel_is_named() {
    let context = Context::new();
    let project = context.project("far");
    let _ = project.start(&["--no-wait"]);
    let run = project
        .renku(&["session", "open"])
        .env("SSH_CONNECTION", "192.0.2.7 51000 198.51.100.4 22")
        .env("USER", "jane")
        .run();
    insta::assert_snapshot!(run.snapshot(), @"");
}

#[test]
fn a_browser_gets_the_url() {
    let context = Context::new();
    let project = context.project("near");
    let session = project.start(&["--no-wait"]);
    let browser = context.folder().join("browser");
    let opened = context.folder().join("opened");
    std::fs::write(&browser, format!("#!/bin/sh\nprintf %s \"$1\" > {}\n", opened.display())).unwrap();
    support::executable(&browser);
    let _ = project.renku(&["session", "open"]).env("BROWSER", &browser).run().success();
    let begin = std::time::Instant::now();
    while !opened.exists() && begin.elapsed().as_secs() < 10 {
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    std::thread::sleep(std::time::Duration::from_millis(50));
    assert_eq!(std::fs::read_to_string(&opened).unwrap(), session["url"].as_str().unwrap());
    // Asked not to, nothing opens.
    std::fs::remove_file(&opened).unwrap();
    let run = project.renku(&["session", "open", "--no-browser"]).env("BROWSER", &browser).run();
    assert_eq!(run.success().stdout.trim(), session["url"].as_str().unwrap());
    assert!(!opened.exists());
}
