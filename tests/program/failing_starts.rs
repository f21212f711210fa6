//! Starts that fail on a real engine: it is away, or an image does not build or run.

use support::{Context, EngineProxy, Fault, httpd_image};

#[test]
fn an_engine_that_cannot_be_reached() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = |arguments: &[&str]| {
        project.renku(arguments).env("DOCKER_HOST", "unix:///nobody/listens.sock").run().snapshot()
    };
    insta::assert_snapshot!(run(&["session", "start", "--yes"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `unix:///nobody/listens.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
    insta::assert_snapshot!(run(&["session", "ls"]), @r"
    exit status: 0
    --- stdout
    --- stderr
    warning: no container engine can be reached
      `unix:///nobody/listens.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    Sessions of the provider `docker` are not shown
    ");
    insta::assert_snapshot!(run(&["session", "ls", "-p", "docker"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `unix:///nobody/listens.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
    for command in [&["session", "stop"][..], &["session", "stop", "one"], &["session", "open"]] {
        assert!(run(command).starts_with(
            "exit status: 1\n--- stdout\n--- stderr\nerror: no container engine can be reached\n"
        ));
    }
    insta::assert_snapshot!(run(&["session", "stop", "--all"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `unix:///nobody/listens.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
    insta::assert_snapshot!(run(&["session", "ls", "--format", "json"]), @r#"
    exit status: 0
    --- stdout
    {
      "version": 1,
      "sessions": [],
      "warnings": [
        {
          "provider": "docker",
          "kind": "unavailable",
          "message": "no container engine can be reached"
        }
      ]
    }
    --- stderr
    warning: no container engine can be reached
      `unix:///nobody/listens.sock`: not there
    hint: start the engine at that address, or change `DOCKER_HOST`
    Sessions of the provider `docker` are not shown
    "#);
}

#[test]
fn an_engine_that_takes_requests_and_never_answers_is_given_up() {
    let context = Context::docker();
    let project = context.project("analysis");
    let socket = context.folder().join("hanging.sock");
    let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
    let image = httpd_image();
    let renku = project.renku(&["session", "start", "--image", &image]);
    let run = renku.env("DOCKER_HOST", format!("unix://{}", socket.display())).run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `docker` did not answer within 30 s
    ");
}

/// As Docker Desktop does not see what is not shared with its virtual machine.
#[test]
fn a_project_that_the_engine_does_not_see_can_be_copied() {
    let context = Context::docker();
    let project = context.project("analysis");
    let folder = context.folder().join("hidden");
    std::fs::create_dir(&folder).unwrap();
    // A mount of our own, which goes with the shell that made it.
    let line = format!(
        "unshare -m sh -c 'mount -t tmpfs tmpfs {0} && cp -a . {0}/analysis && cd {0}/analysis && \
         renku session start --no-wait --image {1}'",
        folder.display(),
        httpd_image()
    );
    insta::assert_snapshot!(project.shell(&line).run().snapshot(), @r#"
    exit status: 2
    --- stdout
    --- stderr
    error: the container engine does not see the folder of this project
      invalid mount config for type "bind": bind source path does not exist: [TEST]/hidden/analysis
    hint: copy the project to the engine with `--mount volume`, or share its folder with the engine's virtual machine
    "#);
}

#[test]
fn a_build_step_that_fails_shows_its_last_lines_and_leaves_no_image() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!("FROM {}\nRUN echo one; echo two; exit 7\n", support::jupyter_image());
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    error: building `analysis:[COMMIT7]` failed at step 2: `RUN echo one; echo two; exit 7`
      one
      two
      it ended with exit status 7
    hint: correct this step of the Dockerfile, then start again
    ");
    let filter = format!("label=io.renku.session.project={}", project.id());
    assert_eq!(support::docker_ok(&["images", "-aq", "--filter", &filter]), "");
}

#[test]
fn a_container_that_ends_before_it_is_ready_shows_its_last_lines() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nENTRYPOINT []\nCMD [\"sh\", \"-c\", \"echo about to fail; sleep 1; exit 3\"]\n",
        support::jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    Waiting for the session
    Cleaning up
    error: `analysis-[ID]` ended before it was ready: exit status 3
      about to fail
    ");
}

#[test]
fn a_port_that_never_answers() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nENTRYPOINT []\nCMD [\"sh\", \"-c\", \"echo no server; exec sleep 100\"]\n",
        support::jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes", "--wait-timeout", "1"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    Waiting for the session
    Cleaning up
    error: `analysis-[ID]` did not answer on port 8888 within 1 s
      nothing listens in the session
      no server
    hint: allow more time with `--wait-timeout`, or name the port of its program with `--container-port` or its `command` in the file after `--config`
    ");
}

#[test]
fn an_engine_that_goes_away_in_the_middle_of_a_start() {
    let context = Context::docker();
    let project = context.project("analysis");
    let start = |last_request| {
        let engine = EngineProxy::with(last_request, Fault::Vanish);
        // It never answers, so the start cannot be quicker than the engine's end.
        let config = context.config("command: [/bin/sleep, \"1000\"]\n");
        let image = httpd_image();
        let renku = project.renku(&["session", "start", "--image", &image, "-c", &config]);
        let run = renku.env("DOCKER_HOST", engine.address()).run();
        let socket = engine.address();
        run.snapshot().replace(&run.filtered(&socket), "[SOCKET]")
    };
    insta::assert_snapshot!(start("POST /containers/create"), @r"
    exit status: 1
    --- stdout
    --- stderr
    Cleaning up
    warning: the container engine failed to inspect a container
      No such file or directory (os error 2)
    `analysis-[ID]` may still be there; when the engine answers again, `renku session stop analysis-[ID]` removes it
    error: the container engine failed to create the container
      connection closed before message completed
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    // What was created by then could not be removed: it is named, and listed when
    // the engine is back.
    insta::assert_snapshot!(start("POST /containers/*/wait"), @r"
    exit status: 1
    --- stdout
    --- stderr
    Waiting for the session
    Cleaning up
    warning: the container engine failed to remove the container
      No such file or directory (os error 2)
    `analysis-[ID]` may still be there; when the engine answers again, `renku session stop analysis-[ID]` removes it
    error: the container engine failed to watch the session
      No such file or directory (os error 2)
    ");
    let left = project.containers();
    assert_eq!(left.len(), 1);
    assert_eq!(project.session(&["ls", "-q"]).success().stdout.trim(), left[0]);
    let _ = project.session(&["stop", "--yes"]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
}
