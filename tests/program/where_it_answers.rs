//! Where the server of a session answers: what its image and its own words say, and what
//! an error says when nobody answers.

use support::{Context, Project, Run, get, httpd_image, jupyter_image};

fn start<'a>(
    context: &'a Context,
    name: &str,
    dockerfile: &str,
    more: &[&str],
) -> (Project<'a>, Run) {
    let project = context.project(name);
    project.write("Dockerfile", dockerfile).commit();
    let mut words = vec!["start", "--yes", "--format", "json"];
    words.extend(more);
    let run = project.session(&words);
    (project, run)
}

/// The port inside, and the status of what the URL opens.
fn opened(run: &Run) -> (u64, u16) {
    let session = run.json();
    let url = session["session"]["url"].as_str().unwrap().to_owned();
    let ports = session["session"]["ports"].as_array().unwrap().clone();
    let published = ports.iter().find(|port| !port["host"].is_null()).unwrap();
    (published["container"].as_u64().unwrap(), get(&url).status)
}

#[test]
fn the_command_of_the_image_says_the_port() {
    let context = Context::docker();
    let jupyter = jupyter_image();
    let dockerfile =
        format!("FROM {jupyter}\nCMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--port=9999\"]\n");
    let (_project, run) = start(&context, "port-words", &dockerfile, &[]);
    assert_eq!(opened(&run.success()), (9999, 200));
}

#[test]
fn what_jupyter_prints_counts_more_than_a_guess() {
    let context = Context::docker();
    let dockerfile = format!(
        "FROM {}\nUSER root\nRUN mkdir -p /etc/jupyter && printf \
         'c.ServerApp.base_url = \"/conf/\"\\nc.ServerApp.port = 9998\\n' \
         > /etc/jupyter/jupyter_server_config.py\nUSER 1000\n\
         CMD [\"jupyter\", \"lab\", \"--ip=0.0.0.0\", \"--no-browser\"]\n",
        jupyter_image()
    );
    let (project, run) = start(&context, "port-log", &dockerfile, &[]);
    let run = run.success();
    assert_eq!(opened(&run), (9998, 200));
    let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
    assert!(url.contains(":9998") || url.contains("/conf/lab?token="), "{url}");
    assert_eq!(project.containers().len(), 1, "the first try is gone");
}

#[test]
fn the_exposed_port_that_answers_is_the_one() {
    let context = Context::docker();
    let dockerfile = format!(
        "FROM {}\nEXPOSE 3838\nRUN printf '#!/bin/sh\\nexec httpd -f -p 8080 -h /www\\n' > /serve \
         && chmod 755 /serve\nCMD [\"/serve\"]\n",
        httpd_image()
    );
    let (_project, run) = start(&context, "port-exposed", &dockerfile, &[]);
    assert_eq!(opened(&run.success()), (8080, 200));
}

#[test]
fn container_port_is_typed_as_a_number() {
    let context = Context::docker();
    let dockerfile = format!(
        "FROM {}\nRUN printf '#!/bin/sh\\nexec httpd -f -p 9001 -h /www\\n' > /serve \
         && chmod 755 /serve\nCMD [\"/serve\"]\n",
        httpd_image()
    );
    let (project, run) = start(&context, "port-typed", &dockerfile, &["--container-port", "9001"]);
    assert_eq!(opened(&run.success()), (9001, 200));
    let wrong = project.session(&["start", "--yes", "--container-port", "much"]);
    assert_eq!(wrong.status, 2, "{}", wrong.stderr);
}

#[test]
fn an_error_says_what_was_seen() {
    let context = Context::docker();
    let cases = [
        (
            format!("FROM {}\nCMD [\"jupyter\", \"lab\", \"--no-browser\"]\n", jupyter_image()),
            "--ip=0.0.0.0",
        ),
        (
            format!(
                "FROM {}\nRUN printf '#!/bin/sh\\nexec httpd -f -p 9001 -h /www\\n' > /serve && \
                 chmod 755 /serve\nCMD [\"/serve\"]\n",
                httpd_image()
            ),
            "--container-port 9001",
        ),
        (
            format!("FROM {}\nCMD [\"sh\", \"-c\", \"sleep 600 # serve\"]\n", httpd_image()),
            "command",
        ),
    ];
    for (number, (dockerfile, expected)) in cases.iter().enumerate() {
        let name = format!("unanswered-{number}");
        let (_project, run) = start(&context, &name, dockerfile, &["--wait-timeout", "30s"]);
        assert_eq!(run.status, 1, "{}", run.stderr);
        let hint = run.stderr.lines().find(|line| line.starts_with("hint: ")).unwrap();
        assert!(hint.contains(expected), "{}", run.stderr);
    }
}

#[test]
fn what_only_keeps_a_container_alive_gives_way_to_jupyter() {
    let context = Context::docker();
    for (name, lines) in [
        ("sleeps", "CMD [\"sleep\", \"infinity\"]"),
        ("line", "ENTRYPOINT [\"/bin/bash\", \"-lc\"]\nCMD [\"bash\"]"),
    ] {
        let dockerfile = format!("FROM {}\n{lines}\n", jupyter_image());
        let (_project, run) = start(&context, name, &dockerfile, &[]);
        assert_eq!(opened(&run.success()), (8888, 200), "{name}");
    }
}

#[test]
fn an_image_without_jupyter_says_what_to_add() {
    let context = Context::docker();
    let dockerfile = format!("FROM {}\nCMD [\"sh\"]\n", httpd_image());
    let (_project, run) = start(&context, "no-jupyter", &dockerfile, &[]);
    assert_ne!(run.status, 0);
    assert!(run.stderr.contains("RUN pip install jupyterlab"), "{}", run.stderr);
}

#[test]
fn a_session_that_its_engine_stopped_is_taken_up_again() {
    let context = Context::docker();
    let (project, run) = start(&context, "stopped", &format!("FROM {}\n", httpd_image()), &[]);
    let name = run.success().json()["session"]["name"].as_str().unwrap().to_owned();
    let _ = support::docker_ok(&["exec", &name, "sh", "-c", "echo kept > /www/kept"]);
    let _ = support::docker_ok(&["stop", "-t", "1", &name]);
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"][0]["status"], "stopped");
    let resumed = project.session(&["resume", &name, "--format", "json"]).success().json();
    assert_eq!(resumed["session"]["status"], "running");
    assert_eq!(support::docker_ok(&["exec", &name, "cat", "/www/kept"]), "kept");
}
