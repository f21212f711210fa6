//! A project is a stranger: its files may be links that lead out, pipes, devices, or far
//! too large, and a session can change them while we read. Nothing of that is followed,
//! waited for or read, and the error names the file.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use support::{Context, Project, docker_ok, httpd_image};

/// Nothing here may take longer, whatever a project is made of.
const SOON: Duration = Duration::from_secs(20);

/// A file of the user's that no project has anything to do with.
fn private_file(context: &Context) -> PathBuf {
    let folder = context.folder().join("private");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("id"), "[private-key\n").unwrap();
    folder.join("id")
}

fn pipe(path: &std::path::Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// `renku session image` needs an engine; problems with files are reported before that.
#[track_caller]
fn refused(project: &Project<'_>, arguments: &[&str]) -> String {
    let begin = Instant::now();
    let run = project.renku(arguments).run();
    assert!(begin.elapsed() < SOON, "{arguments:?} took {:?}", begin.elapsed());
    let shown = run.snapshot();
    assert!(!shown.contains("private-key"), "{shown}");
    shown
}

#[test]
fn a_dockerignore_that_leads_out_or_is_no_file_is_refused() {
    let context = Context::docker();
    let project = context.project("analysis");
    let file = project.root().join(".dockerignore");
    let image = || refused(&project, &["session", "image"]);
    symlink(private_file(&context), &file).unwrap();
    insta::assert_snapshot!(image(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.dockerignore` is a link that leads out of the project
    hint: put what it points to in its place; `rm [PROJECTS]/analysis/.dockerignore` removes the link
    ");
    std::fs::remove_file(&file).unwrap();
    symlink("/dev/zero", &file).unwrap();
    assert!(image().contains("is a link that leads out of the project"));
    std::fs::remove_file(&file).unwrap();
    pipe(&file);
    insta::assert_snapshot!(image(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.dockerignore` is a named pipe, not a file
    hint: `rm [PROJECTS]/analysis/.dockerignore` removes it
    ");
    std::fs::remove_file(&file).unwrap();
    std::fs::File::create(&file).unwrap().set_len(1 << 40).unwrap();
    insta::assert_snapshot!(image(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.dockerignore` is larger than 256 KiB, the most it may have
    hint: make it smaller, or move it away
    ");
}

#[test]
fn settings_lock_and_binding_of_a_project_are_files_of_it() {
    let context = Context::docker();
    let project = context.project("analysis");
    let private = private_file(&context);
    std::fs::create_dir(project.root().join(".renku")).unwrap();
    for (name, arguments) in [
        (".renku/renku.ini", &["config", "list"][..]),
        (".renku/renku.ini", &["config", "set", "image", "a"]),
        (".renku/renku.ini", &["session", "image"]),
        ("renku-providers.lock", &["session", "start", "-p", "other", "--image", "a"]),
        ("renku-providers.lock", &["session", "provider", "list"]),
    ] {
        let file = project.root().join(name);
        symlink(&private, &file).unwrap();
        let shown = refused(&project, arguments);
        let error = format!("{name}` is a link that leads out of the project");
        assert!(shown.contains(&error), "{arguments:?}: {shown}");
        std::fs::remove_file(&file).unwrap();
        pipe(&file);
        let shown = refused(&project, arguments);
        assert!(shown.contains("is a named pipe, not a file"), "{arguments:?}: {shown}");
        std::fs::remove_file(&file).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&private).unwrap(), "[private-key\n");
    // Its folder may be the link, too.
    std::fs::remove_dir(project.root().join(".renku")).unwrap();
    std::fs::rename(&private, private.with_file_name("renku.ini")).unwrap();
    symlink(private.parent().unwrap(), project.root().join(".renku")).unwrap();
    let shown = refused(&project, &["config", "list"]);
    assert!(
        shown.contains("`[PROJECTS]/analysis/.renku` is a link that leads out of it"),
        "{shown}"
    );
}

#[test]
fn settings_that_are_a_folder_are_no_dockerfile() {
    let context = Context::docker();
    let project = context.project("analysis");
    std::fs::create_dir_all(project.root().join(".renku/renku.ini")).unwrap();
    insta::assert_snapshot!(refused(&project, &["config", "list"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.renku/renku.ini` is a folder, not a file
    hint: `mv [PROJECTS]/analysis/.renku/renku.ini [PROJECTS]/analysis/.renku/renku.ini.old` moves it away
    ");
}

#[test]
fn a_home_is_no_project_for_a_session() {
    let context = Context::docker();
    let home = context.home();
    let line = |folder: &str, start: &str| {
        let line = format!(
            "mkdir -p -m 700 {folder} && cd {folder} && git init -q -b main . && echo x > x && git add x \
             && git -c user.name=A -c user.email=a@a.example commit -q -m x && renku session start {start}"
        );
        context.shell(&home, &line).run()
    };
    let image = httpd_image();
    let start = format!("--image {image} --no-wait --yes");
    insta::assert_snapshot!(line(".", &start).exits(2).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]/home` cannot be given to a session
      a session could read and change `[TEST]/home/.config/renku`, where your own keys and settings are
    hint: move the project to a folder of its own, or start an image without it: `renku session start --mount none --image IMAGE`
    ");
    for (folder, start) in [
        (".config/renku", start.clone()),
        (".config", format!("{start} --mount volume")),
        (".local/share", "--no-wait --yes --mount none".to_owned()),
    ] {
        let refused = line(folder, &start).exits(2).stderr;
        assert!(refused.contains("cannot be given to a session"), "{folder}: {refused}");
    }
    // What gets none of its files may start.
    let dry = context.renku(
        &home,
        &["session", "start", "--image", &image, "--mount", "none", "--dry-run", "--yes"],
    );
    let _ = dry.run().success();
}

#[test]
fn a_configuration_that_is_no_file_is_not_waited_for() {
    let context = Context::docker();
    let project = context.project("analysis");
    let file = project.root().join("my.yaml");
    pipe(&file);
    let shown = refused(&project, &["session", "start", "--image", "a", "--config", "my.yaml"]);
    assert!(shown.contains("it is not a file, but a named pipe"), "{shown}");
}

#[test]
fn a_pattern_of_many_stars_does_not_keep_anybody_waiting() {
    let context = Context::docker();
    let project = context.project("analysis");
    let stars = "*a".repeat(40);
    project
        .write(&format!("{}.txt", "a".repeat(120)), "")
        .write("Dockerfile", &format!("FROM a\nCOPY {stars}b /x/\n"));
    project.write(".dockerignore", &format!("{stars}b\n**/{stars}c\n"));
    let _ = refused(&project, &["session", "image"]);
}

/// What the archive of a running session's project says about its files.
fn copied(project: &Project<'_>, line: &str) -> String {
    let start = ["--no-wait", "--image", &httpd_image(), "--mount", "volume"];
    let name = project.start(&start)["name"].as_str().unwrap().to_owned();
    let found = docker_ok(&["exec", &name, "sh", "-ec", line]);
    let _ = project.session(&["stop", "--yes"]).success();
    found
}

#[test]
fn a_folder_that_became_a_link_brings_nothing_into_the_next_session() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("keys/id", "public\n").commit();
    let private = private_file(&context);
    std::fs::remove_dir_all(project.root().join("keys")).unwrap();
    symlink(private.parent().unwrap(), project.root().join("keys")).unwrap();
    let found = copied(&project, "ls -ld keys; cat keys/id 2>&1 || true; find . -name id");
    assert!(!found.contains("private-key"), "{found}");
    assert!(found.contains("keys ->"), "{found}");
}

#[test]
fn a_folder_that_is_swapped_while_it_is_sent_to_the_builder_leads_nowhere() {
    let context = Context::docker();
    let project = context.project("analysis");
    let private = private_file(&context);
    let dockerfile = format!("FROM {}\nCOPY . /context\n", httpd_image());
    project.write("Dockerfile", &dockerfile).write(".gitignore", "data\nspare\n").commit();
    // First in order comes enough to give the swap its time.
    let large = std::fs::File::create(project.root().join("a-large-file")).unwrap();
    large.set_len(50_000_000).unwrap();
    project.write("data/id", "public\n");
    let (data, spare) = (project.root().join("data"), project.root().join("spare"));
    let ended = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !ended.load(Ordering::Relaxed) {
                std::fs::rename(&data, &spare).unwrap();
                symlink(private.parent().unwrap(), &data).unwrap();
                std::thread::sleep(Duration::from_micros(200));
                std::fs::remove_file(&data).unwrap();
                std::fs::rename(&spare, &data).unwrap();
                std::thread::sleep(Duration::from_micros(200));
            }
        });
        let run = project.session(&["start", "--no-wait", "--yes", "--format", "json"]);
        ended.store(true, Ordering::Relaxed);
        let session = run.success().json();
        let name = session["session"]["name"].as_str().unwrap();
        let search = "grep -rl private-key /context || true";
        assert_eq!(docker_ok(&["exec", name, "sh", "-ec", search]).trim(), "");
    });
}

#[test]
fn a_link_that_is_copied_itself_counts_with_what_it_points_to() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("env/real.txt", "one\n").write("Dockerfile", "FROM a\nCOPY link.txt /x/\n");
    symlink("env/real.txt", project.root().join("link.txt")).unwrap();
    let image = || project.session(&["image"]).success().stdout;
    let before = image();
    project.write("env/real.txt", "two\n");
    assert_ne!(image(), before);
    project.write("env/real.txt", "one\n");
    assert_eq!(image(), before);
}
