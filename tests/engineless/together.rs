//! Many commands at once, and commands that were killed: nothing is lost, and nothing
//! is left.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use support::{Context, Project, Run, Variant, fixture};

/// All of them at the same time, and each with success.
#[track_caller]
fn together(project: &Project<'_>, commands: impl IntoIterator<Item = Vec<String>>) {
    let running: Vec<_> = commands
        .into_iter()
        .map(|words| {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            project.renku(&words).spawn()
        })
        .collect();
    for running in running {
        let _ = running.wait().success();
    }
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

#[test]
fn two_hundred_and_eighty_settings_at_once_are_all_there() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let keys =
        ["cpu_request", "mem_request", "disk_request", "gpu_request", "default_url", "image"];
    for (round, global) in
        (1..=24).map(|round| (round, "")).chain((1..=23).map(|it| (it, "--global ")))
    {
        let value = |key: &str| match key {
            "mem_request" | "disk_request" => format!("{round}Gi"),
            "default_url" => format!("/{round}"),
            "image" => format!("image:{round}"),
            _ => round.to_string(),
        };
        let set = |key: &&str| words(&format!("config set {global}{key} {}", value(key)));
        together(&project, keys.iter().map(set));
        let file = match global {
            "" => project.root().join(".renku/renku.ini"),
            _ => context.home().join(".config/renku/renku.ini"),
        };
        let text = std::fs::read_to_string(file).unwrap();
        for key in keys {
            let line = format!("{key} = {}\n", value(key));
            assert!(text.contains(&line), "round {round} lost `{line}`:\n{text}");
        }
    }
}

#[test]
fn twenty_at_once_are_all_pinned_allowed_and_trusted() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let files: Vec<String> = (0..20)
        .map(|number| {
            let name = format!("tool{number}.wasm");
            let note = number.to_string();
            Variant::of("requesting")
                .section("note", note.as_bytes())
                .write(context.folder(), &name)
        })
        .collect();
    let numbered = || files.iter().enumerate();
    together(
        &project,
        numbered()
            .map(|(number, file)| words(&format!("session provider add {file} --name a{number}"))),
    );
    let list = |what: &str, key: &str| {
        let json = project.session(
            &[
                &words(what).iter().map(String::as_str).collect::<Vec<_>>()[..],
                &["--format", "json"],
            ]
            .concat(),
        );
        json.success().json()[key].as_array().unwrap().clone()
    };
    let installed = list("provider list", "providers");
    assert_eq!(installed.iter().filter(|it| it["origin"] == "installed").count(), 20);

    together(&project, (0..20).map(|number| words(&format!("session provider pin a{number}"))));
    let text = project.read("renku-providers.lock");
    assert_eq!(text.matches("[[provider]]").count(), 20, "{text}");

    together(&project, (0..20).map(|number| words(&format!("session provider grant a{number}"))));
    let grants = context.home().join(".config/renku/grants.toml");
    let text = std::fs::read_to_string(grants).unwrap();
    assert_eq!(text.matches("[[grant]]").count(), 20, "{text}");

    let keys: Vec<String> = (0..20)
        .map(|number| {
            let key = format!("{}/key{number}", context.folder().display());
            let made = ["provider", "sign", "--new-key", "--no-password", "--key", &key];
            project.session(&made).success().stdout.trim().to_owned()
        })
        .collect();
    together(
        &project,
        keys.iter().enumerate().map(|(number, key)| {
            words(&format!("session provider trust add {key} --name author{number}"))
        }),
    );
    assert_eq!(list("provider trust list", "keys").len(), 20);
}

#[test]
fn twenty_origins_and_twenty_providers_of_one_at_once_are_all_there() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let tool = fixture("requesting");
    for number in 0..20 {
        let name = format!("a{number}");
        let _ = project.session(&["provider", "add", "--yes", &tool, "--name", &name]).success();
    }
    let add = |name: &str, number: usize| {
        words(&format!(
            "session origin add {name} https://c.example --credential none --for a{number}"
        ))
    };
    together(&project, (0..20).map(|number| add(&format!("o{number}"), number)));
    together(&project, (0..20).map(|number| add("shared", number)));
    let listed = project.session(&["origin", "list", "--format", "json"]).success().json();
    let origins = listed["origins"].as_array().unwrap();
    assert_eq!(origins.len(), 21);
    let shared = origins.iter().find(|it| it["name"] == "shared").unwrap();
    assert_eq!(shared["providers"].as_array().unwrap().len(), 20);
}

#[test]
fn who_holds_a_lock_for_too_long_is_named() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let lock = context.home().join(".config/renku/origins.lock");
    std::fs::create_dir_all(lock.parent().unwrap()).unwrap();
    // It goes with the test: its standard input ends.
    let mut holder = std::process::Command::new("flock")
        .arg(&lock)
        .args(["-c", "echo held; read end"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = [0; 5];
    std::io::Read::read_exact(holder.stdout.as_mut().unwrap(), &mut said).unwrap();
    let add = ["origin", "add", "a", "https://a.example", "--credential", "none"];
    let busy = project.session(&add).exits(1);
    let holder_id = holder.id();
    let _ = holder.kill();
    let _ = holder.wait();
    let expected = format!(
        "error: another program is changing `{}`\n  `flock` (process {holder_id}) has held the lock for more than 30 s\n\
         hint: wait for it, or end it with `kill {holder_id}`\n",
        lock.display()
    );
    assert_eq!(busy.stderr, expected);
    let _ = project.session(&add).success();
}

/// Everything in a folder, but what git keeps there.
fn files(folder: &Path) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true if path.ends_with(".git") => {}
                true => folders.push(path),
                false => drop(found.insert(path)),
            }
        }
    }
    found
}

/// Runs it as often as it takes until it is killed while it writes: no file of it may
/// grow beyond nothing, and the system kills who tries (setrlimit(2), `RLIMIT_FSIZE`).
#[track_caller]
fn killed(project: &Project<'_>, line: &str) -> Run {
    let run = project.shell(&format!("ulimit -f 0; exec renku {line}")).run();
    assert_eq!(run.status, -1, "`{line}` was not killed: {}", run.stderr);
    run
}

#[test]
fn a_killed_command_leaves_nothing_after_the_next_one() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let (tool, hostile) = (fixture("recording"), fixture("hostile"));
    let origin = "--credential bearer --secret-env HOME";
    // Each next command changes the same file; what the first killed one leaves has
    // no name yet.
    for (line, next) in [
        ("config set image a".to_owned(), "config set image b".to_owned()),
        ("config set --global image a".to_owned(), "config set --global image b".to_owned()),
        (
            format!("session origin add a https://a.example {origin}"),
            format!("session origin add b https://b.example {origin}"),
        ),
        (format!("session provider grant {hostile}"), format!("session provider grant {hostile}")),
        (
            format!("session provider add {tool} --name one"),
            format!("session provider add {tool} --name two"),
        ),
        ("session provider pin two".to_owned(), "session provider pin two".to_owned()),
    ] {
        let _ = killed(&project, &line);
        let everything = || &files(&context.home()) | &files(project.root());
        let temporary = |path: &PathBuf| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(".renku-new-") || name.starts_with(".tmp") || name.starts_with(".new-")
        };
        assert_eq!(everything().iter().filter(|it| temporary(it)).count(), 1, "{line}");
        let _ = project.shell(&format!("renku {next}")).run().success();
        let left: Vec<_> = everything().into_iter().filter(temporary).collect();
        assert_eq!(left, Vec::<PathBuf>::new(), "{line}");
    }
}

/// Another command is enough where its own never comes back.
#[test]
fn a_killed_command_is_cleaned_up_by_another_one_of_the_same_folder() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = killed(
        &project,
        "session origin add a https://a.example --credential bearer --secret-env HOME",
    );
    let _ = project.session(&["provider", "grant", &fixture("hostile")]).success();
    let folder = context.home().join(".config/renku");
    let names: BTreeSet<_> =
        files(&folder).iter().map(|path| path.file_name().unwrap().to_owned()).collect();
    assert_eq!(
        names,
        ["grants.lock", "grants.toml", "origins.lock"].map(std::ffi::OsString::from).into()
    );
}
