//! Where options come from: command line, environment, the user's settings, and never
//! a project.

use serde_json::{Value, json};
use support::{Context, fixture, httpd_image};

use super::{inspect, start};

#[test]
fn every_option_can_be_set_in_the_environment() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let run = project
        .renku(&["session", "start", "--no-wait", "--format", "json", "--image", &image])
        .env("RENKU_SESSION_START_SHM_SIZE", "32m")
        .env("RENKU_SESSION_START_READ_ONLY", "1")
        .run()
        .success();
    let container = inspect(&run);
    assert_eq!(container["HostConfig"]["ShmSize"], json!(33_554_432));
    assert_eq!(container["HostConfig"]["ReadonlyRootfs"], json!(true));
    // Whoever typed no option looks for none.
    let wrong = project.renku(&["session", "start"]).env("RENKU_SESSION_START_SHM_SIZE", "big");
    insta::assert_snapshot!(wrong.run().snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `RENKU_SESSION_START_SHM_SIZE=big`: this is not a size
    hint: write it as in `--shm-size 2g`
    ");
}

#[test]
fn nothing_of_a_project_sets_options_of_the_engine() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write(
        ".renku/renku.ini",
        "[interactive]\nprivileged = true\nvolume = /:/host\n[engine]\nprivileged = true\n",
    );
    let container = inspect(&start(&project, &[]).success());
    assert_eq!(container["HostConfig"]["Privileged"], json!(false));
    assert_eq!(container["HostConfig"]["Binds"], Value::Null);
}

#[test]
fn options_come_from_the_users_settings_and_several_values_from_lines() {
    let context = Context::docker();
    let project = context.project("levels");
    project.write(".renku/renku.ini", "[containers]\nprivileged = true\nshm_size = 1m\n").commit();
    let settings = context.home().join(".config/renku");
    std::fs::create_dir_all(&settings).unwrap();
    let set = |text: &str| std::fs::write(settings.join("renku.ini"), text).unwrap();
    set(
        "[containers]\nshm_size = 64m\nhostname = user\ninit = yes\ndns =\n  192.0.2.1\n  192.0.2.2\n",
    );
    let image = httpd_image();
    let run = project
        .renku(&["session", "start", "--no-wait", "--image", &image, "--format", "json"])
        .env("RENKU_SESSION_START_HOSTNAME", "environment")
        .env("RENKU_SESSION_START_CAP_DROP", "NET_RAW\nMKNOD")
        .run()
        .success();
    let told = inspect(&run);
    assert_eq!(told["HostConfig"]["Privileged"], false);
    assert_eq!(told["HostConfig"]["ShmSize"], json!(64 << 20));
    assert_eq!(told["HostConfig"]["Dns"], json!(["192.0.2.1", "192.0.2.2"]));
    assert_eq!(told["HostConfig"]["CapDrop"], json!(["NET_RAW", "MKNOD"]));
    assert_eq!(told["Config"]["Hostname"], "environment");
    set("[containers]\nshm = 64m\n");
    let run = start(&project, &[]).exits(2);
    assert!(run.stderr.contains("error: `shm` under `[containers]` in `"), "{}", run.stderr);
    set("[containers]\nshm_size = big\n");
    let run = start(&project, &[]).exits(2);
    assert!(run.stderr.contains("error: `shm_size = big` in `"), "{}", run.stderr);
}

#[test]
fn options_of_others_are_said_to_be_theirs() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = project
        .session(&["start", "-p", &fixture("recording"), "--shm-size", "1g", "--yes"])
        .exits(2);
    assert!(
        run.stderr.contains("`--shm-size` is an option of providers that start containers, and"),
        "{}",
        run.stderr
    );
}
