//! What goes into the project's image: an edit of it builds another image, and nothing
//! that is to stay out is in it.

use support::{Context, Project, docker, docker_ok, httpd_image};

/// An image of the test's own. It goes with the test.
struct Base(String);

impl Base {
    fn build(name: &str, dockerfile: &str) -> Self {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let name = format!("renku-test-base-{name}-{}:1", std::process::id());
        let mut build = Command::new("docker")
            .args(["build", "-q", "-t", &name, "-"])
            .env("DOCKER_BUILDKIT", "0")
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        build.stdin.take().unwrap().write_all(dockerfile.as_bytes()).unwrap();
        assert!(build.wait().unwrap().success());
        Self(name)
    }
}

impl Drop for Base {
    fn drop(&mut self) {
        let _ = docker(&["rmi", "-f", &self.0]);
    }
}

/// What a new session has in this file.
fn in_session(project: &Project<'_>, file: &str) -> String {
    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    let text = docker_ok(&["exec", name, "cat", file]);
    project.session(&["stop", name]).success();
    text
}

#[test]
fn a_base_image_that_was_built_anew_builds_the_project_s_anew() {
    let context = Context::docker();
    let base = |text: &str| {
        Base::build("anew", &format!("FROM {}\nRUN echo {text} > /www/v\n", httpd_image()))
    };
    let first = base("one");
    let project = context.project("base-anew");
    project.write("Dockerfile", &format!("FROM {}\n", first.0)).commit();
    assert_eq!(in_session(&project, "/www/v"), "one");
    let again = project.session(&["start", "--yes", "--no-wait"]).success();
    assert!(!again.stderr.contains("Building"), "nothing has changed: {}", again.stderr);
    project.session(&["stop", "--yes"]).success();
    let _second = base("two");
    assert_eq!(in_session(&project, "/www/v"), "two");
}

#[test]
fn a_file_that_only_onbuild_takes_counts() {
    let context = Context::docker();
    let dockerfile = format!("FROM {}\nONBUILD COPY environment.yml /www/e\n", httpd_image());
    let base = Base::build("onbuild", &dockerfile);
    let project = context.project("base-onbuild");
    project.write("Dockerfile", &format!("FROM {}\n", base.0)).write("environment.yml", "first");
    project.commit();
    assert_eq!(in_session(&project, "/www/e"), "first");
    project.write("environment.yml", "second").commit();
    assert_eq!(in_session(&project, "/www/e"), "second");
}

#[test]
fn what_dockerignore_lists_stays_out_the_dockerfile_too() {
    let context = Context::docker();
    let project = context.project("hidden");
    project
        .write("Dockerfile", &format!("FROM {}\nCOPY . /www/c/\n", httpd_image()))
        .write(".dockerignore", "Dockerfile\n.dockerignore\n.git\n.renku\n")
        .write("data.txt", "x")
        .commit();
    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    assert_eq!(docker_ok(&["exec", name, "ls", "-A", "/www/c"]), "data.txt");
}

#[test]
fn a_stage_is_chosen_and_has_an_image_of_its_own() {
    let context = Context::docker();
    let project = context.project("stages");
    let image = httpd_image();
    let dockerfile = format!(
        "FROM {image} AS dev\nRUN echo dev > /www/stage\nFROM {image}\nRUN echo last > /www/stage\n"
    );
    project.write("Dockerfile", &dockerfile).write("Other", &format!("FROM {image}\n")).commit();
    let images: Vec<String> = [&["--target", "dev"][..], &[], &["--file", "Other"]]
        .into_iter()
        .map(|options| project.start(options)["image"].as_str().unwrap().to_owned())
        .collect();
    let different: std::collections::BTreeSet<&String> = images.iter().collect();
    assert_eq!(different.len(), 3, "{images:?}");
    let of = |image: &str| docker_ok(&["run", "--rm", image, "cat", "/www/stage"]);
    assert_eq!((of(&images[0]), of(&images[1])), ("dev".into(), "last".into()));
}

#[test]
fn a_secret_is_there_for_a_step_and_in_no_image() {
    let context = Context::docker();
    let project = context.project("secret");
    let dockerfile = format!(
        "FROM {}\nRUN --mount=type=secret,id=token cat /run/secrets/token | wc -c > /www/length\n",
        httpd_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let file = context.folder().join("token");
    std::fs::write(&file, "s3cret").unwrap();
    let secret = format!("id=token,src={}", file.display());
    let session = project.start(&["--secret", &secret]);
    let name = session["name"].as_str().unwrap();
    assert_eq!(docker_ok(&["exec", name, "cat", "/www/length"]), "6");
    let missing =
        project.session(&["start", "--yes", "--force-build", "--secret", "id=t,src=/none"]);
    assert_eq!(missing.status, 2, "{}", missing.stderr);
}

#[test]
fn proxies_of_docker_s_settings_reach_builds_and_sessions() {
    let context = Context::docker();
    let project = context.project("proxies");
    let dockerfile = format!("FROM {}\nRUN echo \"$http_proxy\" > /www/seen\n", httpd_image());
    project.write("Dockerfile", &dockerfile).commit();
    let folder = context.home().join(".docker");
    std::fs::create_dir(&folder).unwrap();
    let proxy = "http://proxy.example.org:3128";
    let settings = format!(r#"{{"proxies":{{"default":{{"httpProxy":"{proxy}"}}}}}}"#);
    std::fs::write(folder.join("config.json"), settings).unwrap();
    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    let seen = docker_ok(&["exec", name, "sh", "-c", "cat /www/seen; echo $HTTP_PROXY"]);
    assert_eq!(seen, format!("{proxy}\n{proxy}"));
}

#[test]
fn git_works_in_a_session_of_a_linked_worktree() {
    let context = Context::docker();
    let project = context.project("main-tree");
    project.write("Dockerfile", &format!("FROM {}\n", httpd_image())).commit();
    let tree = project.root().with_file_name("linked-tree");
    project.git(&["worktree", "add", "-q", tree.to_str().unwrap()]);
    let start = ["session", "start", "--yes", "--format", "json"];
    let session = context.renku(&tree, &start).run().success().json();
    let name = session["session"]["name"].as_str().unwrap();
    let head =
        docker_ok(&["exec", name, "sh", "-c", "cat \"$(sed -n 's/^gitdir: //p' .git)/HEAD\""]);
    assert!(head.starts_with("ref: "), "{head}");
    context.renku(&tree, &["session", "stop", name]).run().success();
}
