//! Options that a provider brings along, and its configuration.

use serde_json::{Value, json};
use support::{Context, Run, Variant, fixture};

fn configs(run: &Run) -> Vec<Value> {
    run.calls().into_iter().map(|call| call.request["config"].clone()).collect()
}

#[test]
fn help_shows_the_options_of_the_chosen_provider_in_a_group_of_their_own() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = project.session(&["start", "-p", &fixture("recording"), "--help"]).success();
    let (_, group) = run.stdout.split_once("Print version\n\n").unwrap();
    insta::assert_snapshot!(run.filtered(group), @r"
    Options of the provider `[FIXTURES]/recording.wasm`:
          --colour <NAME>
              An option that the provider reads by its name

          --replace-image <IMAGE>
              An option that stands for a key of the configuration
    ");
    assert_eq!(run.stderr, "");
    // No code of the provider ran, and no other provider has these options.
    let docker = project.session(&["start", "--help"]).success();
    assert!(!docker.stdout.contains("--colour"), "{}", docker.stdout);
}

#[test]
fn an_option_that_stands_for_a_key_becomes_configuration() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("sessions: []\nreplace_image: from-the-file:1\n");
    let run = project
        .session(&[
            "start",
            "-p",
            &fixture("recording"),
            "-c",
            &config,
            "--replace-image",
            "typed:2",
        ])
        .success();
    let expected = json!({ "sessions": [], "replace_image": "typed:2" });
    assert_eq!(configs(&run), vec![expected; 4]);
    insta::assert_snapshot!(run.call_lines(), @r#"
    session-list {}
    pre-start-checks {"candidate_image":"analysis:[COMMIT7]"}
    find-image {"image":"typed:2"}
    session-start {"image":"typed:2"}
    "#);
}

#[test]
fn an_option_of_a_provider_can_be_set_in_the_environment() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = project
        .renku(&["session", "start", "--no-wait"])
        .env("RENKU_SESSION_START_PROVIDER", fixture("recording"))
        .env("RENKU_SESSION_START_COLOUR", "blue")
        .run()
        .success();
    let options: Vec<_> =
        run.calls().into_iter().map(|call| call.request["options"].clone()).collect();
    assert_eq!(options, vec![json!({ "colour": "blue" }); 4]);
}

#[test]
fn configuration_reaches_every_call_of_a_start_and_of_a_list() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("find_image: absent\nsessions: []\n");
    let recording = fixture("recording");
    let expected = json!({ "find_image": "absent", "sessions": [] });
    let start = project.session(&["start", "--yes", "-p", &recording, "-c", &config]).success();
    assert_eq!(configs(&start), vec![expected.clone(); 5]);
    let ls = project.session(&["ls", "-p", &recording, "-c", &config]).success();
    assert_eq!(configs(&ls), vec![expected]);
    let config = context.config("sessions: [one]\n");
    let expected = json!({ "sessions": ["one"] });
    for command in [&["open", "--no-browser"][..], &["stop"], &["stop", "one"]] {
        let run = project.session(&[command, &["-p", &recording, "-c", &config]].concat());
        assert_eq!(configs(&run.success()), vec![expected.clone(); 2]);
    }
}

#[test]
fn configuration_that_the_schema_does_not_know_runs_nothing() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let config = context.config("sessions: []\nfind_image: perhaps\n");
    let run = project.session(&["start", "-p", &fixture("recording"), "-c", &config]).exits(2);
    assert_eq!(run.calls(), []);
    let place = format!("{config}:2:");
    assert!(run.stderr.contains(&place), "{place} is not in\n{}", run.stderr);
}

#[test]
fn an_option_of_another_provider_is_unknown() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run =
        project.session(&["start", "-p", &fixture("hibernating"), "--colour", "red"]).exits(2);
    assert!(
        run.stderr.starts_with("error: unexpected argument '--colour' found"),
        "{}",
        run.stderr
    );
}

/// A provider that records what it is asked, with other options.
fn with_options(context: &Context, file: &str, options: &Value) -> String {
    let manifest = json!({ "manifest": 1, "api": "^0.1", "config": null, "options": options });
    Variant::of("recording").manifest(&manifest).write(context.folder(), file)
}

/// The options that the provider saw, at every call the same.
fn seen(run: &Run) -> Value {
    let options: Vec<_> =
        run.calls().into_iter().map(|call| call.request["options"].clone()).collect();
    assert!(options.len() > 2 && options.iter().all(|it| *it == options[0]), "{options:?}");
    options[0].clone()
}

#[test]
fn an_option_that_renku_has_itself_is_still_to_be_had_by_its_name() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    // Made for a `renku` that had no such option: it is refused when it is packed or
    // added, and works all the same.
    let options = json!([{ "name": "colour", "value": "NAME", "help": "theirs", "commands": ["start"] },
                         { "name": "replace-image", "help": "a flag", "commands": ["start"] },
                         { "name": "shm-size", "value": "SIZE", "help": "theirs", "commands": ["start"] },
                         { "name": "cpu", "value": "N", "help": "theirs", "commands": ["start"] }]);
    let file = with_options(&context, "younger.wasm", &options);
    let start = |more: &[&str]| {
        project.session(&[&["start", "--no-wait", "-p", &file], more].concat()).success()
    };
    let help = project.session(&["start", "-p", &file, "--help"]).success().stdout;
    assert_eq!(help.matches("--cpu").count(), 1, "{help}");
    assert!(help.contains("CPUs, such as 2 or 0.5") && !help.contains("theirs\n\n      --cpu"));
    // `--cpu` is ours, `-o cpu` theirs; both at once.
    let run =
        start(&["--cpu", "2", "-o", "cpu=many", "--option", "colour=red", "-o", "replace-image"]);
    assert_eq!(run.calls()[0].request["resources"]["cpu"], 2.0);
    assert_eq!(seen(&run), json!({ "colour": "red", "cpu": "many", "replace-image": "true" }));
    // A value may hold an equals sign, and be empty.
    let run = start(&["-o", "colour=a=b", "-o", "cpu="]);
    assert_eq!(seen(&run), json!({ "colour": "a=b", "cpu": "" }));
    let refused = project.session(&["provider", "add", &file]).exits(2).stderr;
    let clash = "declares the option `--shm-size`, which `renku` already has";
    assert!(refused.contains(clash), "{refused}");
}

#[test]
fn an_option_by_name_that_cannot_be_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let refused = |arguments: &[&str]| {
        let start = ["start", "-p", &fixture("recording")];
        project.session(&[&start[..], arguments].concat()).snapshot()
    };
    insta::assert_snapshot!(refused(&["-o", "color=red"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the provider `[FIXTURES]/recording.wasm` has no option `color`
    hint: it has `colour`, `replace-image`
    ");
    insta::assert_snapshot!(refused(&["-o", "colour"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `-o colour` has the wrong form
    hint: write `-o colour=NAME`
    ");
    insta::assert_snapshot!(refused(&["-o", "default-url=/lab"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `--default-url` is an option of the provider `docker`, not of `[FIXTURES]/recording.wasm`
    hint: leave out `--default-url`, or choose that provider with `-p docker`
    ");
    insta::assert_snapshot!(refused(&["--colour", "red", "-o", "colour=blue"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the option `colour` of the provider was given twice
    hint: give it once
    ");
    insta::assert_snapshot!(refused(&["-o", "colour=red", "-o", "colour=blue"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the option `colour` of the provider was given twice
    hint: give it once
    ");
}

#[test]
fn options_by_name_come_from_the_environment_too() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let run = |arguments: &[&str]| {
        let start = ["session", "start", "--no-wait", "-p", &fixture("recording")];
        project
            .renku(&[&start[..], arguments].concat())
            .env("RENKU_SESSION_START_OPTION", "colour=blue\nreplace-image=theirs:1")
            .run()
            .success()
    };
    assert_eq!(seen(&run(&[])), json!({ "colour": "blue", "replace-image": "theirs:1" }));
    // What is typed comes first.
    assert_eq!(seen(&run(&["--colour", "red"]))["colour"], "red");
}

#[test]
fn a_provider_does_not_see_the_options_of_another() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let options =
        json!([{ "name": "replace-image", "value": "X", "help": "x", "commands": ["start"] }]);
    let file = with_options(&context, "other.wasm", &options);
    let start = |arguments: &[&str]| {
        project
            .renku(&[&["session", "start", "--no-wait", "-p", &file], arguments].concat())
            // Options of `recording` and of `docker`.
            .env("RENKU_SESSION_START_COLOUR", "blue")
            .env("RENKU_SESSION_START_DEFAULT_URL", "/secret")
            .env("RENKU_SESSION_START_REPLACE_IMAGE", "mine:1")
            .run()
    };
    let run = start(&[]).success();
    assert_eq!(seen(&run), json!({ "replace-image": "mine:1" }));
    let refused = start(&["-o", "colour=red"]).exits(2);
    assert_eq!(refused.calls(), []);
}
