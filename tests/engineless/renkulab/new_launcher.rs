//! A launcher that a start makes: with everything that its image needs, and not left behind
//! by a start that fails.

use super::ground::Ground;
use support::renkulab::Fault;

const IMAGE: &str = "rocker/rstudio:4";

#[test]
fn it_says_how_its_image_runs() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config(
        "create_launcher: true\nnew_launcher:\n  name: RStudio\n  port: 8787\n  default_url: /\n  \
         command: [sh, -c]\n  args: [rserver]\n  mount_directory: /home/rstudio/work\n  \
         working_directory: /home/rstudio/work\n  uid: 1001\n  gid: 1001\n",
    );
    let arguments = ["start", "-p", "renkulab", "--image", IMAGE, "--config", &config];
    let _ = ground.session(&project, &arguments).success();
    let made = ground.lab.launchers().pop().unwrap();
    assert_eq!(made["name"], "RStudio");
    let environment = &made["environment"];
    for (key, value) in [
        ("container_image", serde_json::json!(IMAGE)),
        ("port", 8787.into()),
        ("default_url", "/".into()),
        ("command", serde_json::json!(["sh", "-c"])),
        ("args", serde_json::json!(["rserver"])),
        ("mount_directory", "/home/rstudio/work".into()),
        ("working_directory", "/home/rstudio/work".into()),
        ("uid", 1001.into()),
        ("gid", 1001.into()),
    ] {
        assert_eq!(environment[key], value, "{key}");
    }
}

#[test]
fn without_a_word_it_has_the_port_of_jupyter() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config("create_launcher: true\n");
    let arguments = ["start", "-p", "renkulab", "--image", "quay.io/me/mine:1", "-c", &config];
    let _ = ground.session(&project, &arguments).success();
    assert_eq!(ground.lab.launchers().pop().unwrap()["environment"]["port"], 8888);
}

#[test]
fn it_is_removed_when_the_start_fails() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config("create_launcher: true\n");
    let arguments = [
        "start",
        "-p",
        "renkulab",
        "--image",
        "quay.io/me/mine:1",
        "-c",
        &config,
        "--wait-timeout",
        "2s",
    ];
    ground.lab.fail_next("Quota exceeded: requests.cpu");
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    renkulab: warning: Made the launcher `mine` in the project jane.doe/demo, where everybody sees it
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    renkulab: warning: Removed the launcher `mine` again
    Cleaning up
    RenkuLab deletes `jane-doe-[ID]` with its disk
    error: the session `jane-doe-[ID]` has failed
      Quota exceeded: requests.cpu
      jane-doe-[ID]-0 amalthea-session line 1
      jane-doe-[ID]-0 amalthea-session line 2
      jane-doe-[ID]-0 amalthea-session line 3
      jane-doe-[ID]-0 amalthea-session line 4
      jane-doe-[ID]-0 amalthea-session line 5
    ");
    assert_eq!(ground.lab.launchers().len(), 1);
    ground.lab.fault("DELETE", "/session_launchers", Fault::Status(403), 9);
    ground.lab.fault("POST", "/api/data/sessions", Fault::Status(422), 9);
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 2
    --- stdout
    --- stderr
    renkulab: warning: Made the launcher `mine` in the project jane.doe/demo, where everybody sees it
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    renkulab: warning: The launcher `mine` is still in the project: remove it at http://127.0.0.1:[PORT]/p/jane.doe/demo
    error: http://127.0.0.1:[PORT] refuses to start the session
      An error on demand.
      trace id 0123456789abcdef
    ");
}
