//! What a provider must not do, and how the host holds.
//!
//! The provider `hostile` does one misdeed per value of its key `do`, here in
//! `session-list`.

use std::time::{Duration, Instant};

use support::{
    Context, Project, Run, fixture, module_with_globals, module_with_loops, module_with_tables,
    with_instances, with_nested,
};

/// `ls` of the provider `hostile` while it does this.
#[track_caller]
fn ls(context: &Context, project: &Project<'_>, misdeed: &str) -> Run {
    let config = context.config(&format!("do: {misdeed}\n"));
    project.session(&["ls", "--yes", "-p", &fixture("hostile"), "-c", &config])
}

#[test]
fn an_endless_loop_is_ended_after_its_processor_time() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let begin = Instant::now();
    let run = ls(&context, &project, "loop");
    let elapsed = begin.elapsed();
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it used more than 5 s of CPU time
    hint: report it to the provider's author; `-v` shows its log
    ");
    assert!(elapsed > Duration::from_secs(4), "{elapsed:?}");
    assert!(elapsed < Duration::from_secs(25), "{elapsed:?}");
}

#[test]
fn memory_ends_at_its_limit() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&context, &project, "memory").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it needed more than 64 MiB of memory
    hint: report it to the provider's author; `-v` shows its log
    ");
}

/// What no misdeed may bring a command beyond. Without any it takes about 20 MiB.
#[track_caller]
fn stays_small(run: &Run) {
    if let Some(peak) = run.peak_memory {
        assert!(peak < 150 << 20, "{} MiB", peak >> 20);
    }
}

#[test]
fn what_is_left_with_the_host_has_a_bound() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for misdeed in ["hoard-environment", "hoard-ports"] {
        let run = ls(&context, &project, misdeed);
        stays_small(&run);
        insta::allow_duplicates! {
            insta::assert_snapshot!(run.snapshot(), @r"
            exit status: 1
            --- stdout
            --- stderr
            error: provider `[FIXTURES]/hostile.wasm` was stopped: its handles took up more than 32 MiB of the host's memory
            hint: report it to the provider's author; `-v` shows its log
            ");
        }
    }
}

#[test]
fn what_is_dropped_counts_no_more() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = ls(&context, &project, "hoard-nothing").success();
    stays_small(&run);
    assert!(run.stderr.contains("each was dropped"), "{}", run.stderr);
}

#[test]
fn handles_have_a_bound() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = ls(&context, &project, "hoard-handles");
    stays_small(&run);
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it held more than 20000 handles at once
    hint: report it to the provider's author; `-v` shows its log
    ");
}

/// `ls` of a provider that has so many instances of this module beside its own.
#[track_caller]
fn ls_with(instances: u32, module: &[u8]) -> String {
    let provider = std::fs::read(fixture("hostile")).unwrap();
    ls_of(&with_instances(&provider, module, instances))
}

/// `ls` of this provider.
#[track_caller]
fn ls_of(provider: &[u8]) -> String {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let path = context.folder().join("grown.wasm");
    std::fs::write(&path, provider).unwrap();
    let run = project.session(&["ls", "--yes", "-p", &path.display().to_string()]);
    stays_small(&run);
    run.snapshot()
}

#[test]
fn elements_are_counted_over_all_tables() {
    insta::assert_snapshot!(ls_with(2, &module_with_tables(2, 100)), @r"
    exit status: 0
    --- stdout
    --- stderr
    This project has no sessions; `renku session start` starts one
    ");
    insta::assert_snapshot!(ls_with(2, &module_with_tables(2, 3000)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/grown.wasm` was stopped: it needed more than 10000 table elements
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn what_instances_are_made_of_is_counted_before_it_is_compiled() {
    insta::assert_snapshot!(ls_with(110, &module_with_globals(20_000)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/grown.wasm` was stopped: it has more than 100000 functions, globals, imports and elements
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn components_in_components_do_not_multiply_without_end() {
    let provider = std::fs::read(fixture("hostile")).unwrap();
    assert!(ls_of(&with_nested(&provider, 3, 2)).starts_with("exit status: 0"));
    insta::assert_snapshot!(ls_of(&with_nested(&provider, 5, 30)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/grown.wasm` was stopped: it has more than 128 instances, 16 tables or 16 memories
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn code_that_takes_gigabytes_to_compile_is_not_compiled() {
    assert!(ls_with(1, &module_with_loops(20, 100)).starts_with("exit status: 0"));
    insta::assert_snapshot!(ls_with(1, &module_with_loops(2000, 5000)), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/grown.wasm` was stopped: its code branches too often among too many variables to be compiled
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn instances_and_tables_have_a_bound() {
    for (instances, tables) in [(95, 100), (200, 0)] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(ls_with(instances, &module_with_tables(tables, 10_000)), @r"
            exit status: 1
            --- stdout
            --- stderr
            error: provider `[TEST]/grown.wasm` was stopped: it has more than 128 instances, 16 tables or 16 memories
            hint: report it to the provider's author; `-v` shows its log
            ");
        }
    }
}

#[test]
fn endless_recursion_ends_at_the_limit_of_the_stack() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&context, &project, "deep-recursion").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: its stack exceeded 512 KiB
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn a_list_of_more_than_eight_mebibytes_is_not_taken() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&context, &project, "big-list").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` was stopped: it sent more than 8 MiB in one call
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn a_crash_is_named_as_one() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    insta::assert_snapshot!(ls(&context, &project, "trap").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` crashed
      wasm `unreachable` instruction executed
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn a_panic_shows_its_message_without_a_traceback() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = ls(&context, &project, "panic").exits(1);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(
        lines[0].contains("error: the provider failed unexpectedly: the dog ate the session ("),
        "{}",
        lines[0]
    );
    insta::assert_snapshot!(run.filtered(&lines[1..].join("\n")), @r"
    error: provider `[FIXTURES]/hostile.wasm` crashed
      wasm `unreachable` instruction executed
    hint: report it to the provider's author; `-v` shows its log
    ");
}

#[test]
fn a_flood_of_messages_is_cut_and_counted() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let run = ls(&context, &project, "flood-log").success();
    let shown = run.stderr.lines().filter(|line| line.contains("flood ")).count();
    // 50 a second, and all of it takes far less than two seconds.
    assert!((10..=100).contains(&shown), "{shown}\n{}", run.stderr);
    assert!(run.stderr.contains(" were dropped\n"), "{}", run.stderr);
    // 10 kB of the message of 1 MiB, and its frame.
    let longest = run.stderr.lines().map(str::len).max().unwrap();
    assert!((9_900..=10_300).contains(&longest), "{longest}");
}

#[test]
fn no_control_character_of_a_provider_reaches_the_terminal() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config("do: escape-log\n");
    for format in ["table", "tsv", "json", "yaml"] {
        let run = project
            .session(&["ls", "--yes", "--format", format, "-p", &fixture("hostile"), "-c", &config])
            .success();
        for text in [&run.stdout, &run.stderr] {
            let bad = text.chars().find(|char| char.is_control() && !['\n', '\t'].contains(char));
            assert_eq!(bad, None, "{format}: {text:?}");
        }
        assert!(run.stderr.contains("fake: all is well"), "{}", run.stderr);
    }
    let url = project.session(&["open", "--no-browser", "--yes", "-p", &fixture("hostile"), "x"]);
    assert!(!url.stdout.contains('\u{1b}'), "{}", url.stdout);
}

#[test]
fn who_does_not_answer_in_time_is_not_waited_for() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.config("do: ignore-cancel\n");
    let provider = fixture("hostile");
    let arguments = ["ls", "--yes", "-p", &provider, "-c", &config, "--timeout", "1s"];
    insta::assert_snapshot!(project.session(&arguments).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `file:[DIGEST]` did not answer within 1 s
    ");
}
