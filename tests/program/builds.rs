//! Builds that go well, fail, or are given up.

use support::{Context, SmallEngine, docker_ok, httpd_image};

#[test]
fn a_dockerfile_with_a_cache_mount_builds() {
    let context = Context::docker();
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
    let context = Context::docker();
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
      collecting numpy
      no such version
      it ended with exit status 3
    hint: correct this step of the Dockerfile, then start again
    "#);
}

#[test]
fn the_classic_builder_leaves_no_image_of_a_step_behind() {
    let context = Context::docker();
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
      it ended with exit status 3
    hint: correct this step of the Dockerfile, then start again
    "#);
    let filter = format!("label=renku-test-step={id}");
    assert_eq!(docker_ok(&["images", "-aq", "--filter", &filter]), "");
}

#[test]
fn a_full_disk_is_said_and_how_to_make_room() {
    let engine = SmallEngine::with_disk("40m");
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", "FROM scratch\nCOPY large /large\n").commit();
    let file = std::fs::File::create(project.root().join("large")).unwrap();
    file.set_len(60_000_000).unwrap();
    for builder in ["1", "0"] {
        let run = project
            .renku(&["session", "start", "--yes"])
            .env("DOCKER_HOST", engine.address())
            .env("DOCKER_BUILDKIT", builder)
            .run()
            .exits(1);
        let said = run.filtered(&run.stderr);
        let lines: Vec<&str> = said.lines().collect();
        let [building, error, cause, hint] = lines[..] else { panic!("{said}") };
        assert_eq!(building, "Building analysis:[DIRTY]");
        assert_eq!(
            error,
            "error: the disk of the container engine is full: building `analysis:[DIRTY]` failed"
        );
        assert!(cause.ends_with("no space left on device"), "{cause}");
        assert!(hint.starts_with("hint: free some space: `renku session image prune`"), "{hint}");
        assert_eq!(engine.images(), "", "an image is left");
    }
}

#[test]
fn a_large_context_is_said_with_its_largest_folders() {
    let context = Context::docker();
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
