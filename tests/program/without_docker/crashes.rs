//! What is killed: the supervisor, the program, the runtime.

use support::{Context, get};

use super::ground::{Ground, kill, processes_with, renku, supervisor_of, until};

#[test]
fn a_killed_supervisor_takes_its_session_along_which_is_resumed() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start_line(&context, "sleep 86422 & :");
    kill(supervisor_of(&ground.folder(&session.name)));
    until("the program is gone", || !session.listens());
    until("what it started is gone", || processes_with("sleep 86422").is_empty());
    assert_eq!(ground.status(&session.name), "stopped");

    let resume = ["resume", "-p", "local", &session.name, "--format", "json"];
    let resumed = renku(&ground.project, &resume).run().success().json();
    let url = resumed["session"]["url"].as_str().unwrap().to_owned();
    until("it answers again", || {
        std::net::TcpStream::connect(url.trim_start_matches("http://").split('/').next().unwrap())
            .is_ok()
    });
    assert_eq!(get(&url).status, 200);
    ground.stop(&session.name);
    assert_eq!(processes_with("sleep 86422"), Vec::new());
    assert_eq!(ground.left(), Vec::<String>::new());
}

#[test]
fn a_program_that_is_killed_is_a_failed_session_with_its_exit_status() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start_line(&context, "sleep 86423 & :");
    let port = session.address().rsplit(':').next().unwrap().to_owned();
    let servers = processes_with(&format!("httpd -f -p {port}"));
    // bubblewrap has the words of its program among its own.
    let (program, _) = servers.iter().find(|(_, line)| line.starts_with("httpd")).unwrap();
    kill(*program);
    until("it is seen", || ground.status(&session.name) == "failed");
    assert_eq!(processes_with("sleep 86423"), Vec::new());
    let open =
        renku(&ground.project, &["open", "-p", "local", "--no-browser", &session.name]).run();
    assert!(open.stderr.contains("exit status 137"), "{}", open.stderr);
}

#[test]
fn a_killed_runtime_ends_the_session() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start_line(&context, "sleep 86424 & :");
    let port = session.address().rsplit(':').next().unwrap().to_owned();
    let boxes = processes_with(&format!("httpd -f -p {port}"));
    // The first is the one outside of the box.
    let (outside, _) = boxes.iter().find(|(_, line)| line.contains("bwrap")).unwrap();
    kill(*outside);
    until("the program is gone", || !session.listens());
    until("it is seen", || ground.status(&session.name) == "failed");
    assert_eq!(processes_with("sleep 86424"), Vec::new());
    ground.stop(&session.name);
    assert_eq!(ground.left(), Vec::<String>::new());
}
