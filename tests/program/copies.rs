//! A copy of the project has a volume of its own: never one that somebody else
//! made, and never one with the work of a session that is gone. What comes back
//! from it is what the session did, and nothing here is lost.

use std::os::unix::fs::{PermissionsExt as _, symlink};

use support::{Context, Project, docker_ok, httpd_image, jupyter_image};

/// A session with a copy of the project; its name.
fn copy_to_session(project: &Project) -> String {
    let start = ["--no-wait", "--image", &httpd_image(), "--mount", "volume"];
    project.start(&start)["name"].as_str().unwrap().to_owned()
}

/// Works in the session, in its copy of the project.
#[track_caller]
fn work(name: &str, line: &str) -> String {
    docker_ok(&["exec", name, "sh", "-ec", line])
}

#[test]
fn a_copy_goes_with_its_session() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let session = project.start(&["--no-wait", "--image", &image, "--mount", "volume"]);
    let name = session["name"].as_str().unwrap();
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
    let _ = project.session(&["stop", "--yes"]).success();
    assert_eq!(project.volumes(), Vec::<String>::new());
}

#[test]
fn a_volume_that_is_there_already_is_neither_used_nor_removed() {
    let context = Context::docker();
    let project = context.project("analysis");
    let (image, name) = (httpd_image(), format!("copied-{}", std::process::id()));
    let start = ["start", "--no-wait", "--image", &image, "--mount", "volume", "--name", &name];
    let _ = project.session(&start).success();
    // Its session is there, which is the better advice.
    let shown = |text: &str| text.replace(&name, "[NAME]");
    insta::assert_snapshot!(shown(&project.session(&start).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this project already has a session `[NAME]`
    hint: `renku session open [NAME]` opens it; or choose another `--name`
    ");
    let _ = docker_ok(&["rm", "-f", &name]);
    insta::assert_snapshot!(shown(&project.session(&start).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: a volume called `renku-[NAME]` exists already
      no session uses it; it may hold the only copy of somebody's work
    hint: choose another name with `--name`; if nothing in it is needed, `docker volume rm renku-[NAME]` removes it
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
}

#[test]
fn a_file_with_two_names_in_the_session_comes_back_under_both() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("results/run5.csv", "5\n").write("a.txt", "a\n").commit();
    let name = copy_to_session(&project);
    // As git-annex does it, too: the first name is in the repository.
    let line = "ln results/run5.csv final.csv && mkdir .git/annex && ln a.txt .git/annex/obj";
    let _ = work(&name, line);
    insta::assert_snapshot!(project.session(&["pull"]).snapshot(), @r"
    exit status: 0
    --- stdout
    M final.csv
    --- stderr
    Reading the project of the session
    Copied 1 file from session `analysis-[ID]`
    ");
    let files = ["results/run5.csv", "final.csv", "a.txt"].map(|file| project.read(file));
    assert_eq!(files, ["5\n", "5\n", "a\n"]);
}

#[test]
fn commits_come_back_also_when_their_objects_have_other_names() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = copy_to_session(&project);
    // The image has no git: the commit is made here, in another folder.
    let other = context.folder().join("other");
    project.git(&["clone", "-q", "--no-local", ".", &other.display().to_string()]);
    let other = other.display().to_string();
    project.git(&["-C", &other, "commit", "-q", "--allow-empty", "-m", "theirs"]);
    let folder = work(&name, "pwd");
    let _ = docker_ok(&["cp", &format!("{other}/.git"), &format!("{name}:{folder}/")]);
    let line = "mkdir .cache && find .git/objects -type f | while read file; do \
                ln $file .cache/$(basename $file); done";
    let _ = work(&name, line);
    let pulled = project.session(&["pull"]).success();
    assert!(pulled.stderr.ends_with("; its commits are on `main`\n"), "{}", pulled.stderr);
    assert_eq!(project.git(&["log", "-1", "--format=%s"]), "theirs");
    project.git(&["fsck", "--strict"]);
}

#[test]
fn a_session_of_an_image_made_from_a_copy_has_no_copy_itself() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = copy_to_session(&project);
    let saved = format!("saved-copy-{}", std::process::id());
    let _ = docker_ok(&["commit", &name, &saved]);
    let _ = project.session(&["stop", "--yes"]).success();
    let again = format!("again-{}", std::process::id());
    let volume = format!("renku-{again}");
    let label = format!("io.renku.session.project={}", project.id());
    let _ = docker_ok(&["volume", "create", "--label", &label, &volume]);
    let _ = project.start(&["--no-wait", "--image", &saved, "--mount", "none", "--name", &again]);
    let shown = |text: &str| text.replace(&again, "[NAME]");
    insta::assert_snapshot!(shown(&project.session(&["pull"]).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: session `[NAME]` has no copy of the project
    hint: copies are made with `start --mount volume`; other sessions work on the project itself, or without it
    ");
    assert_eq!(project.git(&["status", "--porcelain"]), "");
    // And nothing of others goes with it.
    let _ = project.session(&["stop", "--yes"]).success();
    assert_eq!(project.volumes(), [volume]);
}

#[test]
fn a_pull_that_would_only_remove_asks_first() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("results/run5.csv", "5\n").commit();
    let name = copy_to_session(&project);
    let _ = work(&name, "rm -r results");
    insta::assert_snapshot!(project.session(&["pull"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    Reading the project of the session
    error: there is no terminal to ask: Removed in `analysis-[ID]`, 1 of 3 files:   results/run5.csv Remove them here, too?
    hint: answer it with `--force`
    ");
    let declined = project.renku(&["session", "pull"]).on_a_terminal("n\n");
    assert_eq!(declined.status, 1, "{}", declined.stdout);
    insta::assert_snapshot!(declined.question("Removed in"), @r"
    Removed in `analysis-[ID]`, 1 of 3 files:
      results/run5.csv
    Remove them here, too?
    ");
    assert_eq!(project.read("results/run5.csv"), "5\n");
    // Also when most of it goes, whatever else comes.
    let _ = work(&name, "rm Dockerfile && echo 1 > new");
    insta::assert_snapshot!(project.session(&["pull"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    Reading the project of the session
    error: there is no terminal to ask: Removed in `analysis-[ID]`, 2 of 3 files:   Dockerfile   results/run5.csv Remove them here, too?
    hint: answer it with `--force`
    ");
    insta::assert_snapshot!(project.session(&["pull", "--force"]).snapshot(), @r"
    exit status: 0
    --- stdout
    M new
    D Dockerfile
    D results/run5.csv
    --- stderr
    Reading the project of the session
    Copied 3 files from session `analysis-[ID]`
    ");
    assert!(!project.root().join("results").exists());
}

#[test]
fn what_is_private_here_stays_private() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("key.pem", "1\n").commit();
    let key = project.root().join("key.pem");
    let mode = || key.metadata().unwrap().permissions().mode() & 0o777;
    std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o600)).unwrap();
    let name = copy_to_session(&project);
    let _ = work(&name, "echo 2 > key.pem");
    let _ = project.session(&["pull"]).success();
    assert_eq!((project.read("key.pem"), mode()), ("2\n".to_owned(), 0o600));
}

#[test]
fn a_link_that_is_here_instead_of_a_folder_is_asked_about() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write(".gitignore", "data\n").commit();
    let disk = context.folder().join("disk");
    std::fs::create_dir(&disk).unwrap();
    symlink(&disk, project.root().join("data")).unwrap();
    let name = copy_to_session(&project);
    let _ = work(&name, "mkdir data && echo 1 > data/out.csv");
    insta::assert_snapshot!(project.session(&["pull"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    Reading the project of the session
    error: there is no terminal to ask: Changed here as well as in `analysis-[ID]`:   data Overwrite what is here?
    hint: answer it with `--force`
    ");
    assert_eq!(project.root().join("data").read_link().unwrap(), disk);
    let _ = project.session(&["pull", "--force"]).success();
    assert_eq!(project.read("data/out.csv"), "1\n");
    assert_eq!(disk.read_dir().unwrap().count(), 0);
}

#[test]
fn settings_of_other_repositories_are_not_brought() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = copy_to_session(&project);
    let line = "mkdir -p .GIT/hooks sub/.git && echo x > .GIT/hooks/pre-commit && \
                echo x > sub/.git/config && echo x > sub/a.py";
    let _ = work(&name, line);
    insta::assert_snapshot!(project.session(&["pull"]).snapshot(), @r"
    exit status: 0
    --- stdout
    M sub/a.py
    --- stderr
    Reading the project of the session
    Copied 1 file from session `analysis-[ID]`
    warning: not copied from session `analysis-[ID]`: `.GIT`, `sub/.git`
    hint: these are separate repositories; push their commits from the session
    ");
    assert!(!project.root().join(".GIT").exists());
    assert!(!project.root().join("sub/.git").exists());
}

#[test]
fn what_a_killed_start_left_is_stopped_without_a_question() {
    let context = Context::docker();
    let project = context.project("analysis");
    let session = copy_to_session(&project);
    let labels = docker_ok(&["inspect", "-f", "{{json .Config.Labels}}", &session]);
    let labels: std::collections::BTreeMap<String, String> = serde_json::from_str(&labels).unwrap();
    // As it is between the requests that make the container and fill its volume.
    let name = format!("{session}-b");
    let volume = format!("renku-{name}");
    let image = httpd_image();
    let mut create = vec!["create".to_owned(), "--name".to_owned(), name.clone()];
    for (label, value) in labels {
        let value = if label == "io.renku.session.name" { &name } else { &value };
        create.extend(["--label".to_owned(), format!("{label}={value}")]);
    }
    create.extend(["-v".to_owned(), format!("{volume}:/work"), image]);
    let _ = docker_ok(&create.iter().map(String::as_str).collect::<Vec<_>>());
    let stop = project.session(&["stop", &name]).success();
    assert_eq!(stop.filtered(&stop.stderr).lines().last(), Some("Stopped `analysis-[ID]-b`"));
    assert_eq!(project.containers(), [session]);
    assert!(!docker_ok(&["volume", "ls", "-q"]).contains(&volume));
}

#[test]
fn who_mounts_a_linked_worktree_is_told_that_git_has_no_repository_there() {
    let context = Context::docker();
    let project = context.project("analysis");
    let linked = context.folder().join("linked");
    let _ = project.git(&["worktree", "add", "-q", linked.to_str().unwrap()]);
    let start = |how: &str| {
        let image = httpd_image();
        let words = ["session", "start", "--dry-run", "--image", &image, "--mount", how];
        context.renku(&linked, &words).run().success().stderr
    };
    let warning = "warning: the repository of this folder is elsewhere";
    assert!(start("project").contains(warning));
    assert!(!start("none").contains(warning));
}

#[test]
fn copied_files_keep_their_dates() {
    let context = Context::docker();
    let project = context.project("analysis");
    let file = std::fs::File::options().write(true).open(project.root().join(".test")).unwrap();
    let dated = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_700_000_000);
    file.set_modified(dated).unwrap();
    let start = ["--no-wait", "--image", &jupyter_image(), "--mount", "volume"];
    let session = project.start(&start);
    let name = session["name"].as_str().unwrap();
    let folder = "/home/jovyan/work/analysis";
    let run = |program: &[&str]| docker_ok(&[&["exec", "-w", folder, name], program].concat());
    assert_eq!(run(&["stat", "-c", "%Y", ".test"]), "1700000000");
    let zip = "import shutil; print(shutil.make_archive('/tmp/x', 'zip', '.'))";
    assert_eq!(run(&["python3", "-c", zip]), "/tmp/x.zip");
    // The folders on the way there are new.
    let dates = run(&["find", "/home/jovyan/work", "-mtime", "+10000"]);
    assert_eq!(dates, "");
}
