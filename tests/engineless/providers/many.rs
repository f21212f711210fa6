//! With many installed providers, nothing is slower than it must be.

use std::time::{Duration, Instant};

use serde_json::json;
use support::{Context, Project, Variant};

use super::{add, provider, store};

/// What ten times as many providers may take: ten times as long, and on a busy machine twice
/// that. What looks at each pair of them would take a hundred times as long.
const TENFOLD: u32 = 20;
/// What a busy machine adds to the quickest of some runs; reading 180 providers takes more.
const NOISE: Duration = Duration::from_millis(500);

/// Installs so many providers, as if by as many times `add`.
fn installed(context: &Context, project: &Project<'_>, file: &str, number: usize) {
    let _ = provider(project, &["add", file, "--name", "tool000"]).success();
    copies(context, 1..number);
}

/// The receipt of the first one under other names.
fn copies(context: &Context, numbers: std::ops::Range<usize>) {
    let receipts = store(context).join("receipts");
    let first = std::fs::read_to_string(receipts.join("tool000@1.0.0.json")).unwrap();
    for number in numbers {
        let name = format!("tool{number:03}");
        let text = first.replace("\"tool000\"", &format!("\"{name}\""));
        std::fs::write(receipts.join(format!("{name}@1.0.0.json")), text).unwrap();
    }
}

/// The quickest of some runs: what else the machine does only adds.
fn quickest(mut run: impl FnMut()) -> Duration {
    let time = |run: &mut dyn FnMut()| {
        let begin = Instant::now();
        run();
        begin.elapsed()
    };
    (0..20).map(|_| time(&mut run)).min().unwrap()
}

#[test]
fn a_list_of_two_hundred_takes_no_time_and_reads_no_provider() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let without = quickest(|| drop(project.session(&["ls"]).success()));
    let colour = json!([{ "name": "colour", "value": "NAME", "help": "x", "commands": ["start"] }]);
    let file = Variant::of("hostile")
        .version("1.0.0")
        .manifest(&json!({ "manifest": 1, "api": "^0.1", "options": colour }))
        .write(context.folder(), "tool.wasm");
    installed(&context, &project, &file, 20);
    let list = || quickest(|| drop(provider(&project, &["list"]).success()));
    let ls = || quickest(|| drop(project.session(&["ls"]).success()));
    let few = (list(), ls());
    copies(&context, 20..200);
    // Any read of a `.wasm` of the store would now be an error.
    for blob in std::fs::read_dir(store(&context).join("blobs/sha256")).unwrap() {
        std::fs::write(blob.unwrap().path(), b"damaged").unwrap();
    }
    let listed = provider(&project, &["list", "--format", "json"]).success().json();
    assert_eq!(listed["providers"].as_array().unwrap().len(), 203);
    // A bound in milliseconds would be one of the machine and of the build.
    let many = (list(), ls());
    assert!(many.0 < few.0 * TENFOLD + NOISE, "20 {few:?}, 200 {many:?}");
    // Nobody who was never allowed anything is asked for sessions.
    let allowed = without + few.1.saturating_sub(without) * TENFOLD + NOISE;
    assert!(many.1 < allowed, "none {without:?}, 20 {few:?}, 200 {many:?}");
    // Neither does the command line, with the options of one of them: help,
    // completion, and an option that nobody has or another has.
    let help = project.session(&["start", "-p", "tool007", "--help"]).success().stdout;
    assert!(help.contains("Options of the provider `tool007`") && help.contains("--colour"));
    let completed =
        project.renku(&["__complete", "renku", "session", "start", "-p", "tool007", "--col"]);
    assert!(completed.run().success().stdout.starts_with("--colour"));
    let _ = project.session(&["start", "--help"]).success();
    let unknown = project.session(&["start", "--nonsense"]).exits(2).stderr;
    assert!(unknown.starts_with("error: unexpected argument '--nonsense' found"), "{unknown}");
    let other = project.session(&["start", "--colour", "red"]).exits(2).stderr;
    assert!(other.contains("is an option of the provider `tool000`"), "{other}");
    // Only what is started is read.
    let started = project.session(&["start", "-p", "tool007"]).exits(1).stderr;
    assert!(started.contains("is damaged and was not loaded"), "{started}");
}

#[test]
fn each_that_has_sessions_adds_its_own_time_to_a_list_and_no_more() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let ls = || quickest(|| drop(project.session(&["ls"]).success()));
    let without = ls();
    // It reaches nothing, so it is asked without a permission.
    let file = Variant::of("logging").version("1.0.0").write(context.folder(), "tool.wasm");
    installed(&context, &project, &file, 20);
    let few = ls();
    copies(&context, 20..200);
    let many = ls();
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"].as_array().unwrap().len(), 200);
    let allowed = without + few.saturating_sub(without) * TENFOLD + NOISE;
    assert!(many < allowed, "none {without:?}, 20 {few:?}, 200 {many:?}");
}

#[test]
fn an_added_provider_brings_its_options() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    let help = project.session(&["start", "-p", "recording", "--help"]).success();
    assert!(help.stdout.contains("Options of the provider `recording`"), "{}", help.stdout);
    assert!(help.stdout.contains("--colour <NAME>"), "{}", help.stdout);
}

/// How many compiled components there are.
fn compiled(cache: &std::path::Path) -> usize {
    std::fs::read_dir(cache.join("compiled")).map_or(0, Iterator::count)
}

#[test]
fn a_provider_is_compiled_when_it_is_added_and_not_to_say_that_it_has_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let session = |arguments: &[&str]| {
        let all = [&["session"], arguments].concat();
        project.renku(&all).env("RENKU_CACHE_DIR", &cache).run().success()
    };
    let _ = session(&["ls"]);
    let before = compiled(&cache);
    for number in 1..4 {
        let variant = Variant::of("hostile").version(&format!("1.0.{number}"));
        let file = variant.write(context.folder(), &format!("tool{number}.wasm"));
        let name = format!("tool{number}");
        let _ = session(&["provider", "add", &file, "--name", &name]);
        assert_eq!(compiled(&cache), before + number, "at `add`");
        let _ = session(&["provider", "grant", &name]);
    }
    std::fs::remove_dir_all(cache.join("compiled")).unwrap();
    // None of them has a container, and the engine says so.
    let list = session(&["ls"]);
    assert_eq!(list.stderr, "This project has no sessions; `renku session start` starts one\n");
    assert_eq!(compiled(&cache), before);
}
