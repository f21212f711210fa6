//! Nothing that a project's repository is set to runs on this computer, and nothing leads
//! out of it: each attack writes a file that must not be there.

mod settings;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde_json::json;
use settings::ATTACKS;
use support::{Context, Project, Run, executable, fixture};

/// No command of these needs longer, attacked or not.
const SOON: Duration = Duration::from_secs(20);

/// A project with a remote, one commit ahead of it, and a mark that attacks leave.
struct Ground<'a> {
    context: &'a Context,
    project: Project<'a>,
    mark: PathBuf,
}

impl<'a> Ground<'a> {
    fn new(context: &'a Context, name: &str) -> Self {
        let project = context.project("analysis");
        let bare = context.folder().join(format!("{name}.git"));
        let bare = bare.display().to_string();
        project.git(&["clone", "-q", "--bare", ".", &bare]);
        project.git(&["remote", "add", "origin", &bare]);
        project.git(&["push", "-q", "-u", "origin", "main"]);
        project.write("more", "1").commit();
        Self { context, project, mark: context.folder().join(format!("ran-{name}")) }
    }

    /// A command that leaves the mark.
    fn command(&self) -> String {
        format!("touch {}; false", self.mark.display())
    }

    /// A program in the project that leaves it.
    fn program(&self, path: &str) -> String {
        self.project.write(path, &format!("#!/bin/sh\n{}\n", self.command()));
        let file = self.project.root().join(path);
        executable(&file);
        file.display().to_string()
    }

    /// Adds lines to the configuration, as a session does that has it mounted.
    fn config(&self, lines: &str) {
        self.add(".git/config", lines);
    }

    fn add(&self, file: &str, lines: &str) {
        let path = self.project.root().join(file);
        let mut text = std::fs::read_to_string(&path).unwrap_or_default();
        text.push_str(lines);
        self.project.write(file, &text);
    }

    fn start(&self, what: &str, more: &[&str]) -> Run {
        let config = self.context.config(&json!({ "repository": what }).to_string());
        let requesting = fixture("requesting");
        let all = ["start", "--yes", "--image", "x", "-p", &requesting, "-c", &config];
        self.project.session(&[&all, more].concat())
    }

    /// Every command that asks git something.
    fn ask_all(&self) -> Vec<Run> {
        let config = self.context.config(&json!({ "repository": "status" }).to_string());
        let requesting = fixture("requesting");
        vec![
            self.project.session(&["ls", "--yes", "-p", &requesting, "-c", &config]),
            self.project.session(&["image"]),
            self.start("status", &["--dry-run"]),
            self.start("status", &["--no-changes"]),
            self.start("default-branch", &[]),
            self.start("push", &["--push"]),
            self.project.session(&["stop", "--all"]),
        ]
    }
}

#[test]
fn nothing_that_a_repository_is_set_to_runs() {
    let mut ran = Vec::new();
    for (number, (attack, lay)) in ATTACKS.into_iter().enumerate() {
        let context = Context::without_engine();
        let ground = Ground::new(&context, &number.to_string());
        lay(&ground);
        // Every file has to be looked at again.
        std::thread::sleep(Duration::from_millis(20));
        ground.project.write("more", "2");
        let begin = Instant::now();
        let runs = ground.ask_all();
        assert!(begin.elapsed() < SOON, "{attack} took {:?}", begin.elapsed());
        if ground.mark.exists() {
            ran.push(attack);
        }
        for run in runs {
            assert!([0, 1, 2, 3].contains(&run.status), "{attack}: {}", run.snapshot());
        }
    }
    assert_eq!(ran, Vec::<&str>::new());
}

#[test]
fn an_ssh_that_a_repository_names_is_not_run_for_who_can_be_asked() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    ground.project.git(&["remote", "set-url", "origin", "git@127.0.0.1:x.git"]);
    ground.config(&format!("[core]\nsshCommand = \"{}\"\n", ground.command()));
    let config = context.config(&json!({ "repository": "push" }).to_string());
    let requesting = fixture("requesting");
    let start = ["session", "start", "--yes", "--image", "x", "-p", &requesting, "-c", &config];
    let run = ground.project.renku(&start).on_a_terminal("y\n");
    assert!(run.stdout.contains("`git push` failed"), "{}", run.stdout);
    assert!(!ground.mark.exists());
}

/// A repository of the user that is none of the project's business, with a branch whose
/// name gives it away.
fn secret(context: &Context) -> PathBuf {
    let project = context.project("secret");
    project.git(&["switch", "-q", "-c", "hidden-branch"]);
    project.git(&["remote", "add", "origin", "https://git.example/hidden-remote.git"]);
    project.root().to_owned()
}

/// Everything that a provider learns of the repository, and all output for the user.
fn learned(ground: &Ground<'_>) -> String {
    ground.ask_all().iter().map(Run::snapshot).collect()
}

#[test]
fn another_repository_is_not_shown_through_a_project_that_names_it() {
    type Lay = fn(&Path, &Path);
    let ways: [(&str, Lay); 5] = [
        (".git", |root, secret| {
            std::fs::rename(root.join(".git"), root.join("git")).unwrap();
            std::fs::write(root.join(".git"), format!("gitdir: {}\n", secret.display())).unwrap();
        }),
        (".git as a link", |root, secret| {
            std::fs::rename(root.join(".git"), root.join("git")).unwrap();
            std::os::unix::fs::symlink(secret, root.join(".git")).unwrap();
        }),
        ("commondir", |root, secret| {
            std::fs::write(root.join(".git/commondir"), format!("{}\n", secret.display())).unwrap();
        }),
        ("worktree", |root, secret| {
            let own = root.join("own");
            std::fs::create_dir(&own).unwrap();
            std::fs::rename(root.join(".git"), root.join("git")).unwrap();
            std::fs::write(root.join(".git"), format!("gitdir: {}\n", own.display())).unwrap();
            std::fs::write(own.join("commondir"), format!("{}\n", secret.display())).unwrap();
            let entry = root.join(".git").display().to_string();
            std::fs::write(own.join("gitdir"), format!("{entry}\n")).unwrap();
            std::fs::write(own.join("HEAD"), "ref: refs/heads/hidden-branch\n").unwrap();
        }),
        ("references", |root, secret| {
            std::fs::remove_dir_all(root.join(".git/refs")).unwrap();
            std::os::unix::fs::symlink(secret.join("refs"), root.join(".git/refs")).unwrap();
            std::fs::write(root.join(".git/HEAD"), "ref: refs/heads/hidden-branch\n").unwrap();
        }),
    ];
    for (way, lay) in ways {
        let context = Context::without_engine();
        let ground = Ground::new(&context, "remote");
        let secret = secret(&context);
        let commit = ground.project.git(&["-C", secret.to_str().unwrap(), "rev-parse", "HEAD"]);
        lay(ground.project.root(), &secret.join(".git"));
        let learned = learned(&ground);
        for hint in ["hidden-remote", &commit[..7]] {
            assert!(!learned.contains(hint), "{way}: {learned}");
        }
    }
}

#[test]
fn a_store_of_objects_elsewhere_is_refused_with_what_to_do() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    let secret = secret(&context);
    let alternates = ground.project.root().join(".git/objects/info/alternates");
    std::fs::write(&alternates, format!("{}/.git/objects\n", secret.display())).unwrap();
    insta::assert_snapshot!(ground.start("status", &[]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: `[PROJECTS]/analysis/.git/objects/info/alternates` leads out of the repository of the project
      it leads to `[PROJECTS]/secret/.git/objects`
    hint: run `git repack -a -d && rm [PROJECTS]/analysis/.git/objects/info/alternates`
    ");
    // The command of the hint works, and the project with it.
    ground.project.git(&["repack", "-q", "-a", "-d"]);
    std::fs::remove_file(alternates).unwrap();
    let _ = ground.start("status", &[]).success();
}

#[test]
fn files_of_a_repository_that_are_none_keep_nobody_waiting() {
    for file in
        ["config", "HEAD", "index", "packed-refs", "info/exclude", "shallow", "refs/heads/main"]
    {
        for what in ["mkfifo", "ln -s /dev/zero"] {
            let context = Context::without_engine();
            let ground = Ground::new(&context, "remote");
            let path = ground.project.root().join(".git").join(file);
            let _ = std::fs::remove_file(&path);
            let line = format!("{what} {}", path.display());
            assert!(
                std::process::Command::new("sh").args(["-c", &line]).status().unwrap().success()
            );
            let begin = Instant::now();
            let run = ground.start("status", &[]);
            assert!(begin.elapsed() < SOON, "{what} {file}: {:?}", begin.elapsed());
            // A file that nothing is needed of is not read at all.
            let is_read = file != "packed-refs";
            assert_eq!(run.status != 0, is_read, "{what} {file}: {}", run.snapshot());
        }
    }
}

#[test]
fn a_program_of_the_project_is_not_taken_for_one_of_this_computer() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    let own = ground.program(".venv/bin/git");
    let bin = Path::new(&own).parent().unwrap().display().to_string();
    let path = std::env::var("PATH").unwrap();
    for search in [format!("{bin}:{path}"), format!(".venv/bin:{path}")] {
        let run = ground.project.renku(&["session", "image"]).env("PATH", search).run().success();
        assert!(run.stdout.starts_with("remote:"), "{}", run.snapshot());
    }
    assert!(!ground.mark.exists());
}

#[test]
fn no_program_gets_a_secret_of_ours() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    ground.project.git(&["remote", "set-url", "origin", "git@127.0.0.1:x.git"]);
    let seen = context.folder().join("seen");
    let programs = context.folder().join("programs");
    std::fs::create_dir(&programs).unwrap();
    for program in ["git", "ssh"] {
        let real = if program == "git" { "exec /usr/bin/git \"$@\"" } else { "exit 255" };
        let text = format!("#!/bin/sh\nenv >> {}\n{real}\n", seen.display());
        std::fs::write(programs.join(program), text).unwrap();
        executable(&programs.join(program));
    }
    let config = context.config(&json!({ "repository": "default-branch" }).to_string());
    let requesting = fixture("requesting");
    let start = ["session", "start", "--yes", "--image", "x", "-p", &requesting, "-c", &config];
    let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
    let run = ground.project.renku(&start).env("PATH", path);
    let run = run
        .env("RENKU_CLI_ACCESS_TOKEN", "t0ken-of-a-login")
        .env("RENKU_SIGNING_PASSWORD", "passw0rd-of-a-key")
        .run();
    let seen = std::fs::read_to_string(seen).unwrap();
    assert!(seen.contains("HOME="), "{}", run.snapshot());
    for secret in ["t0ken-of-a-login", "passw0rd-of-a-key"] {
        assert!(!seen.contains(secret), "{secret}");
    }
}

#[test]
fn addresses_are_shown_without_what_lets_somebody_in() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    for (address, shown) in [
        ("https://git.example/a.git?private_token=t0ken", "https://git.example/a.git"),
        ("user:t0ken@git.example:b.git", "user@git.example:b.git"),
        ("https://oauth2:t0ken@git.example/c.git", "https://git.example/c.git"),
    ] {
        ground.project.git(&["remote", "add", "other", address]);
        let run = ground.start("status", &["--format", "json"]).success();
        assert!(run.stdout.contains(shown), "{}", run.stdout);
        assert!(!run.stdout.contains("t0ken"), "{}", run.stdout);
        ground.project.git(&["remote", "remove", "other"]);
    }
    // Nor is it in the names that are made of the project's.
    ground.project.git(&[
        "remote",
        "set-url",
        "origin",
        "https://git.example/a.git?private_token=t0ken",
    ]);
    assert!(ground.project.session(&["image"]).success().stdout.starts_with("a:"));
}

#[test]
fn a_question_about_a_push_says_where_it_goes() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    ground.config(
        "[remote \"origin\"]\npushurl = https://jane:s3cret@evil.example/x.git\n\
         fetch = +refs/heads/other:refs/remotes/origin/main\n[branch \"main\"]\nmerge = refs/heads/other\n",
    );
    insta::assert_snapshot!(ground.start("push", &[]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: [file:[DIGEST]] there is no terminal to ask: Push the commits of `main` to `origin/other` (https://evil.example/x.git)?
    hint: [file:[DIGEST]] answer it with `--push`
    ");
}

#[test]
fn what_the_user_has_set_for_some_repositories_counts() {
    let context = Context::without_engine();
    let ground = Ground::new(&context, "remote");
    let bare = ground.project.git(&["remote", "get-url", "origin"]);
    ground.project.git(&["remote", "set-url", "origin", "https://git.example/group/x.git"]);
    let home = context.home();
    std::fs::write(
        home.join(".gitconfig"),
        format!("[includeIf \"gitdir:{}/\"]\npath = work\n", ground.project.root().display()),
    )
    .unwrap();
    std::fs::write(
        home.join("work"),
        format!("[url \"{bare}\"]\ninsteadOf = https://git.example/group/x.git\n"),
    )
    .unwrap();
    let run = ground.start("default-branch", &["--format", "json"]).success();
    assert!(run.stdout.contains("origin/main"), "{}", run.snapshot());
}
