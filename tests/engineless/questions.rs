//! Questions of a provider, answered on the command line.

use support::{Context, fixture};

fn start(context: &Context, answers: &[&str]) -> String {
    let project = context.project("analysis");
    let provider = fixture("asking");
    let mut arguments = vec!["start", "-p", &provider];
    arguments.extend(answers);
    project.session(&arguments).snapshot()
}

#[test]
fn without_a_terminal_the_option_that_answers_is_named() {
    let context = Context::without_engine();
    insta::assert_snapshot!(start(&context, &[]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] there is no terminal to ask: [file:[DIGEST]] The cluster is busy. [file:[DIGEST]] Wait in its queue?
    hint: [file:[DIGEST]] answer it with `--answer queue=yes`
    ");
}

#[test]
fn yes_answers_what_can_be_answered_with_yes_and_invents_no_text() {
    let context = Context::without_engine();
    insta::assert_snapshot!(start(&context, &["--yes"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] there is no terminal to ask: [file:[DIGEST]] Which account pays?
    hint: [file:[DIGEST]] answer it with `--answer account=VALUE`
    ");
}

#[test]
fn an_answer_on_the_command_line_comes_before_yes() {
    let context = Context::without_engine();
    let answers = ["--yes", "--answer", "queue=no", "--answer", "account=physics"];
    insta::assert_snapshot!(start(&context, &answers), @r"
    exit status: 1
    --- stdout
    --- stderr
    [file:[DIGEST]] warning: queue: false, account: physics
    error: [file:[DIGEST]] this provider only asks
    ");
}

#[test]
fn an_answer_that_is_neither_yes_nor_no_is_refused() {
    let context = Context::without_engine();
    insta::assert_snapshot!(start(&context, &["--answer", "queue=perhaps"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] `--answer queue=perhaps` must be yes or no
      [file:[DIGEST]] it answers: [file:[DIGEST]] The cluster is busy. [file:[DIGEST]] Wait in its queue?
    hint: [file:[DIGEST]] write `--answer queue=yes` or `--answer queue=no`
    ");
    insta::assert_snapshot!(start(&context, &["--answer", "queue"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: invalid value 'queue' for '--answer <ID=VALUE>': write it as ID=VALUE

    For more information, try '--help'.
    ");
}
