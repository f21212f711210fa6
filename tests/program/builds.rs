//! Builds that go well, fail, or are given up.

use support::{Context, EngineProxy, docker_ok, httpd_image};

#[test]
fn a_dockerfile_with_a_cache_mount_builds() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nRUN --mount=type=cache,target=/cache [\"/bin/sh\", \"-c\", \"echo x > /cache/x\"]\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let session = project.start(&["--no-wait"]);
    assert_eq!(project.containers(), [session["name"].as_str().unwrap()]);
}

#[test]
fn a_failing_step_shows_its_last_lines_and_leaves_nothing() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nRUN [\"/bin/sh\", \"-c\", \"echo collecting numpy; echo no such version; exit 3\"]\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    insta::assert_snapshot!(project.leaves_nothing(&["start", "--yes"]), @r#"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    error: building `analysis:[COMMIT7]` failed at step 2: `RUN ["/bin/sh", "-c", "echo collecting numpy; echo no such version; exit 3"]`
      no such version
      collecting numpy
      executor failed running [/bin/sh -c echo collecting numpy; echo no such version; exit 3]: exit code: 3
    hint: correct this step of the Dockerfile, then start again
    "#);
}

#[test]
fn the_classic_builder_leaves_no_image_of_a_step_behind() {
    let context = Context::new();
    let project = context.project("analysis");
    let id = project.id();
    let dockerfile = format!(
        "FROM {}\nLABEL renku-test-step={id}\nRUN [\"/bin/sh\", \"-c\", \"echo broken; exit 3\"]\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let run = project.renku(&["session", "start", "--yes"]).env("DOCKER_BUILDKIT", "0").run();
    insta::assert_snapshot!(run.snapshot(), @r#"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    error: building `analysis:[COMMIT7]` failed at step 3: `RUN ["/bin/sh", "-c", "echo broken; exit 3"]`
      broken
      The command '/bin/sh -c echo broken; exit 3' returned a non-zero code: 3
    hint: correct this step of the Dockerfile, then start again
    "#);
    let filter = format!("label=renku-test-step={id}");
    assert_eq!(docker_ok(&["images", "-aq", "--filter", &filter]), "");
}

#[test]
fn a_full_disk_is_said_and_how_to_make_room() {
    // What BuildKit answers on a full disk, recorded.
    let proxy = EngineProxy::answering(
        "POST /build",
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n\r\n\
         {\"errorDetail\":{\"message\":\"failed to solve: failed to copy files: copy file range failed: no \
         space left on device\"},\"error\":\"…\"}\r\n",
    );
    let context = Context::new();
    let project = context.project("analysis");
    let run =
        project.renku(&["session", "start", "--yes"]).env("DOCKER_HOST", proxy.address()).run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    Building analysis:[COMMIT7]
    error: the disk of the container engine is full: building `analysis:[COMMIT7]` failed
      failed to copy files: copy file range failed: no space left on device
    hint: make room: `renku session image prune` removes images of this project that no session uses, `docker system df` shows what takes space
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn a_large_context_is_said_with_its_largest_folders() {
    let context = Context::new();
    let project = context.project("analysis");
    let dockerfile = format!("FROM {}\nCOPY .test /t\n", httpd_image());
    project.write("Dockerfile", &dockerfile).write(".gitignore", "data\n").commit();
    project.write("data/raw/note", "x");
    // Large without taking space.
    let file = std::fs::File::create(project.root().join("data/raw/large")).unwrap();
    file.set_len(520_000_000).unwrap();
    let run = project.session(&["start", "--no-wait", "--yes"]).success();
    let said = "warning: 520 MB are sent to the builder, most of it `data/raw` (520 MB); list what the \
                image does not need in `.dockerignore`";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    project.write(".dockerignore", "data\n");
    let run = project.session(&["start", "--no-wait", "--yes"]).success();
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}
