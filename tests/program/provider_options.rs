//! Options that a provider brings along, and its configuration.

use serde_json::{Value, json};
use support::{Context, Run, fixture};

fn configs(run: &Run) -> Vec<Value> {
    run.calls().into_iter().map(|call| call.request["config"].clone()).collect()
}

#[test]
fn help_shows_the_options_of_the_chosen_provider_in_a_group_of_their_own() {
    let context = Context::new();
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
    let context = Context::new();
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
    let context = Context::new();
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
    let context = Context::new();
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
    let context = Context::new();
    let project = context.project("analysis");
    let config = context.config("sessions: []\nfind_image: perhaps\n");
    let run = project.session(&["start", "-p", &fixture("recording"), "-c", &config]).exits(2);
    assert_eq!(run.calls(), []);
    let place = format!("{config}:2:");
    assert!(run.stderr.contains(&place), "{place} is not in\n{}", run.stderr);
}

#[test]
fn an_option_of_another_provider_is_unknown() {
    let context = Context::new();
    let project = context.project("analysis");
    let run =
        project.session(&["start", "-p", &fixture("hibernating"), "--colour", "red"]).exits(2);
    assert!(
        run.stderr.starts_with("error: unexpected argument '--colour' found"),
        "{}",
        run.stderr
    );
}
