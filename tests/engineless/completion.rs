//! What TAB offers, in the shells themselves and without them.

use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use support::{Context, Project, Terminal, httpd_image};

/// The candidates for a line, which ends where the cursor is.
#[track_caller]
fn candidates(project: &Project<'_>, line: &str) -> Vec<String> {
    let words: Vec<&str> = ["__complete"].into_iter().chain(line.split(' ')).collect();
    let run = project.renku(&words).run().success();
    assert_eq!(run.stderr, "");
    run.stdout.lines().map(str::to_owned).collect()
}

/// The same, asked again while there are none: on a busy machine the engine may
/// take longer than a TAB waits.
#[track_caller]
fn names(project: &Project<'_>, line: &str) -> Vec<String> {
    let begin = Instant::now();
    loop {
        let found = candidates(project, line);
        if found.iter().any(|line| !line.starts_with('-')) || begin.elapsed().as_secs() > 60 {
            return found;
        }
    }
}

fn start(project: &Project<'_>) -> String {
    let session = project.start(&["--image", &httpd_image(), "--no-wait"]);
    session["name"].as_str().unwrap().to_owned()
}

/// A folder with the program as `renku`, for PATH.
fn bin(context: &Context) -> PathBuf {
    let folder = context.folder().join("bin");
    std::fs::create_dir_all(&folder).unwrap();
    std::os::unix::fs::symlink(context.program().canonicalize().unwrap(), folder.join("renku"))
        .unwrap();
    folder
}

/// A program with what a login shell has, `renku` on its PATH.
fn with_renku(context: &Context, project: &Project<'_>, program: &str) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var("PATH").unwrap();
    command
        .current_dir(project.root())
        .env_clear()
        .env("PATH", format!("{}:{path}", bin(context).display()))
        .envs(context.engine().environment())
        .env("HOME", context.home())
        .env("SHELL", "/bin/sh")
        .env("TERM", "dumb");
    command
}

#[test]
fn sessions_are_offered_by_name_with_their_state() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let (one, two) = (start(&project), start(&project));
    let mut found = names(&project, "renku session stop ");
    found.sort();
    let mut expected = vec![format!("{one}\tdocker, running"), format!("{two}\tdocker, running")];
    expected.sort();
    assert_eq!(found, expected);
    let rest = names(&project, &format!("renku session stop {one} "));
    assert_eq!(rest, [format!("{two}\tdocker, running")]);
    let prefixed = names(&project, &format!("renku session open docker/{two}"));
    assert_eq!(prefixed, [format!("docker/{two}\tdocker, running")]);
    let stranger = context.project("analysis");
    assert!(candidates(&stranger, "renku session logs ").iter().all(|line| line.starts_with('-')));
}

#[test]
fn only_what_can_be_paused_or_resumed_is_offered() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = start(&project);
    assert_eq!(names(&project, "renku session pause "), [format!("{name}\tdocker, running")]);
    context.memory().pause(&name);
    assert_eq!(names(&project, "renku session resume "), [format!("{name}\tdocker, paused")]);
    assert!(candidates(&project, "renku session pause ").iter().all(|line| line.starts_with('-')));
    context.memory().resume(&name);
}

#[test]
fn a_real_bash_completes_a_name_at_tab() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = start(&project);
    let mut script = with_renku(&context, &project, "script");
    let mut bash = Terminal::new(&mut script, "exec bash --norc --noprofile -i");
    bash.keys("source <(renku completion bash); echo ready$((40 + 2))\n");
    bash.until("ready42", |_| ());
    bash.keys("renku session open --no-b\tanal\t");
    bash.until(&name, |bash| bash.keys("\t"));
    bash.keys("\n");
    bash.until("http://127.0.0.1:", |_| ());
}

#[test]
fn a_real_bash_completes_behind_an_equals_sign_and_files() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.write("my settings.yaml", "");
    let words = [
        ("renku session ls --format = js", "json"),
        ("renku session ls --format =", "table json yaml tsv log"),
        ("renku session start --config my", "my settings.yaml"),
        ("renku session res", "resume"),
    ];
    for (line, expected) in words {
        let ask = format!(
            "source <(renku completion bash); COMP_WORDS=({line}); \
             COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _renku; echo \"${{COMPREPLY[*]}}\""
        );
        let output = with_renku_again(&context, &project, "bash")
            .args(["--norc", "--noprofile", "-c", &ask])
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), expected, "{line}: {output:?}");
    }
}

#[test]
fn a_real_zsh_completes_a_name_at_tab() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = start(&project);
    let mut script = with_renku(&context, &project, "script");
    let mut zsh = Terminal::new(&mut script, "exec zsh -f -i");
    zsh.keys("autoload -Uz compinit; compinit -u; source <(renku completion zsh); echo ready$((40 + 2))\n");
    zsh.until("ready42", |_| ());
    zsh.keys("renku session open --no-browser anal\t");
    zsh.until(&name, |zsh| zsh.keys("\t"));
    zsh.keys("\n");
    zsh.until("http://127.0.0.1:", |_| ());
}

#[test]
fn a_real_fish_knows_names_values_and_files() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let name = start(&project);
    project.write("settings.yaml", "");
    let ask = |line: &str| {
        let script = format!("source (renku completion fish | psub); complete -C '{line}'");
        let output =
            with_renku_again(&context, &project, "fish").args(["-c", &script]).output().unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let begin = Instant::now();
    while ask("renku session stop ") != format!("{name}\tdocker, running\n") {
        assert!(begin.elapsed().as_secs() < 60, "{}", ask("renku session stop "));
    }
    assert_eq!(ask("renku session ls --format=js"), "--format=json\tFor programs, versioned\n");
    assert_eq!(ask("renku session start --config=set"), "--config=settings.yaml\n");
}

/// [`with_renku`] when the folder is there already.
fn with_renku_again(context: &Context, project: &Project<'_>, program: &str) -> Command {
    let _ = std::fs::remove_dir_all(context.folder().join("bin"));
    with_renku(context, project, program)
}

/// How long a question takes at the least, of several.
fn quickest(project: &Project<'_>, engine: &str) -> Duration {
    let ask = || {
        let begin = Instant::now();
        let run = project
            .renku(&["__complete", "renku", "session", "stop", ""])
            .env("DOCKER_HOST", engine)
            .run()
            .success();
        assert_eq!(run.stderr, "");
        assert!(run.stdout.lines().all(|line| line.starts_with('-')), "{}", run.stdout);
        begin.elapsed()
    };
    (0..20).map(|_| ask()).min().unwrap()
}

fn socket(folder: &Path) -> (UnixListener, String) {
    let path = folder.join("engine.sock");
    (UnixListener::bind(&path).unwrap(), format!("unix://{}", path.display()))
}

#[test]
fn an_engine_that_does_not_answer_delays_nobody() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    // Connections are accepted by the kernel and never answered.
    let (hanging, address) = socket(context.folder());
    assert!(quickest(&project, &address) < Duration::from_millis(100));
    drop(hanging);
    // Nobody listens there any more.
    assert!(quickest(&project, &address) < Duration::from_millis(100));
}

#[test]
fn an_engine_elsewhere_is_not_asked() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("tcp://{}", listener.local_addr().unwrap());
    let _ = quickest(&project, &address);
    listener.set_nonblocking(true).unwrap();
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn outside_a_project_there_are_no_names() {
    let context = Context::in_memory();
    let run = context
        .renku(context.folder(), &["__complete", "renku", "session", "open", ""])
        .run()
        .success();
    assert!(run.stdout.lines().all(|line| line.starts_with('-')), "{}", run.stdout);
    assert_eq!(run.stderr, "");
}

#[test]
fn completion_compiles_and_writes_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let cache = context.folder().join("cache");
    let _ = project
        .renku(&["__complete", "renku", "session", "stop", ""])
        .env("RENKU_CACHE_DIR", &cache)
        .run()
        .success();
    assert!(!cache.exists());
    assert!(!context.home().join(".config").exists());
}
