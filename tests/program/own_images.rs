//! The image of a project: when it is built, when not, and how it goes again.

use std::time::{Duration, Instant};

use support::{Context, Project, docker_ok, httpd_image};

/// A Dockerfile that takes one file.
fn takes_requirements(project: &Project<'_>) {
    let dockerfile = format!("FROM {}\nCOPY requirements.txt /tmp/\n", httpd_image());
    project.write("Dockerfile", &dockerfile);
    project.write("requirements.txt", &project.id()).commit();
}

/// The image of a start that asks nothing: no terminal, no `--yes`.
#[track_caller]
fn without_question(project: &Project<'_>) -> String {
    let run = project.session(&["start", "--no-wait", "--format", "json"]).success();
    assert!(!run.stderr.contains("Building"), "{}", run.stderr);
    run.json()["session"]["image"].as_str().unwrap().to_owned()
}

/// The project's images, by name.
fn images(project: &Project<'_>) -> Vec<String> {
    let filter = format!("label=io.renku.session.project={}", project.id());
    let all = docker_ok(&["images", "--format", "{{.Repository}}:{{.Tag}}", "--filter", &filter]);
    let mut all: Vec<String> = all.lines().map(str::to_owned).collect();
    all.sort();
    all
}

#[test]
fn what_does_not_go_into_the_image_does_not_build_it_again() {
    let context = Context::docker();
    let project = context.project("analysis");
    takes_requirements(&project);
    let first = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();

    project.write("notebook.ipynb", "{}");
    let dirty = without_question(&project);
    assert!(dirty.starts_with(&format!("{first}-")), "{dirty}");
    project.write("notebook.ipynb", "{\"cells\":[]}");
    assert_eq!(without_question(&project), dirty);
    project.commit();
    let committed = without_question(&project);
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(committed, format!("analysis:{commit}"));
    let ids: Vec<String> = [&first, &dirty, &committed]
        .iter()
        .map(|image| docker_ok(&["image", "inspect", "-f", "{{.Id}}", image]))
        .collect();
    assert_eq!((&ids[0], &ids[0]), (&ids[1], &ids[2]), "one image of three names");
}

#[test]
fn what_goes_into_the_image_builds_it_again() {
    let context = Context::docker();
    let project = context.project("analysis");
    takes_requirements(&project);
    let first = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();
    project.write("requirements.txt", &format!("{}\nscipy\n", project.id()));
    insta::assert_snapshot!(project.session(&["start", "--no-wait"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    Session `analysis-[ID]` of this project is already running; `renku session open analysis-[ID]` opens it. Starting another
    error: there is no terminal to ask: The image `analysis:[DIRTY]` does not exist yet. Build it from `Dockerfile`?
    hint: answer it with `--yes`
    ");
    let second = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    // Back again: the first one is still there.
    project.git(&["checkout", "-q", "requirements.txt"]);
    assert_eq!(without_question(&project), first);
}

#[test]
fn build_arguments_reach_the_dockerfile_and_belong_to_the_image() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nARG ONE\nARG TWO\nENV SEEN=\"$ONE $TWO\"\nLABEL test={}\n",
        httpd_image(),
        project.id()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let start = |arguments: &[&str]| {
        let mut all = vec!["session", "start", "--no-wait", "--yes", "--format", "json"];
        all.extend(arguments);
        let run = project.renku(&all).env("TWO", "two").run().success();
        let image = run.json()["session"]["image"].as_str().unwrap().to_owned();
        let seen = docker_ok(&["image", "inspect", "-f", "{{json .Config.Env}}", &image]);
        (seen, run.stderr)
    };
    let (seen, _) = start(&["--build-arg", "ONE=1", "--build-arg", "TWO"]);
    assert!(seen.contains("SEEN=1 two"), "{seen}");
    let (seen, _) = start(&["--build-arg", "ONE=2", "--build-arg", "UNSET_HERE"]);
    assert!(seen.contains("SEEN=2 \""), "{seen}");
    let (seen, said) = start(&["--build-arg", "ONE=1", "--build-arg", "TWO"]);
    assert!(seen.contains("SEEN=1 two"), "{seen}");
    assert!(!said.contains("Building"), "the same arguments, the same image: {said}");
}

#[test]
fn force_build_builds_what_is_there_and_leaves_no_nameless_image() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!("FROM {}\nADD --chown=0:0 .test /t\n", httpd_image());
    project.write("Dockerfile", &dockerfile).commit();
    let session = project.start(&["--no-wait"]);
    let _ = project.session(&["stop", "--all"]).success();
    let run = project.session(&["start", "--no-wait", "--force-build"]).success();
    assert!(run.stderr.contains("Building analysis:"), "{}", run.stderr);
    assert_eq!(images(&project), [session["image"].as_str().unwrap()]);
}

#[test]
fn image_prints_the_name_that_start_would_use() {
    let context = Context::docker();
    let project = context.project("analysis");
    takes_requirements(&project);
    let name = |arguments: &[&str]| {
        // The name alone needs no engine.
        let mut all = vec!["session", "image"];
        all.extend(arguments);
        let run = project.renku(&all).env("DOCKER_HOST", "unix:///nobody.sock").run();
        run.success().stdout
    };
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(name(&[]), format!("analysis:{commit}\n"));
    assert_eq!(name(&["--image", "a/b:1"]), "a/b:1\n");
    let state = || {
        let run = project.session(&["image", "--format", "json"]).success();
        run.json()["image"]["state"].as_str().unwrap().to_owned()
    };
    assert_eq!(state(), "absent");
    let session = project.start(&["--no-wait"]);
    assert_eq!(format!("{}\n", session["image"].as_str().unwrap()), name(&[]));
    assert_eq!(state(), "local");
    // `start` would only give the image another name.
    project.write("notebook.ipynb", "{}");
    assert_eq!(state(), "local");
    project.write("requirements.txt", "x");
    assert_eq!(state(), "absent");
    // A pinned image is what `start` would use.
    project.write(".renku/renku.ini", "[interactive]\nimage = quay.io/a/b:2\n");
    assert_eq!(name(&[]), "quay.io/a/b:2\n");
}

#[test]
fn prune_removes_the_project_s_unused_images_and_no_others() {
    let context = Context::docker();
    let (project, other) = (context.project("analysis"), context.project("analysis"));
    takes_requirements(&project);
    takes_requirements(&other);
    let _ = other.start(&["--no-wait"]);
    let _ = other.session(&["stop", "--all"]).success();
    let used = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();
    let make = |text: &str| {
        project.write("requirements.txt", text);
        // With BuildKit, its cache keeps the layers as well.
        let run = project
            .renku(&["session", "start", "--no-wait", "--yes", "--format", "json"])
            .env("DOCKER_BUILDKIT", "0")
            .run()
            .success();
        let session = run.json()["session"].clone();
        let _ = project.session(&["stop", session["name"].as_str().unwrap()]).success();
        session["image"].as_str().unwrap().to_owned()
    };
    let unused = make(&format!("{} 1", project.id()));
    let current = make(&format!("{} 2", project.id()));

    // Without a terminal it requests `--yes`, and does nothing.
    insta::assert_snapshot!(project.session(&["image", "prune"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: Remove these images of this project, which no session uses: `analysis:[DIRTY]`?
    hint: answer it with `--yes`
    ");
    let run = project.session(&["image", "prune", "--yes", "--format", "json"]).success();
    assert_eq!(run.json()["images"], serde_json::json!([unused]));
    assert!(run.json()["freed_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{}", run.stdout);
    let mut left = vec![used.clone(), current];
    left.sort();
    assert_eq!(images(&project), left);
    assert_eq!(images(&other).len(), 1, "another project's");

    let all = project.session(&["image", "prune", "--yes", "--all"]).success();
    assert!(all.stderr.contains("of disk space"), "{}", all.stderr);
    assert_eq!(images(&project), [used]);
    insta::assert_snapshot!(project.session(&["image", "prune"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no unused images
    ");
}

#[test]
fn images_that_their_user_made_of_the_project_s_are_kept_and_never_taken_for_it() {
    let context = Context::docker();
    let project = context.project("analysis");
    takes_requirements(&project);
    let session = project.start(&["--no-wait"]);
    let image = session["image"].as_str().unwrap();
    let id = |name: &str| docker_ok(&["image", "inspect", "-f", "{{.Id}}", name]);
    let built = id(image);
    let mine = |what: &str| format!("renku-test/{what}-{}:v1", &project.id()[..12]);
    let (saved, derived, tagged) = (mine("saved"), mine("derived"), mine("tagged"));
    let _ = docker_ok(&["commit", session["name"].as_str().unwrap(), &saved]);
    let _ = project.session(&["stop", "--all"]).success();
    let _ = project.foreign_image(&derived, &format!("FROM {image}\nENV A=1\n"));

    // They have the labels of what they were made of, and are newer.
    project.write("notebook.ipynb", "{}").commit();
    let next = without_question(&project);
    assert_eq!(id(&next), built);
    let _ = project.session(&["stop", "--all"]).success();
    let prune = || {
        let words = ["image", "prune", "--all", "--yes", "--format", "json"];
        let mut names: Vec<String> =
            serde_json::from_value(project.session(&words).success().json()["images"].clone())
                .unwrap();
        names.sort();
        names
    };
    let mut ours = [image.to_owned(), next];
    ours.sort();
    assert_eq!(prune(), ours);
    let mut left = vec![saved.clone(), derived.clone()];
    left.sort();
    assert_eq!(images(&project), left);

    // Another name for the same image keeps it.
    let session = project.start(&["--no-wait"]);
    let image = session["image"].as_str().unwrap();
    let _ = docker_ok(&["tag", image, &tagged]);
    let _ = project.session(&["stop", "--all"]).success();
    assert_eq!(prune(), [image]);
    left.push(tagged);
    left.sort();
    assert_eq!(images(&project), left);
    assert_eq!(prune(), Vec::<String>::new());

    // What is built on one of them is the project's own again.
    project.write("Dockerfile", &format!("FROM {saved}\n")).commit();
    let on_saved = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();
    assert_eq!(without_question(&project), on_saved);
}

#[test]
fn an_image_of_its_name_that_somebody_else_built_is_asked_about_and_never_built_over() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\nCOPY .test /t\n", httpd_image())).commit();
    let image = format!("analysis:{}", project.git(&["rev-parse", "--short=7", "HEAD"]));
    let id = project.foreign_image(&image, &format!("FROM {}\nENV A=1\n", httpd_image()));

    insta::assert_snapshot!(project.session(&["start", "--no-wait"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: The image `analysis:[COMMIT7]` was not built by `renku session`, so nobody knows whether it is up to date. Use it?
    hint: answer it with `--yes`
    ");
    let state = project.session(&["image", "--format", "json"]).success().json();
    assert_eq!(state["image"]["state"], "local");
    for more in [&["--yes"][..], &["--dry-run"]] {
        let words = [&["start", "--no-wait", "--force-build"], more].concat();
        insta::allow_duplicates! {
            insta::assert_snapshot!(project.session(&words).snapshot(), @r"
            exit status: 1
            --- stdout
            --- stderr
            error: the image `analysis:[COMMIT7]` was not built by `renku session`, so it is not replaced by a new build
            hint: `docker rmi analysis:[COMMIT7]` frees the name; `docker tag analysis:[COMMIT7] NAME` before keeps the image
            ");
        }
    }
    let session = project.start(&["--no-wait"]);
    assert_eq!(session["image"], image);
    let name = session["name"].as_str().unwrap();
    assert_eq!(docker_ok(&["inspect", "-f", "{{.Image}}", name]), id);
    // Whoever names it has answered.
    let _ = project.session(&["start", "--no-wait", "--image", &image]).success();
}

#[test]
fn two_folders_of_one_project_take_a_name_from_each_other_and_no_image() {
    let context = Context::docker();
    let one = context.project("analysis");
    let dockerfile = format!("FROM {}\nARG A\nENV A=$A\nCOPY .test /t\n", httpd_image());
    one.write("Dockerfile", &dockerfile).commit();
    let other = context.project("analysis");
    other.git(&["fetch", "-q", &one.root().display().to_string(), "main"]);
    other.git(&["reset", "-q", "--hard", "FETCH_HEAD"]);
    let id = |session: &serde_json::Value| {
        let name = session["name"].as_str().unwrap();
        docker_ok(&["inspect", "-f", "{{.Image}}", name])
    };
    let first = one.start(&["--no-wait", "--build-arg", "A=1"]);
    let built = id(&first);
    let _ = one.session(&["stop", "--all"]).success();
    let second = other.start(&["--no-wait", "--build-arg", "A=2"]);
    assert_eq!(second["image"], first["image"]);
    assert_ne!(id(&second), built);
    assert_eq!(
        docker_ok(&["image", "inspect", "-f", "{{.Id}}", &built]),
        built,
        "it is still there"
    );
}

#[test]
fn what_the_builder_still_holds_after_a_prune_is_said() {
    let context = Context::docker();
    let project = context.project("analysis");
    takes_requirements(&project);
    let image = project.start(&["--no-wait"])["image"].as_str().unwrap().to_owned();
    let _ = project.session(&["stop", "--all"]).success();
    let run = project.session(&["image", "prune", "--yes", "--all"]).success();
    let mut lines = run.stderr.lines();
    assert_eq!(lines.next(), Some(format!("Removed `{image}`").as_str()));
    // BuildKit has the layers, so that this may have freed nothing.
    let last = lines.last().unwrap();
    assert!(last.starts_with("The builder's cache keeps "), "{}", run.stderr);
    assert!(last.ends_with("; `docker builder prune` frees it"), "{}", run.stderr);

    let _ = project.start(&["--no-wait"]);
    let _ = project.session(&["stop", "--all"]).success();
    let words = ["image", "prune", "--yes", "--all", "--format", "json"];
    let document = project.session(&words).success().json();
    assert!(document["builder_cache_bytes"].as_u64().is_some_and(|bytes| bytes > 0), "{document}");
}

#[test]
fn thousands_of_files_are_looked_through_in_no_time() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!("FROM {}\nCOPY . /app\n", httpd_image());
    project.write("Dockerfile", &dockerfile);
    for number in 0..3000 {
        project.write(&format!("data/{}/{number}.txt", number % 50), &"x".repeat(4000));
    }
    project.commit();
    let begin = Instant::now();
    let _ = project.session(&["image"]).success();
    let elapsed = begin.elapsed();
    // About 60 ms on a quiet machine.
    assert!(elapsed < Duration::from_secs(5), "{elapsed:?}");
}
