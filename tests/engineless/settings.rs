//! Settings: who wins, and `renku config`.

use support::{Context, Project, Run, fixture, httpd_image};

fn config(project: &Project<'_>, arguments: &[&str]) -> Run {
    project.renku(&[&["config"], arguments].concat()).run()
}

/// What a start with `recording` was asked of the machine.
fn resources(run: &Run) -> serde_json::Value {
    run.calls().pop().unwrap().request["resources"].clone()
}

#[test]
fn an_option_beats_the_environment_which_beats_the_project_which_beats_the_user() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let user = context.home().join(".config/renku/renku.ini");
    std::fs::create_dir_all(user.parent().unwrap()).unwrap();
    let start = |option: &[&str], variable: Option<&str>| {
        let recording = fixture("recording");
        let arguments = ["session", "start", "--no-wait", "-p", &recording];
        let mut renku = project.renku(&[&arguments[..], option].concat());
        if let Some(value) = variable {
            renku = renku.env("RENKU_SESSION_START_CPU", value);
        }
        resources(&renku.run().success())["cpu"].clone()
    };
    assert_eq!(start(&[], None), serde_json::Value::Null);
    std::fs::write(&user, "[interactive]\ncpu_request = 1\n").unwrap();
    assert_eq!(start(&[], None), 1.0);
    project.write(".renku/renku.ini", "[interactive]\ncpu_request = 2\n");
    assert_eq!(start(&[], None), 2.0);
    assert_eq!(start(&[], Some("3")), 3.0);
    // An empty variable is none.
    assert_eq!(start(&[], Some("")), 2.0);
    assert_eq!(start(&["--cpu", "4"], Some("3")), 4.0);
}

#[test]
fn the_old_section_is_merged_key_by_key() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write(
        ".renku/renku.ini",
        "[interactive]\nmem_request = 1g\n[renku \"interactive\"]\ncpu_request = 2\nmem_request = 9g\n",
    );
    let run = project.session(&["start", "--no-wait", "-p", &fixture("recording")]).success();
    let resources = resources(&run);
    assert_eq!(
        (resources["cpu"].clone(), resources["memory"].clone()),
        (2.0.into(), (1 << 30).into())
    );
}

#[test]
fn verbose_says_for_every_value_which_level_won() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write(".renku/renku.ini", "[interactive]\nmem_request = 64m\n").commit();
    let image = httpd_image();
    let run = project
        .renku(&["session", "start", "-v", "--no-wait", "--image", &image])
        .env("RENKU_SESSION_START_CPU", "1")
        .run()
        .success();
    let told: Vec<&str> = run.stderr.lines().filter(|line| line.starts_with("info: ")).collect();
    insta::assert_snapshot!(run.filtered(&told.join("\n")), @r"
    info: provider: `docker`, the default
    info: image: `renku-test/httpd:latest`, from the command line (`--image`)
    info: cpu: `1`, from the environment (`RENKU_SESSION_START_CPU`)
    info: memory: `64m`, from the project's settings (`[PROJECTS]/analysis/.renku/renku.ini`)
    info: disk: the default of the provider
    info: gpu: the default of the provider
    info: default-url: the default of the image
    info: no-wait: from the command line
    ");
}

#[test]
fn a_value_from_the_environment_is_named_by_its_variable_when_it_is_wrong() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = project.renku(&["session", "start"]).env("RENKU_SESSION_START_MEMORY", "2Gx").run();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `RENKU_SESSION_START_MEMORY = 2Gx`: this is not a size
    hint: write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)
    ");
}

#[test]
fn a_value_from_the_settings_is_named_with_its_file_when_it_is_wrong() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write(".renku/renku.ini", "[interactive]\nmem_request = 2Gx\n");
    insta::assert_snapshot!(project.session(&["start"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `mem_request = 2Gx` in `[PROJECTS]/analysis/.renku/renku.ini`: this is not a size
    hint: write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)
    ");
}

#[test]
fn every_option_of_every_command_can_be_set_in_the_environment() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = project
        .renku(&["session", "ls", "-p", &fixture("recording")])
        .env("RENKU_SESSION_LS_FORMAT", "json")
        .run()
        .success();
    assert_eq!(run.json()["sessions"][0]["name"], "recorded-1");
    // Flags take what people write for yes and no.
    for (value, quiet) in [("1", true), ("yes", true), ("false", false)] {
        let run = project
            .renku(&["session", "ls", "-p", &fixture("recording")])
            .env("RENKU_SESSION_LS_QUIET", value)
            .run()
            .success();
        assert_eq!(run.stdout == "recorded-1\n", quiet, "{}", run.stdout);
    }
    let run =
        project.renku(&["config", "list"]).env("RENKU_CONFIG_LIST_FORMAT", "json").run().success();
    assert_eq!(run.json()["version"], 1);
}

#[test]
fn a_setting_is_set_shown_and_removed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let before = project.git(&["rev-parse", "HEAD"]);
    insta::assert_snapshot!(config(&project, &["set", "cpu_request", "2"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Set `cpu_request` to `2` in `[PROJECTS]/analysis/.renku/renku.ini`; commit that file to share it
    ");
    insta::assert_snapshot!(config(&project, &["set", "--global", "mem_request", "2Gi"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Set `mem_request` to `2Gi` in `[TEST]/home/.config/renku/renku.ini`
    ");
    insta::assert_snapshot!(config(&project, &["list"]).snapshot(), @r"
    exit status: 0
    --- stdout
    KEY           VALUE  FROM
    provider             default
    image                default
    default_url          default
    cpu_request   2      project ([PROJECTS]/analysis/.renku/renku.ini)
    mem_request   2Gi    user ([TEST]/home/.config/renku/renku.ini)
    disk_request         default
    gpu_request          default
    --- stderr
    ");
    insta::assert_snapshot!(config(&project, &["get", "interactive.cpu_request"]).snapshot(), @r"
    exit status: 0
    --- stdout
    2
    --- stderr
    ");
    insta::assert_snapshot!(config(&project, &["get", "mem_request", "--format", "json"]).snapshot(), @r#"
    exit status: 0
    --- stdout
    {
      "version": 1,
      "setting": {
        "key": "mem_request",
        "value": "2Gi",
        "level": "user",
        "file": "[TEST]/home/.config/renku/renku.ini"
      }
    }
    --- stderr
    "#);
    insta::assert_snapshot!(config(&project, &["unset", "cpu_request"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Removed `cpu_request` from `[PROJECTS]/analysis/.renku/renku.ini`
    ");
    insta::assert_snapshot!(config(&project, &["get", "cpu_request"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `cpu_request` is not set
    hint: set it with `renku config set cpu_request VALUE`
    ");
    insta::assert_snapshot!(config(&project, &["unset", "cpu_request"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `cpu_request` is not set
    hint: set it with `renku config set cpu_request VALUE`
    ");
    insta::assert_snapshot!(config(&project, &["get", "--global", "image"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `image` is not set in your own settings
    hint: set it with `renku config set --global image VALUE`
    ");
    // Nothing was committed behind the user's back.
    assert_eq!(project.git(&["rev-parse", "HEAD"]), before);
    assert_eq!(project.git(&["status", "--porcelain"]), "?? .renku/");
}

#[test]
fn comments_and_other_sections_of_a_settings_file_stay() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file =
        "# ours\n[renku]\nshow_login_warning = false\n\n[interactive]\n# enough\ncpu_request : 1\n";
    project.write(".renku/renku.ini", file);
    let _ = config(&project, &["set", "cpu_request", "0.5"]).success();
    let _ = config(&project, &["set", "default_url", "/tree"]).success();
    assert_eq!(
        project.read(".renku/renku.ini"),
        file.replace(": 1", ": 0.5") + "default_url = /tree\n"
    );
}

#[test]
fn what_start_would_refuse_is_refused_before_it_is_written() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let refused = |key: &str, value: &str| config(&project, &["set", key, value]).snapshot();
    insta::assert_snapshot!(refused("cpu_requst", "2"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no setting `cpu_requst`; did you mean `cpu_request`?
    hint: the settings are `provider`, `image`, `default_url`, `cpu_request`, `mem_request`, `disk_request`, `gpu_request`
    ");
    insta::assert_snapshot!(refused("cpu_request", "many"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `cpu_request = many`: this is not a number of CPUs
    hint: write a number of CPUs greater than zero, as in `2` or `0.5`
    ");
    insta::assert_snapshot!(refused("mem_request", "2Gx"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `mem_request = 2Gx`: this is not a size
    hint: write a number and a unit, as in `512m` or `2G` (k, m, g and t count 1024)
    ");
    insta::assert_snapshot!(refused("default_url", "lab"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `default_url = lab`: this is not the path of a URL
    hint: write it like `/lab` or `/rstudio`
    ");
    insta::assert_snapshot!(refused("image", "Some/Image"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `Some/Image` is not a valid image name: capital letters are not allowed
    hint: names look like `project:tag` or `registry.example.org/group/project:tag`, in lower case
    ");
    insta::assert_snapshot!(refused("image", ""), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `image = `: the value is missing
    hint: to remove a setting, use `renku config unset`
    ");
    insta::assert_snapshot!(refused("provider", "slurm"), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no provider `slurm`
    hint: known providers: `docker`, `local`, `renkulab`; or name a file, such as `-p ./mine.wasm`
    ");
    insta::assert_snapshot!(refused("provider", "./mine.wasm"), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: the settings of this project name the file `./mine.wasm` as its provider
    hint: if you trust that file, name it yourself with `-p ./mine.wasm`
    ");
    assert!(!project.root().join(".renku").exists());
}

#[test]
fn outside_of_a_project_there_are_the_users_own_settings() {
    let context = Context::in_memory();
    let config = |arguments: &[&str]| {
        context.renku(context.folder(), &[&["config"], arguments].concat()).run()
    };
    insta::assert_snapshot!(config(&["set", "cpu_request", "2"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[TEST]` is not in a git project
    hint: go to your project with `cd`, or add `--global`
    ");
    let _ = config(&["set", "--global", "cpu_request", "2"]).success();
    assert_eq!(config(&["get", "cpu_request"]).success().stdout, "2\n");
    let _ = config(&["unset", "--global", "cpu_request"]).success();
    let _ = config(&["get", "cpu_request"]).exits(2);
}

#[test]
fn a_file_that_is_not_understood_is_not_written() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write(".renku/renku.ini", "cpu_request = 1\n");
    insta::assert_snapshot!(config(&project, &["set", "cpu_request", "2"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.renku/renku.ini`, line 1: this comes before the first `[section]`
    hint: write `key = value` under `[interactive]` in `[PROJECTS]/analysis/.renku/renku.ini`
    ");
    assert_eq!(project.read(".renku/renku.ini"), "cpu_request = 1\n");
}
