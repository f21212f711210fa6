//! With many installed providers, nothing is slower than it must be.

use std::time::{Duration, Instant};

use support::{Context, Project, Variant};

use super::{add, provider, store};

/// Installs 200 providers, as if by 200 times `add`: the receipts of one under
/// other names.
fn two_hundred(context: &Context, project: &Project<'_>) {
    let file = Variant::of("hostile").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(project, &["add", &file, "--name", "tool000"]).success();
    let receipts = store(context).join("receipts");
    let first = std::fs::read_to_string(receipts.join("tool000@1.0.0.json")).unwrap();
    for number in 1..200 {
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
    let context = Context::new();
    let project = context.project("analysis");
    let without = quickest(|| drop(project.session(&["ls"]).success()));
    two_hundred(&context, &project);
    // Any read of a `.wasm` of the store would now be an error.
    for blob in std::fs::read_dir(store(&context).join("blobs/sha256")).unwrap() {
        std::fs::write(blob.unwrap().path(), b"damaged").unwrap();
    }
    let list = provider(&project, &["list", "--format", "json"]).success().json();
    assert_eq!(list["providers"].as_array().unwrap().len(), 202);
    let time = quickest(|| drop(provider(&project, &["list"]).success()));
    assert!(time < Duration::from_millis(50), "{time:?}");
    // Nobody who was never allowed anything is asked for sessions.
    let with = quickest(|| drop(project.session(&["ls"]).success()));
    assert!(with < without + Duration::from_millis(50), "{without:?}, then {with:?}");
    let _ = project.session(&["start", "--help"]).success();
}

#[test]
fn an_added_provider_brings_its_options() {
    let context = Context::new();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    let help = project.session(&["start", "-p", "recording", "--help"]).success();
    assert!(help.stdout.contains("Options of the provider `recording`"), "{}", help.stdout);
    assert!(help.stdout.contains("--colour <NAME>"), "{}", help.stdout);
}
