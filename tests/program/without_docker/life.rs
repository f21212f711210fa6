//! What its user does with a session.

use std::os::unix::fs::PermissionsExt as _;

use support::{Context, get};

use super::ground::{Ground, processes_with, renku};

#[test]
fn a_session_is_its_users_alone() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start(&[]);
    let mode = ground.folder(&session.name).metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);
    assert_eq!(get(&session.url).status, 200);
}

#[test]
fn a_program_that_does_not_listen_to_signals_is_killed_with_all_it_started() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    // Both ignore it, and so does the web server.
    let line = "trap '' TERM; (sleep 86421 & sleep 86421 &)";
    let session = ground.start_line(&context, line);
    // bubblewrap has the words of its program among its own.
    let started = processes_with("sleep 86421");
    assert_eq!(started.iter().filter(|(_, line)| line.starts_with("sleep")).count(), 2);
    ground.stop(&session.name);
    assert_eq!(processes_with("sleep 86421"), Vec::new());
    assert!(!session.listens());
    assert_eq!(ground.left(), Vec::<String>::new());
}

#[test]
fn a_session_without_a_network_runs_and_nobody_is_let_in() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start(&["--network", "none"]);
    assert_eq!((session.url.as_str(), ground.status(&session.name).as_str()), ("", "running"));
}

#[test]
fn a_folder_of_the_user_is_mounted_as_they_typed_it() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let data = context.folder().join("data");
    std::fs::create_dir(&data).unwrap();
    std::fs::write(data.join("in.txt"), "42").unwrap();
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o777)).unwrap();
    let config = context.config(
        "command: [sh, -c, 'cp /data/in.txt out.txt; touch /data/x; exec httpd -f -p 8080 -h /www']\nport: 8080\n",
    );
    std::fs::set_permissions(&config, std::fs::Permissions::from_mode(0o644)).unwrap();
    let volume = format!("{}:/data:ro", data.display());
    let _ = ground.start(&["--config", &config, "--volume", &volume]);
    assert_eq!(ground.project.read("out.txt"), "42");
    assert!(!data.join("x").exists());
}

#[test]
fn a_limit_that_is_typed_is_refused_where_nobody_keeps_it_and_one_of_the_project_is_left_out() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let typed = ["--memory", "1G"];
    insta::assert_snapshot!(renku(&ground.project, &ground.words(&typed)).run().stderr, @r"
    error: sessions on this engine cannot limit memory: neither systemd nor a control group (cgroup v2) of yours is here
    hint: leave out `--memory`
    ");
    ground.project.write(".renku/renku.ini", "[interactive]\nmem_request = 1G\n").commit();
    let started = renku(&ground.project, &ground.words(&[])).run().success();
    let warning = "warning: sessions on this engine cannot limit memory";
    assert!(started.stderr.contains(warning), "{}", started.stderr);
}

#[test]
fn output_is_followed_until_the_session_ends() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start_line(&context, "echo first; (sleep 2 && echo second &)");
    let name = session.name.clone();
    let follow = renku(&ground.project, &["logs", "-p", "local", "-f", &name]).spawn();
    super::ground::until("the second line is there", || {
        let log = renku(&ground.project, &["logs", "-p", "local", &name]).run();
        log.stdout.contains("second")
    });
    ground.stop(&name);
    let followed = follow.wait();
    assert!(followed.stdout.starts_with("first\nsecond\n"), "{}", followed.stdout);
}
