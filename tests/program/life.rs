//! The whole life of a session with a real JupyterLab in a real container.

use support::{Context, docker_ok, get, httpd_image, jupyter_image};

#[test]
fn a_jupyterlab_is_started_listed_opened_and_stopped() {
    let context = Context::docker();
    let project = context.project("analysis");

    let session = project.start(&[]);
    let name = session["name"].as_str().unwrap();
    let url = session["url"].as_str().unwrap();
    assert!(name.starts_with("analysis-"), "{name}");
    assert_eq!(session["status"], "running");
    assert_eq!(project.containers(), [name]);

    // The URL is that of this project's JupyterLab, and needs its token.
    let page = get(url);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("jupyter-config-data"));
    let (bare, _) = url.split_once('?').unwrap();
    assert!(!get(bare).body.contains("jupyter-config-data"));

    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["version"], 1);
    assert_eq!(listed["warnings"], serde_json::json!([]));
    assert_eq!(listed["sessions"], serde_json::json!([session]));

    let opened = project.session(&["open", "--no-browser"]).success();
    assert_eq!(opened.stdout.trim(), url);

    let _ = project.session(&["stop", name]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"], serde_json::json!([]));
}

#[test]
fn a_jupyter_with_a_base_url_of_its_own_is_found_there() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nCMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\", \"--port=8888\", \"--ServerApp.base_url=/x/y/\"]\n",
        jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let session = project.start(&[]);
    let url = session["url"].as_str().unwrap();
    assert!(url.contains("/x/y/lab?token="), "{url}");
    let page = get(url);
    assert_eq!(page.status, 200);
    assert!(page.body.contains("jupyter-config-data"));
}

#[test]
fn a_base_url_that_only_its_user_knows_is_configured() {
    let context = Context::docker();
    let project = context.project("analysis");
    let dockerfile = format!(
        "FROM {}\nENV PREFIX=/hidden\nENTRYPOINT []\nCMD jupyter lab --ip=0.0.0.0 --no-browser --port=8888 --ServerApp.base_url=$PREFIX\n",
        jupyter_image()
    );
    project.write("Dockerfile", &dockerfile).commit();
    let config = context.config("base_url: hidden/\ndefault_url: /tree\n");
    let session = project.start(&["-c", &config]);
    let url = session["url"].as_str().unwrap();
    assert!(url.contains("/hidden/tree?token="), "{url}");
    assert_eq!(get(&url.replace("/tree", "/lab")).status, 200);
}

#[test]
fn what_a_session_gets_is_configured() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("data.txt", "42").commit();
    let _ = project.git(&["config", "user.name", "Ada Lovelace"]);
    let _ = project.git(&["config", "user.email", "ada@example.org"]);
    let config = context.config(
        "mount_path: /data/\nworking_directory: /tmp\ntoken_environment: PASSWORD\nenvironment:\n  GREETING: hello\n  LEVEL: 3\n  LOUD: true\n",
    );
    let session = project.start(&["--image", &httpd_image(), "-c", &config]);
    let name = session["name"].as_str().unwrap();
    let inside = |line: &str| docker_ok(&["exec", name, "/bin/sh", "-c", line]);
    assert_eq!(inside("cat /data/data.txt"), "42");
    assert_eq!(docker_ok(&["inspect", "-f", "{{.Config.WorkingDir}}", name]), "/tmp");
    assert_eq!(inside("echo $GREETING $LEVEL $LOUD"), "hello 3 true");
    // Commits in the session are its user's.
    let identity = inside("echo $GIT_AUTHOR_NAME, $GIT_COMMITTER_NAME, $GIT_AUTHOR_EMAIL, $EMAIL");
    assert_eq!(identity, "Ada Lovelace, Ada Lovelace, ada@example.org, ada@example.org");
    let token = inside("echo $PASSWORD");
    assert!(session["url"].as_str().unwrap().ends_with(&format!("token={token}")));
    assert_eq!(inside("echo $JUPYTER_TOKEN"), "");

    let refused = |yaml: &str| {
        project
            .session(&["start", "--image", &httpd_image(), "-c", &context.config(yaml)])
            .snapshot()
    };
    insta::assert_snapshot!(refused("mount_path: data\n"), @r"
    exit status: 2
    --- stdout
    --- stderr
    Session `analysis-[ID]` of this project is already running; `renku session open analysis-[ID]` opens it. Starting another
    error: `mount_path: data` is not an absolute path
    hint: write it like `mount_path: /work`
    ");
    insta::assert_snapshot!(refused("environment: {A: [1]}\n"), @r"
    exit status: 2
    --- stdout
    --- stderr
    Session `analysis-[ID]` of this project is already running; `renku session open analysis-[ID]` opens it. Starting another
    error: `environment.A` must be text, a number, `true` or `false`
    ");
}

#[test]
fn a_session_that_ran_out_of_memory_says_so() {
    let context = Context::docker();
    let project = context.project("analysis");
    let config = context.config(
        "command: [/bin/sh, -c, \"httpd -p 8080 -h /www; while [ ! -e end ]; do sleep 0.1; done; exec tail /dev/zero\"]\n",
    );
    let session = project.start(&["--image", &httpd_image(), "--memory", "16m", "-c", &config]);
    project.write("end", "");
    let _ = docker_ok(&["wait", session["name"].as_str().unwrap()]);
    let run = project.session(&["ls", "--columns", "name,status"]).success();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME            STATUS
    analysis-[ID]  failed (out of memory)
    --- stderr
    ");
}
