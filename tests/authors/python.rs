//! Providers in Python: the project that `provider new` makes, and what Python finds
//! in the sandbox.

use std::path::Path;

use support::{Context, Run, component, get, httpd_image};

/// Python comes along, and is larger than the usual limit.
const LARGE: (&str, &str) = ("RENKU_MAX_PROVIDER_SIZE", "64Mi");

/// Makes a project in Python and packs it after `change`; gives the provider's file.
fn packed(context: &Context, name: &str, change: impl FnOnce(&Path)) -> String {
    let folder = context.folder().join(name);
    let new = ["session", "provider", "new", name, "--lang", "python"];
    let _ = context.renku(context.folder(), &new).run().success();
    change(&folder);
    let component = component(&folder);
    let pack = ["session", "provider", "pack", component.to_str().unwrap()];
    let said = context.renku(&folder, &pack).run().success().stderr;
    assert!(said.contains("its users have to set `RENKU_MAX_PROVIDER_SIZE=64Mi`"), "{said}");
    folder.join(format!("{name}.wasm")).display().to_string()
}

#[test]
fn a_new_project_in_python_builds_untouched_and_its_provider_runs_a_session() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = packed(&context, "my-cluster", |_| {});
    let run = |arguments: &[&str]| {
        project.renku(&[&["session"], arguments].concat()).env(LARGE.0, LARGE.1).run()
    };
    // What it imports is all that its users are asked for, and no WASI.
    let info = run(&["provider", "info", &file, "--format", "json"]).success().json();
    let imports = info["provider"]["about"]["interfaces"]["imports"].as_array().unwrap();
    let mut imports: Vec<&str> = imports.iter().map(|it| it.as_str().unwrap()).collect();
    imports.sort_unstable();
    let expected = ["containers", "invocation", "types"]
        .map(|it| format!("renku:session/{it}@{}", support::contract()));
    assert_eq!(imports, expected);
    assert_eq!(info["provider"]["about"]["name"], "my-cluster");

    let _ = run(&["provider", "test", &file]).success();

    // Nobody is surprised by its size.
    let small = project.session(&["provider", "add", &file]).exits(2).stderr;
    assert!(small.contains("If it is, set `RENKU_MAX_PROVIDER_SIZE=64Mi`"), "{small}");
    let _ = run(&["provider", "add", "--yes", &file]).success();

    // Once it is installed, nobody needs to say that again.
    let config = context.config("port: 8080\n");
    let image = httpd_image();
    let start = ["-p", "my-cluster", "--image", &image, "-c", &config];
    let session = project.start(&[&start[..], &["--default-url", "/index.html"]].concat());
    assert_eq!(session["status"], "running");
    let url = session["url"].as_str().unwrap();
    assert!(url.contains("/index.html?token="), "{url}");
    assert_eq!(get(url).status, 200);
    let name = session["name"].as_str().unwrap();
    let opened = project.session(&["open", "--no-browser", name]).success();
    assert_eq!(opened.stdout.trim(), url);
    let list = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(list["sessions"][0]["provider"], "my-cluster");
    let _ = project.session(&["logs", name]).success();
    let _ = project.session(&["stop", name]).success();
    assert_eq!(project.containers(), Vec::<String>::new());
    let again = project.session(&["stop", "-p", "my-cluster", "--all"]).success();
    assert!(again.stderr.contains("no session"), "{}", again.stderr);
}

#[test]
fn what_python_programs_do_works_or_is_an_error_in_words() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/python");
    let file = packed(&context, "surroundings", |folder| {
        let copy = |from: &str, to: &str| {
            std::fs::copy(fixtures.join(from), folder.join(to)).unwrap();
        };
        copy("surroundings.py", "provider.py");
        copy("manifest.json", "manifest.json");
        // It reaches nothing and has no logs: the world says so.
        let world = folder.join("wit/world.wit");
        let text = std::fs::read_to_string(&world).unwrap();
        let kept = text.lines().filter(|it| !it.contains("containers@") && !it.contains("logs@"));
        std::fs::write(&world, kept.collect::<Vec<_>>().join("\n")).unwrap();
    });
    let ls = |what: &str, verbose: &str| -> Run {
        let config = context.config(&format!("do: {what}\n"));
        // The first one compiles Python, which takes a busy machine minutes.
        let ls = ["session", "ls", verbose, "--timeout", "10m", "-p", &file, "-c", &config];
        project.renku(&ls).env(LARGE.0, LARGE.1).run()
    };
    let said = ls("everything", "-v").success();
    insta::assert_snapshot!(hide_random(&said.snapshot()), @r"
    exit status: 0
    --- stdout
    NAME  PROVIDER           STATUS   PORTS  STARTED  URL
    a-1   file:[DIGEST]  running
    --- stderr
    [file:[DIGEST]] printed
    [file:[DIGEST]] 1
    [file:[DIGEST]] warning: to standard error
    [file:[DIGEST]] warning: WARNING:root:logged
    [file:[DIGEST]] clocks agree: True
    [file:[DIGEST]] date: True
    [file:[DIGEST]] slept: True
    [file:[DIGEST]] [RANDOM]
    [file:[DIGEST]] [RANDOM]
    [file:[DIGEST]] refused: there are no files and no terminal in a provider
    [file:[DIGEST]] refused: there are no files and no terminal in a provider
    [file:[DIGEST]] refused: there are no files and no terminal in a provider
    [file:[DIGEST]] refused: No module named 'sqlite3'
    [file:[DIGEST]] csv: [['a', 'b']]
    ");
    // The generator is seeded for every command.
    assert_ne!(random(&said.stderr), random(&ls("everything", "-v").success().stderr));

    insta::assert_snapshot!(of_provider(&ls("raise", "-vv").snapshot()), @r#"
    exit status: 1
    --- stdout
    --- stderr
    debug: file:[DIGEST]: Traceback (most recent call last):
    debug: file:[DIGEST]:   File "/0/provider.py", line 28, in session_list
    debug: file:[DIGEST]:   File "/0/provider.py", line 51, in inner
    debug: file:[DIGEST]: KeyError: 'missing'
    error: [file:[DIGEST]] the provider failed unexpectedly
      [file:[DIGEST]] KeyError: 'missing'
      [file:[DIGEST]] in /0/provider.py, line 51
    hint: [file:[DIGEST]] report it to the provider's author; `-vv` shows where it failed
    "#);
    insta::assert_snapshot!(ls("exit", "-v").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [file:[DIGEST]] the provider failed unexpectedly
      [file:[DIGEST]] SystemExit: 3
      [file:[DIGEST]] in /0/provider.py, line 30
    hint: [file:[DIGEST]] report it to the provider's author; `-vv` shows where it failed
    ");
    insta::assert_snapshot!(ls("refuse", "-v").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: [file:[DIGEST]] it is taken
      [file:[DIGEST]] one
      [file:[DIGEST]] two
    hint: [file:[DIGEST]] try another
    ");
    insta::assert_snapshot!(ls("memory", "-v").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/surroundings/surroundings.wasm` was stopped: it needed more than 64 MiB of memory
    hint: report it to the provider's author; `-v` shows its log
    ");
    insta::assert_snapshot!(ls("compute", "-v").snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: provider `[TEST]/surroundings/surroundings.wasm` was stopped: it used more than 5 s of CPU time
    hint: report it to the provider's author; `-v` shows its log
    ");
}

fn random(said: &str) -> String {
    said.lines().find(|line| line.contains("random: ")).unwrap().to_owned()
}

/// Without what `renku` and the SDK say about themselves.
fn of_provider(said: &str) -> String {
    let others = |line: &str| line.contains("was loaded in") || line.contains("/calls.py");
    said.lines().filter(|line| !others(line)).collect::<Vec<_>>().join("\n")
}

/// Without what is another one every time.
fn hide_random(said: &str) -> String {
    let hide = |line: &str| match line.split_once("random: ").or(line.split_once("name: ")) {
        Some((before, _)) => format!("{before}[RANDOM]"),
        None => line.to_owned(),
    };
    said.lines().map(hide).collect::<Vec<_>>().join("\n")
}
