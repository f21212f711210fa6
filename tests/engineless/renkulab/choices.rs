//! Which project, launcher and class: found, named, or asked for with a list.

use serde_json::json;

use super::ground::{Ground, REPOSITORY};
use support::renkulab::IMAGE;

const START: [&str; 3] = ["start", "-p", "renkulab"];

#[test]
fn the_remote_tells_the_project() {
    let ground = Ground::new();
    let project = ground.unbound();
    let run = ground.session(&project, &["start", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["session"]["project"], "jane.doe/demo");
}

#[test]
fn a_project_on_the_second_page_is_found() {
    let ground = Ground::new();
    for number in 0..120 {
        let _ = ground.lab.project(&format!("jane.doe/other-{number}"), &[]);
    }
    let ours = ground.lab.project("jane.doe/last", &["https://git.example.org/jane.doe/last"]);
    let _ = ground.lab.launcher(&ours, "Last", IMAGE);
    let project = ground.unbound();
    project.git(&["remote", "set-url", "origin", "git@git.example.org:Jane.Doe/Last.git"]);
    let run = ground.session(&project, &["start", "-p", "renkulab", "--format", "json"]).success();
    assert_eq!(run.json()["session"]["project"], "jane.doe/last");
}

#[test]
fn a_project_is_named_or_its_candidates_are() {
    let ground = Ground::new();
    let project = ground.unbound();
    let _ = ground.lab.project("jane.doe/copy", &[REPOSITORY]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: this repository belongs to 2 projects on http://127.0.0.1:[PORT]: jane.doe/copy, jane.doe/demo
    hint: name one, such as `--project jane.doe/copy`
    ");
    let named = ["start", "-p", "renkulab", "--project", "JANE.doe/demo", "--format", "json"];
    let run = ground.session(&project, &named).success();
    assert_eq!(run.json()["session"]["project"], "jane.doe/demo");
    let unknown = ["start", "-p", "renkulab", "--project", "jane.doe/none"];
    insta::assert_snapshot!(ground.printed(&project, &unknown), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: http://127.0.0.1:[PORT] has no project `jane.doe/none` that you may see
    hint: check the name in the browser, or name another one with `--project NAMESPACE/SLUG`
    ");
    project.git(&["remote", "set-url", "origin", "https://git.example.org/x/y"]);
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: none of your projects on http://127.0.0.1:[PORT] has the repository https://git.example.org/x/y
    hint: name it with `--project NAMESPACE/SLUG`, or add the repository to the project in the browser
    ");
}

#[test]
fn several_launchers_are_listed_and_one_is_named() {
    let ground = Ground::new();
    let project = ground.bound();
    let _ = ground.lab.launcher(&ground.project_id, "R", "rocker/rstudio:4");
    let job = json!({"container_image": IMAGE, "command": ["python"]});
    let _ = ground.lab.launcher_with(&ground.project_id, "Job", "non-interactive", job);
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the project jane.doe/demo on RenkuLab has 2 session launchers: which one?
      `Python` ([ULID]): `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`, class `small`
      `R` ([ULID]): `rocker/rstudio:4`, class `small`
    hint: name one with `--launcher`
    ");
    for arguments in [["--launcher", "r"], ["--image", "docker.io/rocker/rstudio:4"]] {
        let mut all = START.to_vec();
        all.extend(arguments);
        all.extend(["--format", "json"]);
        let run = ground.session(&project, &all).success();
        assert_eq!(run.json()["session"]["image"], "rocker/rstudio:4");
    }
    let job = ["start", "-p", "renkulab", "--launcher", "Job"];
    insta::assert_snapshot!(ground.printed(&project, &job), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the launcher `Job` starts jobs, not sessions
    hint: name another one with `--launcher`
    ");
}

#[test]
fn a_launcher_is_made_only_where_the_user_allows_it() {
    let ground = Ground::new();
    let project = ground.bound();
    let arguments = ["start", "-p", "renkulab", "--image", "quay.io/me/mine:1"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 2
    --- stdout
    --- stderr
    error: no launcher of jane.doe/demo on RenkuLab starts the image `quay.io/me/mine:1`
      `Python` ([ULID]): `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`, class `small`
    hint: name a launcher with `--launcher`, or create one for everybody in the project with `create_launcher: true` in the file of `--config`
    ");
    assert_eq!(ground.lab.launchers().len(), 1);
    let config = ground.context.config("create_launcher: true\n");
    let mut allowed = arguments.to_vec();
    allowed.extend(["--config", &config]);
    insta::assert_snapshot!(ground.printed(&project, &allowed), @"
    exit status: 0
    --- stdout
    jane-doe-[ID]  http://127.0.0.1:[PORT]/sessions/jane-doe-[ID]/lab/
    --- stderr
    renkulab: warning: Made the launcher `mine` in the project jane.doe/demo, where everybody sees it
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    Session `jane-doe-[ID]` runs; `renku session open jane-doe-[ID]` opens it, `renku session stop jane-doe-[ID]` stops it
    ");
    let made = ground.lab.launchers().pop().unwrap();
    assert_eq!(made["environment"]["container_image"], "quay.io/me/mine:1");
}

#[test]
fn classes_are_listed_when_none_is_large_enough() {
    let ground = Ground::new();
    let project = ground.bound();
    let arguments = ["start", "-p", "renkulab", "--memory", "64G"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    error: RenkuLab has no resource class for you with 64 GB of memory
      POOL     CLASS   ID  CPU   MEMORY  GPU  DISK   PLATFORM
      default  small   1   0.5   1 GB    0    20 GB  linux/amd64
      default  medium  2   0.75  1 GB    0    20 GB  linux/amd64
      default  large   3   1     2 GB    0    20 GB  linux/amd64
    hint: ask for less, or name a class of the table with `--class`
    ");
    let all = ["start", "-p", "renkulab", "--gpu", "all"];
    insta::assert_snapshot!(ground.printed(&project, &all), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: RenkuLab has no sessions with all GPUs
    hint: give a number, such as `--gpu 1`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn an_exhausted_quota_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.pools(json!([{
        "id": 1, "name": "default", "default": true, "public": true, "platform": "linux/amd64",
        "classes": [{
            "id": 1, "name": "small", "default": true, "cpu": 0.5, "memory": 1, "gpu": 0,
            "max_storage": 20, "default_storage": 1, "tolerations": [], "node_affinities": [],
            "quota_enforced": true, "usage_hours_remaining": 0, "usage_hours_total": 10,
        }],
    }]));
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 1
    --- stdout
    --- stderr
    error: your hours of this week in the class `small` are used up
      POOL     CLASS  ID  CPU  MEMORY  GPU  DISK   PLATFORM
      default  small  1   0.5  1 GB    0    20 GB  linux/amd64
    hint: take another class with `--class`, or say how much you need, such as `--cpu 1`
    ");
}

#[test]
fn the_launchers_own_disk_is_sent_because_the_service_forgets_it() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.set_launcher(&ground.launcher, "disk_storage", json!(7));
    let _ = ground.session(&project, &START).success();
    let posted = ground.lab.requests().into_iter().find(|seen| seen.method == "POST").unwrap();
    assert!(posted.body.contains(r#""disk_storage":7"#), "{}", posted.body);
}

#[test]
fn an_image_that_cannot_be_pulled_says_what_to_do() {
    let ground = Ground::new();
    let project = ground.bound();
    ground.lab.image(IMAGE, json!({"accessible": false}));
    insta::assert_snapshot!(ground.printed(&project, &START), @"
    exit status: 2
    --- stdout
    --- stderr
    error: RenkuLab cannot pull `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`: there is no such image, it is not public, or its registry does not answer
    hint: check the name, and whether everybody may read it
    ");
    ground.lab.image(
        IMAGE,
        json!({
            "accessible": false,
            "connection": {"id": "1", "provider_id": "gitlab", "status": "invalid_credentials"},
            "provider": {"id": "gitlab", "name": "GitLab.com", "url": "https://gitlab.com"},
        }),
    );
    insta::assert_snapshot!(ground.printed(&project, &START), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: RenkuLab cannot pull `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`: the connection to your account at GitLab.com does not work (invalid credentials)
    hint: open http://127.0.0.1:[PORT]/integrations in the browser and connect it again
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn an_environment_that_was_never_built_is_told() {
    let ground = Ground::new();
    let project = ground.bound();
    let environment = json!({"container_image": "image:unknown-at-the-moment", "environment_image_source": "build"});
    let _ = ground.lab.launcher_with(&ground.project_id, "Built", "interactive", environment);
    let arguments = ["start", "-p", "renkulab", "--launcher", "Built"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 1
    --- stdout
    --- stderr
    error: the image of the launcher `Built` was not built yet
    hint: add `--build`: RenkuLab builds it, and the start waits for it
    ");
}

#[test]
fn what_the_launcher_does_not_define_cannot_be_set() {
    let ground = Ground::new();
    let project = ground.bound();
    let config = ground.context.config("environment:\n  NOT_THERE: 1\n");
    let arguments = ["start", "-p", "renkulab", "--config", &config];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 2
    --- stdout
    --- stderr
    Starting a session on http://127.0.0.1:[PORT] in the class `small` (0.5 CPUs, 1 GB of memory)
    error: http://127.0.0.1:[PORT] refuses to start the session
      The following environment variables are not defined in the session launcher: {'NOT_THERE'}. Please remove them from the launch request or add them to the session launcher.
    ");
    let arguments = ["start", "-p", "renkulab", "--launcher", "01KPR000000000000000000000"];
    insta::assert_snapshot!(ground.printed(&project, &arguments), @"
    exit status: 2
    --- stdout
    --- stderr
    error: the project jane.doe/demo on RenkuLab has no launcher `[ULID]`
      `Python` ([ULID]): `ghcr.io/swissdatasciencecenter/renku/py-basic-jupyterlab:2.9.0`, class `small`
    hint: name one of these with `--launcher`
    ");
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}

#[test]
fn an_image_is_not_built_from_this_folder_and_that_is_said() {
    let ground = Ground::new();
    let project = ground.bound();
    project.write("Dockerfile", "FROM scratch\n").commit();
    project.git(&["push", "-q"]);
    // The launcher has its image; a Dockerfile here changes nothing.
    let _ = ground.session(&project, &["start", "-p", "renkulab"]).success();
    let _ = ground.session(&project, &["stop", "--yes", "-p", "renkulab"]).success();
    let forced = ground.printed(&project, &["start", "-p", "renkulab", "--force-build"]);
    insta::assert_snapshot!(forced, @"
    exit status: 1
    --- stdout
    --- stderr
    error: RenkuLab cannot build `demo:[COMMIT7]` from this folder
    hint: push the image to a registry and name it with `--image`, or let RenkuLab build an environment from the repository: `Add session launcher` in the browser, then `--build`
    ");
    let with_argument = ["start", "-p", "renkulab", "--build-arg", "A=b"];
    assert_eq!(ground.printed(&project, &with_argument), forced);
    let with_file = ["start", "-p", "renkulab", "--file", "Dockerfile"];
    assert_eq!(ground.printed(&project, &with_file), forced);
    // Nobody is sent to write a Dockerfile in vain, and nothing is pushed before.
    project.git(&["rm", "-q", "Dockerfile"]);
    project.commit();
    for wish in [vec!["--force-build"], vec!["--build-arg", "A=b"], vec!["--file", "Dockerfile"]] {
        let all = [&["start", "-p", "renkulab", "--push"], wish.as_slice()].concat();
        assert_eq!(ground.printed(&project, &all), forced);
    }
    let bare = ground.bare().display().to_string();
    let there = project.git(&["--git-dir", &bare, "rev-parse", "main"]);
    assert_eq!(there, project.git(&["rev-parse", "HEAD~1"]));
    assert_eq!(ground.lab.sessions(), Vec::<String>::new());
}
