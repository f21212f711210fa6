//! Sessions with a copy of the project, and without it.

use support::Context;

use super::ground::{Ground, renku};

#[test]
fn a_copy_is_the_sessions_own_and_what_was_done_in_it_comes_back() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let project = &ground.project;
    project.write("a.txt", "here").commit();
    project.owned_by(super::ground::USER, super::ground::USER);
    let line = "cat a.txt > b.txt; echo there > a.txt; ln -s /etc/passwd out";
    let config = context.config(&format!(
        "command: [sh, -c, '{line}; exec httpd -f -p 8080 -h /www']\nport: 8080\n"
    ));
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&config, readable).unwrap();
    let session = ground.start(&["--mount", "volume", "--config", &config]);
    assert_eq!(project.read("a.txt"), "here");
    assert!(!project.root().join("b.txt").exists());
    let pulled = renku(project, &["pull", "-p", "local"]).run().success();
    assert!(pulled.stdout.contains("b.txt"), "{}", pulled.stdout);
    assert_eq!((project.read("a.txt"), project.read("b.txt")), ("there\n".into(), "here".into()));
    ground.stop(&session.name);
    assert_eq!(ground.left(), Vec::<String>::new());
}

#[test]
fn a_session_without_the_project_has_an_empty_folder_in_its_place() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let line = "ls -A | wc -l; echo mine > x && cat x";
    let config = context.config(&format!(
        "command: [sh, -c, '{line}; exec httpd -f -p 8080 -h /www']\nport: 8080\n"
    ));
    let readable = std::os::unix::fs::PermissionsExt::from_mode(0o644);
    std::fs::set_permissions(&config, readable).unwrap();
    let session = ground.start(&["--mount", "none", "--config", &config]);
    let log = renku(&ground.project, &["logs", "-p", "local", &session.name]).run().success();
    assert_eq!(log.stdout, "0\nmine\n");
    assert!(!ground.project.root().join("x").exists());
}
