//! What a session is, in the words of a test.

use std::os::unix::fs::MetadataExt as _;

use support::get;

use super::ground::{Ground, until};
use super::table::{Can, can};

/// The command lines of this machine.
fn command_lines() -> String {
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let lines = processes.filter_map(|it| std::fs::read(it.path().join("cmdline")).ok());
    lines.map(|line| String::from_utf8_lossy(&line).into_owned() + "\n").collect()
}

pub(super) fn starts_answers_and_ends(ground: &Ground<'_>) {
    let session = ground.start(":", &[]);
    assert_eq!(get(&session.url).status, 200);
    let running = [(session.name.clone(), "running".to_owned())];
    assert_eq!(ground.list(&ground.project), running);
    let _ = ground.about("stop", &session.name).run().success();
    assert_eq!(ground.list(&ground.project), []);
    assert!(!session.listens());
}

pub(super) fn two_sessions_are_two(ground: &Ground<'_>) {
    let (one, other) = (ground.start(":", &[]), ground.start(":", &[]));
    assert_ne!((&one.name, &one.url), (&other.name, &other.url));
    let _ = ground.about("stop", &one.name).run().success();
    assert_eq!(ground.list(&ground.project), [(other.name.clone(), "running".to_owned())]);
    assert_eq!(get(&other.url).status, 200);
}

pub(super) fn another_project_does_not_see_it(ground: &Ground<'_>) {
    let session = ground.start(":", &[]);
    let other = ground.another();
    assert_eq!(ground.list(&other), []);
    assert_ne!(ground.about_in(&other, "stop", &session.name).run().status, 0);
    assert!(session.listens());
}

pub(super) fn output_is_shown(ground: &Ground<'_>) {
    let session = ground.start("echo one; echo two", &[]);
    let shown = || ground.about("logs", &session.name).run().success().stdout;
    until("both lines", || shown() == "one\ntwo\n");
}

pub(super) fn a_program_that_ends_is_a_failed_session(ground: &Ground<'_>) {
    let line = "httpd -p 8080 -h /www; while [ ! -e end ]; do sleep 0.1; done; exit 3";
    let words = ground.words_of(line, &[]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let started = ground.renku(&words).run().success().json();
    let name = started["session"]["name"].as_str().unwrap();
    ground.project.write("end", "");
    until("it ended", || ground.list(&ground.project) == [(name.to_owned(), "failed".to_owned())]);
    let opened = ground.about("open", name).run();
    assert!(opened.stderr.contains("exit status 3"), "{}", opened.stderr);
    let _ = ground.about("stop", name).run().success();
    assert_eq!(ground.list(&ground.project), []);
}

pub(super) fn its_token_is_no_argument_and_in_no_output(ground: &Ground<'_>) {
    let session = ground.start("echo started", &[]);
    let (_, token) = session.url.split_once("?token=").unwrap();
    assert!(!command_lines().contains(token));
    let log = ground.about("logs", &session.name).run().success();
    assert!(!log.stdout.contains(token), "{}", log.stdout);
}

pub(super) fn files_belong_to_the_user(ground: &Ground<'_>) {
    let _ = ground.start("echo mine > new.txt", &[]);
    let file = ground.project.root().join("new.txt");
    until("the file", || file.exists());
    assert_eq!(file.metadata().unwrap().uid(), ground.user());
}

pub(super) fn a_copy_of_the_project_comes_back(ground: &Ground<'_>) {
    let session = ground.start("echo there > new.txt", &["--mount", "volume"]);
    let file = ground.project.root().join("new.txt");
    assert!(!file.exists());
    let _ = ground.about("pull", &session.name).run().success();
    assert_eq!(ground.project.read("new.txt"), "there\n");
    assert_eq!(file.metadata().unwrap().uid(), ground.user());
}

pub(super) fn without_the_project_its_folder_is_empty(ground: &Ground<'_>) {
    let session = ground.start("ls -A | wc -l; echo mine > new.txt", &["--mount", "none"]);
    let shown = || ground.about("logs", &session.name).run().success().stdout;
    until("nothing is there", || shown().trim() == "0");
    assert!(!ground.project.root().join("new.txt").exists());
}

pub(super) fn pauses_and_goes_on(ground: &Ground<'_>) {
    let session = ground.start(":", &[]);
    let paused = ground.about("pause", &session.name).run();
    if let Can::Refuses(reason) = can("pauses_and_goes_on", ground.engine) {
        assert!(paused.stderr.contains(reason), "{}", paused.stderr);
        assert!(session.listens());
        return;
    }
    let _ = paused.success();
    assert_eq!(ground.list(&ground.project), [(session.name.clone(), "paused".to_owned())]);
    let _ = ground.about("resume", &session.name).run().success();
    assert_eq!(get(&session.url).status, 200);
}

pub(super) fn an_interrupt_leaves_nothing(ground: &Ground<'_>) {
    let words = ground.words_of("touch began; exec sleep 1000 # 8080", &[]);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let running = ground.renku(&words).interruptible().spawn();
    until("it runs", || ground.project.root().join("began").exists());
    running.signal("INT");
    let run = running.wait();
    assert!(run.stderr.contains("error: interrupted"), "{}", run.stderr);
    assert_eq!(ground.list(&ground.project), []);
}

pub(super) fn who_does_not_listen_to_signals_is_killed(ground: &Ground<'_>) {
    let session = ground.start("trap '' TERM", &[]);
    let _ = ground.about("stop", &session.name).run().success();
    assert_eq!(ground.list(&ground.project), []);
    assert!(!session.listens());
}
