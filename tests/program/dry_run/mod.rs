//! `start --dry-run`: what would be done is printed in full, and nothing is done.

mod command;

use serde_json::{Value, json};
use support::{Context, EngineProxy, Project, Registry, Run, docker, docker_ok, httpd_image};

/// What the engine did for this project since the beginning of a test.
struct Events(String);

impl Events {
    fn begin() -> Self {
        Self(now())
    }

    fn of(&self, project: &Project<'_>) -> String {
        let filter = format!("label=io.renku.session.project={}", project.id());
        let until = now();
        docker_ok(&["events", "--since", &self.0, "--until", &until, "--filter", &filter])
    }
}

fn now() -> String {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    format!("{}.{:09}", since.as_secs(), since.subsec_nanos())
}

/// `renku session start --dry-run`, with an engine that is watched. It has to
/// succeed, and to change nothing.
#[track_caller]
fn dry_run(project: &Project<'_>, arguments: &[&str]) -> Run {
    let (engine, events) = (EngineProxy::watching(), Events::begin());
    let all = [&["session", "start", "--dry-run"], arguments].concat();
    let run = project.renku(&all).env("DOCKER_HOST", engine.address()).run().success();
    assert_eq!(engine.writes(), Vec::<String>::new());
    assert_eq!(events.of(project), "");
    run
}

#[track_caller]
fn changes(run: &Run) -> Value {
    let mut document = run.json();
    assert_eq!(document["version"], 1);
    document["dry_run"]["changes"].take()
}

#[test]
fn the_container_is_shown_as_the_engine_would_get_it() {
    let context = Context::docker();
    let project = context.project("analysis");
    let config = context.config("environment:\n  DB_PASSWORD: hunter2\n  REGION: zurich\n");
    let image = httpd_image();
    let typed = ["--image", &image, "--name", "a1", "--cpu", "2", "--hostname", "box"];
    let more = ["--env", "API_KEY=s3cret", "-c", &config, "--format", "json"];
    let run = dry_run(&project, &[&typed[..], &more].concat());
    assert!(!run.stdout.contains("hunter2") && !run.stdout.contains("s3cret"), "{}", run.stdout);
    let mut changes = changes(&run);
    // As whom it runs, and with which home, depends on who owns the project.
    let container = changes[0]["container"].as_object_mut().unwrap();
    assert!(container.remove("User").is_some());
    container["Env"]
        .as_array_mut()
        .unwrap()
        .retain(|it| !it.as_str().unwrap().starts_with("HOME="));
    let spec = changes[0]["spec"].as_object_mut().unwrap();
    assert!(spec.shift_remove("user").is_some());
    let _ = spec.shift_remove("home");
    assert!(spec["project"].as_object_mut().unwrap().shift_remove("owner").is_some());
    let _ = spec["environment"].as_object_mut().unwrap().shift_remove("HOME");
    let shown = serde_json::to_string_pretty(&changes).unwrap();
    insta::assert_snapshot!(run.filtered(&shown).replace(&project.id(), "[PROJECT]"), @r#"
    [
      {
        "kind": "start",
        "name": "a1",
        "container": {
          "Env": [
            "API_KEY=***",
            "DB_PASSWORD=***",
            "JUPYTER_TOKEN=***",
            "REGION=***"
          ],
          "ExposedPorts": {
            "8080/tcp": {}
          },
          "HostConfig": {
            "Init": true,
            "Mounts": [
              {
                "ReadOnly": false,
                "Source": "[PROJECTS]/analysis",
                "Target": "/work/analysis",
                "Type": "bind"
              }
            ],
            "NanoCpus": 2000000000,
            "PortBindings": {
              "8080/tcp": [
                {
                  "HostIp": "127.0.0.1",
                  "HostPort": ""
                }
              ]
            },
            "RestartPolicy": {
              "Name": "no"
            },
            "ShmSize": 536870912
          },
          "Hostname": "box",
          "Image": "renku-test/httpd:latest",
          "Labels": {
            "branch": "main",
            "commit": "[COMMIT]",
            "io.renku.session.copy": "",
            "io.renku.session.environment": "DB_PASSWORD,JUPYTER_TOKEN,REGION",
            "io.renku.session.name": "a1",
            "io.renku.session.owner": "[OWNER]",
            "io.renku.session.ports": "8080",
            "io.renku.session.project": "[PROJECT]",
            "io.renku.session.provider": "docker",
            "renku_default_url": "/",
            "renku_port": "8080",
            "renku_project": "analysis",
            "start_time": "[TIME]"
          },
          "WorkingDir": "/work/analysis"
        },
        "spec": {
          "name": "a1",
          "image": "renku-test/httpd:latest",
          "working_directory": "/work/analysis",
          "environment": {
            "API_KEY": "***",
            "DB_PASSWORD": "***",
            "JUPYTER_TOKEN": "***",
            "REGION": "***"
          },
          "labels": {
            "branch": "main",
            "commit": "[COMMIT]",
            "io.renku.session.copy": "",
            "io.renku.session.environment": "DB_PASSWORD,JUPYTER_TOKEN,REGION",
            "io.renku.session.name": "a1",
            "io.renku.session.owner": "[OWNER]",
            "io.renku.session.ports": "8080",
            "io.renku.session.project": "[PROJECT]",
            "io.renku.session.provider": "docker",
            "renku_default_url": "/",
            "renku_port": "8080",
            "renku_project": "analysis",
            "start_time": "[TIME]"
          },
          "ports": [
            {
              "host": {
                "address": "127.0.0.1",
                "port": null
              },
              "container": 8080,
              "protocol": "tcp"
            }
          ],
          "project": {
            "target": "/work/analysis",
            "files": {
              "folder": "[PROJECTS]/analysis"
            }
          },
          "resources": {
            "cpu": 2.0,
            "memory": null,
            "disk": null,
            "gpu": null
          },
          "options": {
            "init": true,
            "hostname": "box",
            "shm_size": 536870912
          }
        }
      }
    ]
    "#);
    assert!(!context.home().join(".config/renku/session.key").exists());
}

#[test]
fn values_of_variables_are_shown_only_on_request() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("more.env", "GH_PAT=ghp_1\n");
    let config = context.config("environment:\n  DATABASE_URL: postgres://ada:d4ta@db/x\n");
    let image = httpd_image();
    let typed = ["--image", &image, "--env", "MYSQL_PWD=hunter2", "--env-file", "more.env"];
    let typed = [&typed[..], &["-c", &config]].concat();
    let values = ["MYSQL_PWD=hunter2", "GH_PAT=ghp_1", "DATABASE_URL=postgres://ada:d4ta@db/x"];
    let hidden = dry_run(&project, &typed).stdout;
    let shown = dry_run(&project, &[&typed[..], &["--show-values"]].concat()).stdout;
    for value in values {
        let (name, _) = value.split_once('=').unwrap();
        assert!(hidden.contains(&format!("--env '{name}=***'")), "{hidden}");
        assert!(!hidden.contains(value), "{hidden}");
        assert!(shown.contains(value), "{shown}");
    }
    // What the host makes is the session's, whoever looks.
    assert!(shown.contains("JUPYTER_TOKEN=***"), "{shown}");
    let _ = project.session(&["start", "--show-values"]).exits(2);
}

#[test]
fn without_a_format_it_is_a_sentence_the_container_in_words_and_a_command() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = dry_run(&project, &["--image", &httpd_image()]);
    let (rows, command) = run.stdout.split_once("The equivalent command:\n").unwrap();
    assert!(rows.starts_with("Would start the container `analysis-"), "{rows}");
    let image = httpd_image();
    for row in [
        &*format!("\n  image     {image}\n"),
        "\n  folder    /work/analysis\n",
        "\n  port      8080/tcp at a free port of 127.0.0.1\n",
        "\n  option    --init\n",
        "\n  variable  JUPYTER_TOKEN=***\n",
        "\n  label     renku_project=analysis\n",
    ] {
        assert!(rows.contains(row), "{rows}");
    }
    assert!(command.starts_with("docker run --detach \\\n  --name analysis-"), "{command}");
    assert!(command.contains("\n  --env 'JUPYTER_TOKEN=***' \\\n"), "{command}");
    assert!(command.contains(&format!(" \\\n  {image}\n")), "{command}");
    assert_eq!(run.stderr, "This was a dry run: nothing was changed\n");
    let tsv = dry_run(&project, &["--image", &httpd_image(), "--name", "a1", "--format", "tsv"]);
    assert_eq!(tsv.stdout, "start the container `a1`\n");
}

#[test]
fn an_image_of_a_registry_would_be_pulled() {
    let registry = Registry::open();
    let image = registry.push(&httpd_image(), "group/web:1");
    let context = Context::docker();
    let project = context.project("analysis");
    let run = dry_run(&project, &["--image", &image, "--format", "json"]);
    assert_eq!(changes(&run), json!([{ "kind": "pull", "image": image }]));
    assert!(!docker(&["image", "inspect", &image]).success, "it was pulled");
    // Here already: the pull is shown, and the start from what is there.
    let run =
        dry_run(&project, &["--image", &httpd_image(), "--pull", "always", "--format", "json"]);
    let kinds: Vec<Value> =
        changes(&run).as_array().unwrap().iter().map(|it| it["kind"].clone()).collect();
    assert_eq!(kinds, ["pull", "start"]);
}

#[test]
fn an_image_of_the_same_stands_in_for_the_one_that_would_get_the_name() {
    let context = Context::docker();
    let project = context.project("analysis");
    project.write("Dockerfile", &format!("FROM {}\n", httpd_image()));
    project.write(".dockerignore", "*\n").commit();
    let _ = project.start(&["--no-wait"]);
    let _ = project.session(&["stop", "--yes"]).success();
    project.write("more", "1").commit();
    let run = dry_run(&project, &["--format", "json"]);
    let image = format!("analysis:{}", project.git(&["rev-parse", "--short=7", "HEAD"]));
    let changes = changes(&run);
    assert_eq!(changes[0], json!({ "kind": "tag", "image": image }));
    assert_eq!(changes[1]["container"]["Image"], image);
    assert_eq!(changes[1]["container"]["ExposedPorts"], json!({ "8080/tcp": {} }));
    assert!(!docker(&["image", "inspect", &image]).success, "it was given the name");
}

#[test]
fn a_copy_of_the_project_is_told_and_not_made() {
    let context = Context::docker();
    let project = context.project("analysis");
    let typed = ["--image", &httpd_image(), "--name", "a1", "--mount", "volume"];
    let run = dry_run(&project, &[&typed[..], &["--format", "tsv"]].concat());
    let changes = changes(&dry_run(&project, &[&typed[..], &["--format", "json"]].concat()));
    // Two files are the project's; the others are of its repository, and git's own.
    let copied = changes[0]["copied_paths"].as_u64().unwrap();
    assert!(copied > 2);
    let told = format!(
        "start the container `a1` with a copy of the project ({copied} files and folders)\n"
    );
    assert_eq!(run.stdout, told);
    assert_eq!(changes[0]["container"]["HostConfig"]["Mounts"][0]["Type"], "volume");
}
