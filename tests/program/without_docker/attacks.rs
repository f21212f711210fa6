//! A hostile program in a session: it looks for files of the machine, other sessions, who
//! supervises it, and secrets of others.

use std::os::unix::fs::PermissionsExt as _;

use support::Context;

use super::ground::{Ground, renku};

/// What a line of shell prints in a session.
#[track_caller]
fn printed(context: &Context, ground: &Ground<'_>, line: &str) -> String {
    let session = ground.start_line(context, &format!("({line}) 2>&1; echo E''ND"));
    let log = renku(&ground.project, &["logs", "-p", "local", &session.name]).run().success();
    ground.stop(&session.name);
    log.stdout.split("END").next().unwrap().to_owned()
}

#[test]
fn a_program_finds_no_file_of_the_machine_and_changes_none_of_its_image() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let secret = context.folder().join("secret.txt");
    std::fs::write(&secret, "of the machine").unwrap();
    std::fs::set_permissions(&secret, std::fs::Permissions::from_mode(0o644)).unwrap();
    let home = context.home();
    let line = format!(
        "cat {}; ls {} {}; touch /bin/sh /etc/x /x; ln -s /etc /tmp/l; ls /tmp/l/shadow; cat /proc/1/root/etc/shadow",
        secret.display(),
        home.display(),
        home.join(".local/state/renku/sessions").display(),
    );
    let printed = printed(&context, &ground, &line);
    assert!(!printed.contains("of the machine"), "{printed}");
    let refused = printed.lines().filter(|line| {
        ["No such file", "Read-only", "ermission denied"].iter().any(|it| line.contains(it))
    });
    assert_eq!(refused.count(), printed.lines().count(), "{printed}");
    assert_eq!(printed.lines().count(), 8, "{printed}");
}

#[test]
fn a_program_sees_no_process_but_its_own_and_no_secret_of_another_session() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let other = ground.start(&[]);
    let (_, token) = other.url.split_once("?token=").unwrap();
    let line = "for it in /proc/[0-9]*; do tr '\\0' ' ' < $it/cmdline; echo; done; \
                cat /proc/[0-9]*/environ | tr '\\0' '\\n'; env";
    let printed = printed(&context, &ground, line);
    assert!(!printed.contains(token), "{printed}");
    assert!(!printed.contains("supervise-session"), "{printed}");
    for foreign in ["DOCKER_HOST", "RENKU_CACHE_DIR", "XDG_RUNTIME_DIR"] {
        assert!(!printed.contains(foreign), "{printed}");
    }
    // Its own token is there, so that was looked at.
    assert!(printed.contains("JUPYTER_TOKEN="), "{printed}");
    assert_eq!(ground.status(&other.name), "running");
}

#[test]
fn a_program_reaches_neither_the_pipe_nor_the_lock_of_its_supervisor() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let line = "ls -A $HOME/..; ls -AR /dev /etc /home /root /run /tmp /var; ls -l /proc/self/fd";
    let printed = printed(&context, &ground, line);
    for name in ["alive.lock", "control", "session.json", "started.json", "renku/sessions"] {
        assert!(!printed.contains(name), "{printed}");
    }
    // What it has open was looked at.
    assert!(printed.contains("pipe:"), "{printed}");
}

#[test]
fn a_program_that_kills_everything_it_sees_ends_itself_alone() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let other = ground.start(&[]);
    let hostile = ground.start_line(&context, "(sleep 2; kill -9 -1) & :");
    super::ground::until("it ended", || ground.status(&hostile.name) == "failed");
    assert!(other.listens());
}
