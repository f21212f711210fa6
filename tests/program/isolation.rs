//! Nothing foreign is touched: other sessions, other projects, other providers,
//! other people's containers.

use support::{Context, Foreign, Project, docker, docker_ok, fixture, httpd_image};

/// Starts a session of the small web server and gives its name.
#[track_caller]
fn start(project: &Project<'_>) -> String {
    let session = project.start(&["--image", &httpd_image()]);
    session["name"].as_str().unwrap().to_owned()
}

/// The names that `ls` shows, sorted: two that were started in the same second
/// have no order.
#[track_caller]
fn listed(project: &Project<'_>) -> Vec<String> {
    let document = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(document["warnings"], serde_json::json!([]));
    let sessions = document["sessions"].as_array().unwrap();
    let mut names: Vec<String> =
        sessions.iter().map(|session| session["name"].as_str().unwrap().to_owned()).collect();
    names.sort();
    names
}

#[test]
fn two_sessions_of_one_project_are_told_apart_by_name() {
    let context = Context::docker();
    let project = context.project("analysis");
    let first = start(&project);
    let second = start(&project);
    let mut both = [first.as_str(), &second];
    both.sort_unstable();
    assert_eq!(listed(&project), both);

    for command in [&["open", "--no-browser"][..], &["stop"]] {
        let run = project.session(command);
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.snapshot(), @r"
            exit status: 2
            --- stdout
            --- stderr
            error: this project has 2 sessions: which one?
            hint: name one of `analysis-[ID]`, `analysis-[ID]`
            ");
        }
    }
    let _ = project.session(&["stop", &first]).success();
    assert_eq!(listed(&project), [second.as_str()]);
    let third = start(&project);
    let _ = project.session(&["stop", &second, &third]).success();
    assert_eq!(listed(&project), Vec::<String>::new());
}

#[test]
fn two_projects_with_the_same_directory_name_do_not_see_each_other() {
    let context = Context::docker();
    let (one, other) = (context.project("analysis"), context.project("analysis"));
    let (first, second) = (start(&one), start(&other));
    assert_eq!(listed(&one), [first.as_str()]);
    assert_eq!(listed(&other), [second.as_str()]);

    for command in ["stop", "open", "logs", "pause"] {
        let run = one.session(&[command, &second]);
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.snapshot(), @r"
            exit status: 2
            --- stdout
            --- stderr
            error: this project has no session `analysis-[ID]`
            hint: name one of `analysis-[ID]`
            ");
        }
    }
    let _ = one.session(&["stop", "--all"]).success();
    assert_eq!(listed(&one), Vec::<String>::new());
    assert_eq!(other.containers(), [second.as_str()]);
}

#[test]
fn another_user_of_the_engine_sees_stops_and_removes_nothing() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\n", httpd_image())).commit();
    let session = project.start(&["--mount", "volume"]);
    let name = session["name"].as_str().unwrap();
    let home = context.folder().join("another-home");
    std::fs::create_dir(&home).unwrap();
    // The same folder on the same engine, as on machines where all are called alike.
    let other = |arguments: &[&str]| {
        project.renku(&[&["session"], arguments].concat()).env("HOME", &home).run()
    };
    let sessions = |run: support::Run| run.success().json()["sessions"].take();
    let everywhere = ["ls", "--all-projects", "--format", "json", "-p", "docker"];
    assert_eq!(sessions(other(&["ls", "--format", "json"])), serde_json::json!([]));
    assert!(!sessions(other(&everywhere)).to_string().contains(name));
    // Looking makes no key: who has none owns nothing.
    assert!(!home.join(".config/renku/session.key").exists());

    for arguments in [&["stop", name][..], &["stop", name, "--all-projects", "--yes"]] {
        let _ = other(arguments).exits(2);
    }
    for arguments in [&["stop", "--all"][..], &["image", "prune", "--all", "--yes"]] {
        let _ = other(arguments).success();
    }
    // Nor does a key of their own change that; an image made of the same will do.
    let theirs = other(&["start", "--no-wait", "--format", "json"]).success().json();
    let _ = other(&["stop", "--all"]).success();
    assert_ne!(theirs["session"]["name"].as_str(), Some(name));
    assert_eq!(project.containers(), [name]);
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
    assert_eq!(listed(&project), [name]);

    let _ = project.session(&["stop", "--yes"]).success();
    let image = project.git(&["rev-parse", "HEAD"]);
    let tag = format!("analysis:{}", &image[..7]);
    let _ = other(&["image", "prune", "--all", "--yes"]).success();
    let _ = docker_ok(&["image", "inspect", &tag]);
    let _ = project.session(&["image", "prune", "--all", "--yes"]).success();
    assert!(!docker(&["image", "inspect", &tag]).success);
}

#[test]
fn a_label_tells_users_apart_and_is_not_their_key() {
    let context = Context::docker();
    let project = context.project("analysis");
    let owner_of = |name: &str| {
        let label = "{{index .Config.Labels \"io.renku.session.owner\"}}";
        docker_ok(&["inspect", "-f", label, name])
    };
    let (first, second) = (start(&project), start(&context.project("other")));
    let owner = owner_of(&first);
    assert_eq!(owner, owner_of(&second), "one user, two projects");
    assert!(owner.len() == 32 && owner.chars().all(|it| it.is_ascii_hexdigit()), "{owner}");
    let key = std::fs::read_to_string(context.home().join(".config/renku/session.key")).unwrap();
    assert!(!key.contains(&owner));
}

#[test]
fn a_foreign_container_is_never_listed_opened_or_stopped() {
    let context = Context::docker();
    let project = context.project("analysis");
    let plain = Foreign::start(&["-p", "127.0.0.1::8080"]);
    // Labels that look like ours, but are not of this project.
    let labelled = Foreign::start(&["--label", "renku_project=analysis"]);
    let mount = format!("{}:/work", project.root().display());
    let mounting = Foreign::start(&["-v", &mount]);
    assert_eq!(listed(&project), Vec::<String>::new());

    for foreign in [&plain, &labelled, &mounting] {
        let qualified = format!("docker/{}", foreign.name);
        for name in [foreign.name.as_str(), &foreign.id, &foreign.id[..12], &qualified] {
            for command in [&["stop"][..], &["open", "--no-browser"], &["logs"], &["pause"]] {
                let run = project.session(&[command, &[name]].concat()).exits(2);
                assert_eq!(run.stdout, "");
                let error = format!(
                    "error: this project has no session `{}`\n",
                    name.trim_start_matches("docker/")
                );
                assert!(run.stderr.starts_with(&error), "{}", run.stderr);
            }
        }
    }
    insta::assert_snapshot!(project.session(&["stop", "--all"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions to stop
    ");
    // Also when there is something to stop.
    let _ = start(&project);
    let _ = project.session(&["stop", "--all"]).success();
    assert!(plain.runs() && labelled.runs() && mounting.runs());
}

#[test]
fn an_image_made_from_a_session_makes_no_sessions() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = start(&project);
    // The labels of a container are inherited by its image and from there on.
    let image = docker_ok(&["commit", &name]);
    let copy = docker_ok(&["run", "-d", &image]);
    let state = || docker_ok(&["inspect", "-f", "{{.State.Running}}", &copy]);
    assert_eq!(listed(&project), [name.as_str()]);
    let _ = project.session(&["stop", "--all"]).success();
    assert_eq!(state(), "true");
}

#[test]
fn one_provider_does_not_see_the_sessions_of_another() {
    let context = Context::docker();
    let project = context.project("analysis");
    let name = start(&project);
    let config = context.config(&format!("do: foreign\nname: {name}\n"));
    let hostile = fixture("hostile");
    let run = project.session(&["ls", "--yes", "-p", &hostile, "-c", &config]).success();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    [file:[DIGEST]] warning: foreign inspect: ErrorKind::NotFound
    [file:[DIGEST]] warning: foreign pause: ErrorKind::NotFound
    [file:[DIGEST]] warning: foreign resume: ErrorKind::NotFound
    [file:[DIGEST]] warning: foreign wait-ready: ErrorKind::NotFound
    [file:[DIGEST]] warning: foreign stop: ErrorKind::NotFound
    [file:[DIGEST]] warning: foreign listed: false
    This project has no sessions; `renku session start` starts one
    ");
    let image = httpd_image();
    let _ = project.session(&["start", "--yes", "-p", &hostile, "--image", &image]).success();
    assert_eq!(listed(&project), [name.as_str()]);
    let _ = project.session(&["stop", "--all", "-p", "docker"]).success();
    // That of the other provider still runs.
    assert_eq!(project.containers().len(), 1);
}
