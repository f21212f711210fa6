//! The whole life of a session.

use support::{Context, fixture, get, httpd_image};

#[test]
fn a_session_is_started_listed_opened_and_stopped() {
    let context = Context::in_memory();
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
fn a_session_that_died_stays_listed_with_its_reason_and_its_logs_until_it_is_stopped() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config(
        "command: [/bin/sh, -c, \"httpd -p 8080 -h /www; echo working; while [ ! -e end ]; do sleep 0.1; done; echo failing; exit 3\"]\n",
    );
    let session = project.start(&["--image", &httpd_image(), "-c", &config]);
    let name = session["name"].as_str().unwrap();
    project.write("end", "");
    context.memory().wait(name);

    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let session = &listed["sessions"][0];
    assert_eq!(
        (session["status"].as_str(), session["reason"].as_str()),
        (Some("failed"), Some("exit status 3"))
    );
    assert_eq!(session["url"], serde_json::Value::Null);
    assert_eq!(project.session(&["logs"]).success().stdout, "working\nfailing\n");
    insta::assert_snapshot!(project.session(&["open"]).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: session `analysis-[ID]` has ended
      exit status 3
    hint: `renku session logs analysis-[ID]` shows why, `renku session stop analysis-[ID]` removes it
    ");
    // Its work is not in danger any more: nothing is asked or warned of.
    insta::assert_snapshot!(project.session(&["stop"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping analysis-[ID]
    Removed the failed session `analysis-[ID]`
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn what_a_provider_had_not_to_stop_is_not_called_stopped() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("stops: false\n");
    let recording = fixture("recording");
    let stop = |more: &[&str]| {
        let run = project.session(&[&["stop", "-p", &recording, "-c", &config], more].concat());
        run.snapshot_without_calls()
    };
    insta::assert_snapshot!(stop(&["recorded-1"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    Stopping recorded-1
    error: there is no session `recorded-1`
    hint: `renku session ls` shows the sessions that there are
    ");
    for which in [&[] as &[&str], &["--all"]] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(stop(which), @r"
            exit status: 0
            --- stdout
            --- stderr
            Stopping recorded-1
            This project has no sessions to stop
            ");
        }
    }
}

#[test]
fn uncommitted_work_is_mentioned_when_a_session_is_stopped() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let web = || {
        let session = project.start(&["--image", &httpd_image()]);
        session["name"].as_str().unwrap().to_owned()
    };
    let name = web();
    project.write("notebook.ipynb", "{}");
    insta::assert_snapshot!(project.session(&["stop", &name]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping analysis-[ID]
    warning: 1 file of this project is not committed; saved files stay in its folder
    Stopped `analysis-[ID]`
    ");

    // On a terminal it is a question, and no means no.
    let name = web();
    let run = project.renku(&["session", "stop", &name]).on_a_terminal("n\n").exits(1);
    let question = "1 file of this project is not committed; saved files stay in its folder. Stop anyway? [y/N]";
    // A long line continues indented.
    let shown = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(shown.contains(question), "{}", run.stdout);
    assert!(run.stdout.contains("stopping was declined"), "{}", run.stdout);
    assert_eq!(project.containers(), [name.as_str()]);
    let run = project.renku(&["session", "stop", &name]).on_a_terminal("y\n").success();
    assert!(run.stdout.contains(&format!("Stopped `{name}`")), "{}", run.stdout);
    assert_eq!(project.containers(), Vec::<String>::new());

    // Who says yes is not told.
    let name = web();
    let run = project.session(&["stop", "--yes", &name]).success();
    assert!(!run.stderr.contains("not committed"), "{}", run.stderr);
    // What is committed is no reason to ask.
    let name = web();
    project.commit();
    let run = project.renku(&["session", "stop", &name]).on_a_terminal("").success();
    assert!(!run.stdout.contains("Stop anyway"), "{}", run.stdout);
}
