//! Images that are in a registry: found there without pulling, pulled, and what
//! is reported when the registry does not give them.

use support::{BASIC, Context, EngineProxy, FakeRegistry, LOGIN, Project, Registry, executable};
use support::{docker, httpd_image};

/// Writes Docker's settings of this test's user.
fn docker_settings(context: &Context, json: &str) {
    let folder = context.home().join(".docker");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("config.json"), json).unwrap();
}

/// Ports differ from run to run, in messages of engines too.
fn without_port(text: &str, host: &str) -> String {
    let port = host.rsplit(':').next().unwrap();
    text.replace(port, "[PORT]")
}

fn start_named(project: &Project<'_>, image: &str, more: &[&str]) -> support::Run {
    let mut arguments = vec!["start", "--no-wait", "--format", "json", "--image", image];
    arguments.extend(more);
    project.session(&arguments)
}

#[test]
fn an_image_of_a_registry_is_pulled_and_started() {
    let registry = Registry::open();
    let image = registry.push(&httpd_image(), "group/web:1");
    let context = Context::docker();
    let project = context.project("analysis");
    let before = project.session(&["image", "--image", &image, "--format", "json"]).success();
    assert_eq!(before.json()["image"], serde_json::json!({ "name": image, "state": "remote" }));
    assert!(!docker(&["image", "inspect", &image]).success, "finding it has pulled it");

    let run = start_named(&project, &image, &[]).success();
    assert_eq!(run.json()["session"]["image"], image);
    assert!(run.stderr.contains(&format!("Pulling {image}")), "{}", run.stderr);
    let after = project.session(&["image", "--image", &image, "--format", "json"]).success();
    assert_eq!(after.json()["image"]["state"], "local");
}

#[test]
fn pull_says_when_to_ask_the_registry() {
    let registry = Registry::open();
    let image = registry.push(&httpd_image(), "web:1");
    let context = Context::docker();
    let project = context.project("analysis");
    let never = start_named(&project, &image, &["--pull", "never"]).exits(2);
    assert_eq!(
        never.json()["error"]["message"],
        format!("the image `{image}` is not on this engine, and `--pull never` forbids pulling it")
    );
    assert_eq!(project.containers(), Vec::<String>::new());
    let _ = start_named(&project, &image, &[]).success();
    // It is here now: asked for again only with `always`.
    let missing = start_named(&project, &image, &[]).success();
    assert!(!missing.stderr.contains("Pulling"), "{}", missing.stderr);
    let always = start_named(&project, &image, &["--pull", "always"]).success();
    assert!(always.stderr.contains("Pulling"), "{}", always.stderr);
    let _ = start_named(&project, &image, &["--pull", "never"]).success();
}

#[test]
fn a_registry_with_logins_is_asked_with_the_stored_one() {
    let registry = Registry::with_login();
    let image = registry.push(&httpd_image(), "private/web:1");
    let host = registry.host();
    let context = Context::docker();
    let project = context.project("analysis");

    let without = project.session(&["start", "--image", &image]);
    assert_eq!(project.containers(), Vec::<String>::new());
    insta::assert_snapshot!(without_port(&without.snapshot(), &host), @r"
    exit status: 3
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/private/web:1 in its registry
    error: the image `127.0.0.1:[PORT]/private/web:1` does not exist, or your login does not allow to read it
    hint: check its name, or log in with `docker login 127.0.0.1:[PORT]`
    ");

    docker_settings(&context, &format!(r#"{{"auths":{{"{host}":{{"auth":"{BASIC}"}}}}}}"#));
    let with = start_named(&project, &image, &[]).success();
    assert_eq!(with.json()["session"]["image"], image);
}

#[test]
fn a_credential_helper_is_asked_and_a_missing_one_is_no_obstacle() {
    let registry = Registry::with_login();
    let private = registry.push(&httpd_image(), "private/web:1");
    let open = Registry::open();
    let public = open.push(&httpd_image(), "public/web:1");
    let context = Context::docker();
    let project = context.project("analysis");
    let programs = context.folder().join("programs");
    std::fs::create_dir(&programs).unwrap();
    let helper = programs.join("docker-credential-renku-test");
    let (user, password) = LOGIN;
    std::fs::write(
        &helper,
        format!(
            "#!/bin/sh\nread -r host\ntest \"$1 $host\" = \"get {}\" || {{ echo 'credentials not found in \
             native keychain'; exit 1; }}\necho '{{\"Username\":\"{user}\",\"Secret\":\"{password}\"}}'\n",
            registry.host()
        ),
    )
    .unwrap();
    executable(&helper);
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let start = |image: &str, settings: &str| {
        docker_settings(&context, settings);
        project
            .renku(&["session", "start", "-v", "--no-wait", "--image", image])
            .env("PATH", &path)
            .run()
    };

    let _ = start(&private, r#"{"credsStore":"renku-test"}"#).success();
    let _ = start(&public, r#"{"credsStore":"renku-test"}"#).success();
    let _ = docker(&["rmi", "-f", &public]);
    let missing = start(&public, r#"{"credsStore":"renku-test-missing"}"#).success();
    let said = format!(
        "info: no login for `{}` from `docker-credential-renku-test-missing`: it is not installed",
        open.host()
    );
    assert!(missing.stderr.contains(&said), "{}", missing.stderr);
    assert!(!missing.stderr.contains(password));
}

#[test]
fn what_a_registry_refuses_is_never_taken_for_an_image_to_build() {
    let context = Context::docker();
    let project = context.project("analysis");
    let refused = |registry: &FakeRegistry| {
        let image = format!("{}/group/web:1", registry.host());
        // With `--yes` a build would happen if anybody asked for one.
        let run = project.session(&["start", "--yes", "--image", &image]);
        assert_eq!(project.containers(), Vec::<String>::new());
        without_port(&run.snapshot(), &registry.host())
    };
    insta::assert_snapshot!(refused(&FakeRegistry::answering("401 Unauthorized")), @r"
    exit status: 3
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/group/web:1 in its registry
    error: the image `127.0.0.1:[PORT]/group/web:1` does not exist, or your login does not allow to read it
    hint: check its name, or log in with `docker login 127.0.0.1:[PORT]`
    ");
    insta::assert_snapshot!(refused(&FakeRegistry::answering("403 Forbidden")), @r"
    exit status: 3
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/group/web:1 in its registry
    error: the image `127.0.0.1:[PORT]/group/web:1` does not exist, or your login does not allow to read it
    hint: check its name, or log in with `docker login 127.0.0.1:[PORT]`
    ");
    insta::assert_snapshot!(refused(&FakeRegistry::answering("404 Not Found")), @r"
    exit status: 2
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/group/web:1 in its registry
    error: the image `127.0.0.1:[PORT]/group/web:1` does not exist
    hint: check the spelling of `127.0.0.1:[PORT]/group/web:1`; an image given by name is never built
    ");
    insta::assert_snapshot!(refused(&FakeRegistry::answering("500 Internal Server Error")), @r"
    exit status: 1
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/group/web:1 in its registry
    error: the registry `127.0.0.1:[PORT]` did not report whether it has the image `127.0.0.1:[PORT]/group/web:1`
      received unexpected HTTP status: 500 Internal Server Error
    hint: try again later, or name another image with `--image`
    ");
    insta::assert_snapshot!(refused(&FakeRegistry::silent()), @r"
    exit status: 1
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/group/web:1 in its registry
    error: the registry of the image `127.0.0.1:[PORT]/group/web:1` cannot be reached
      no answer within 10 s
    hint: check the network, then try again
    ");
}

#[test]
fn a_registry_that_nobody_runs_is_unreachable() {
    let context = Context::docker();
    let project = context.project("analysis");
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes", "--image", "127.0.0.1:1/web:1"]), @r#"
    exit status: 1
    --- stdout
    --- stderr
    Looking for 127.0.0.1:1/web:1 in its registry
    error: the registry of the image `127.0.0.1:1/web:1` cannot be reached
      Get "http://127.0.0.1:1/v2/": dial tcp 127.0.0.1:1: connect: connection refused
    hint: check the network, then try again
    "#);
}

#[test]
fn the_project_s_own_image_is_taken_from_its_registry_before_anybody_builds() {
    let registry = Registry::open();
    let context = Context::docker();
    let project = context.project("analysis");
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    let image = registry.push(&httpd_image(), &format!("group/analysis:{commit}"));
    let place = format!("{}/group", registry.host());
    let run =
        |arguments: &[&str]| project.renku(arguments).env("RENKU_IMAGE_REGISTRY", &place).run();
    // No terminal and no `--yes`: nothing is asked.
    let start = run(&["session", "start", "--no-wait", "--format", "json"]).success();
    assert_eq!(start.json()["session"]["image"], image);

    // Another state is not there: built here, under the name it has there.
    project.write("Dockerfile", &format!("FROM {}\n", httpd_image())).commit();
    let asked = run(&["session", "start", "--no-wait"]).exits(2);
    assert!(asked.stderr.contains("--yes"), "{}", asked.stderr);
    let built = run(&["session", "start", "--no-wait", "--yes", "--format", "json"]).success();
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(built.json()["session"]["image"], format!("{place}/analysis:{commit}"));
}

#[test]
fn a_broken_registry_of_the_project_is_a_warning_and_the_image_is_built() {
    let registry = FakeRegistry::answering("500 Internal Server Error");
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\n", httpd_image())).commit();
    let run = project
        .renku(&["session", "start", "--no-wait", "--yes"])
        .env("RENKU_IMAGE_REGISTRY", registry.host())
        .run()
        .success();
    let said = run.filtered(&run.stderr);
    insta::assert_snapshot!(without_port(&said, &registry.host()), @r"
    Looking for 127.0.0.1:[PORT]/analysis:[COMMIT7] in its registry
    warning: the registry `127.0.0.1:[PORT]` did not report whether it has the image `127.0.0.1:[PORT]/analysis:[COMMIT7]`
      received unexpected HTTP status: 500 Internal Server Error
    hint: try again later, or name another image with `--image`
    Building 127.0.0.1:[PORT]/analysis:[COMMIT7]
    Session `analysis-[ID]` is starting; `renku session open analysis-[ID]` opens it, `renku session stop analysis-[ID]` stops it
    ");
}

#[test]
fn a_pull_that_fails_inside_of_a_success_is_a_failure() {
    // As Podman answers.
    let proxy = EngineProxy::answering(
        "POST /images/create",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\
         {\"status\":\"Pulling fs layer\",\"id\":\"a\"}\r\n\
         {\"errorDetail\":{\"message\":\"reading manifest 1: unauthorized\"},\"error\":\"reading manifest 1: \
         unauthorized\"}\r\n",
    );
    let registry = Registry::open();
    let image = registry.push(&httpd_image(), "web:1");
    let context = Context::docker();
    let project = context.project("analysis");
    let run = project
        .renku(&["session", "start", "--image", &image])
        .env("DOCKER_HOST", proxy.address())
        .run();
    insta::assert_snapshot!(without_port(&run.snapshot(), &registry.host()), @r"
    exit status: 3
    --- stdout
    --- stderr
    Looking for 127.0.0.1:[PORT]/web:1 in its registry
    Pulling 127.0.0.1:[PORT]/web:1
    error: the image `127.0.0.1:[PORT]/web:1` does not exist or needs a login
      reading manifest 1: unauthorized
    hint: check the name of the image, or `docker login 127.0.0.1:[PORT]`
    ");
}
