//! Misdeeds in the middle of a start: no container is left.
//!
//! The provider `hostile` again, here in `session-start`.

use std::time::{Duration, Instant};

use support::{Context, Project, Renku, docker_ok, fixture, httpd_image};

/// `start` of the provider `hostile` while it does this.
fn start<'a>(context: &Context, project: &Project<'a>, misdeed: &str) -> Renku<'a> {
    let config = context.config(&format!("do: {misdeed}\n"));
    let hostile = fixture("hostile");
    let image = httpd_image();
    project.renku(&["session", "start", "--yes", "-p", &hostile, "-c", &config, "--image", &image])
}

#[test]
fn without_a_misdeed_it_starts_a_container_that_carries_its_digest() {
    let context = Context::docker();
    let project = context.project("analysis");
    let _ = start(&context, &project, "nothing").run().success();
    let [name] = project.containers().try_into().unwrap();
    let label = "{{index .Config.Labels \"io.renku.session.provider\"}}";
    let provider = docker_ok(&["inspect", "-f", label, &name]);
    // It says that its name is `docker`; nobody believes it.
    assert!(provider.starts_with("file:"), "{provider}");
}

#[test]
fn a_label_of_the_host_is_refused() {
    let context = Context::docker();
    let project = context.project("analysis");
    insta::assert_snapshot!(start(&context, &project, "io-label").run().snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: [file:[DIGEST]] the label `io.renku.session.provider` is reserved
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn no_image_is_built_but_the_one_that_the_user_was_asked_about() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\nCOPY .test /t\n", httpd_image())).commit();
    let victim = format!("renku-test/victim-{}:latest", &project.id()[..12]);
    let id = project.foreign_image(&victim, &format!("FROM {}\nENV A=1\n", httpd_image()));
    let own = format!("analysis:{}", project.git(&["rev-parse", "--short=7", "HEAD"]));

    // In its start, where nobody expects a build.
    let config = context.config(&format!("do: build\nname: {victim}\nimage: {}\n", httpd_image()));
    let hostile = fixture("hostile");
    let words = ["session", "start", "--yes", "-p", &hostile, "-c", &config];
    let run = project.renku(&[&words[..], &["--image", &own]].concat()).run().success();
    let said: Vec<&str> = run.stderr.lines().filter(|line| line.contains(": build ")).collect();
    let [other, named] = said[..] else { panic!("{}", run.stderr) };
    assert!(other.ends_with(&format!("build {victim}: ErrorKind::Denied")), "{other}");
    assert!(named.ends_with(&format!("build {own}: ErrorKind::Denied")), "{named}");

    // Another one than it was asked for.
    let run = project.renku(&[&words[..], &["--force-build"]].concat()).run().exits(3);
    let error = run.stderr.replace(&victim, "[VICTIM]");
    insta::assert_snapshot!(run.filtered(&error), @r"
    error: [file:[DIGEST]] provider `file:[DIGEST]` may not build `[VICTIM]` from `Dockerfile`
      [file:[DIGEST]] the request was `analysis:[COMMIT7]` from `Dockerfile`
    ");
    assert_eq!(docker_ok(&["image", "inspect", "-f", "{{.Id}}", &victim]), id);
}

#[test]
fn the_project_is_not_mounted_over_the_system_of_the_image() {
    let context = Context::docker();
    let project = context.project("analysis");
    insta::assert_snapshot!(start(&context, &project, "bad-mount").run().snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] the project cannot be mounted at `/etc`: the image's own system is there
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_crash_after_the_start_leaves_no_container_announced_or_not() {
    let context = Context::docker();
    let project = context.project("analysis");
    for misdeed in ["trap-after-start", "trap-unannounced"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(start(&context, &project, misdeed).run().snapshot(), @r"
            exit status: 1
            --- stdout
            --- stderr
            Cleaning up
            error: provider `[FIXTURES]/hostile.wasm` crashed
              wasm `unreachable` instruction executed
            hint: report it to the provider's author; `-v` shows its log
            ");
        }
        assert_eq!(project.containers(), Vec::<String>::new(), "{misdeed}");
    }
}

#[test]
fn an_endless_loop_after_the_start_leaves_no_container() {
    let context = Context::docker();
    let project = context.project("analysis");
    insta::assert_snapshot!(start(&context, &project, "loop-after-start").run().snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    Cleaning up
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it used more than 5 s of CPU time
    hint: report it to the provider's author; `-v` shows its log
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn who_ignores_an_interrupt_is_ended_after_five_seconds() {
    let context = Context::docker();
    let project = context.project("analysis");
    let running = start(&context, &project, "ignore-cancel").spawn();
    std::thread::sleep(Duration::from_secs(2));
    let begin = Instant::now();
    running.signal("INT");
    let run = running.wait();
    let elapsed = begin.elapsed();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 130
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it did not end within 5 s of the interrupt
    ");
    assert!(elapsed > Duration::from_millis(4_500), "{elapsed:?}");
    assert!(elapsed < Duration::from_secs(15), "{elapsed:?}");
}

#[test]
fn a_second_interrupt_ends_everything_at_once() {
    let context = Context::docker();
    let project = context.project("analysis");
    let running = start(&context, &project, "ignore-cancel").spawn();
    std::thread::sleep(Duration::from_secs(2));
    let begin = Instant::now();
    running.signal("INT");
    std::thread::sleep(Duration::from_millis(300));
    running.signal("INT");
    let _ = running.wait().exits(130);
    let elapsed = begin.elapsed();
    assert!(elapsed < Duration::from_secs(4), "{elapsed:?}");
}
