//! Files that give authority count only when nobody else could have written them,
//! and state files that are something else are named.

use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use support::{Context, Project, Run, fixture};

/// Somebody else on this machine.
const BOB: u32 = 4242;

fn give_to(path: &Path, user: u32) {
    chown(path, Some(user), Some(user)).unwrap();
}

fn chmod(path: &Path, mode: u32) {
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

/// One that must not hang: a pipe that is read has no end.
#[track_caller]
fn within_20_s(project: &Project<'_>, line: &str) -> Run {
    let run = project.shell(&format!("timeout 20 {line}")).run();
    assert_ne!(run.status, 124, "{line} hung");
    run
}

/// A home with one of every file that gives authority, each with a command that
/// obeys it.
fn furnished(context: &Context, project: &Project<'_>) -> Vec<(PathBuf, Vec<String>)> {
    let (hostile, tool) = (fixture("hostile"), fixture("recording"));
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let key = project.session(&["provider", "sign", "--new-key", "--no-password"]).success();
    for line in [
        format!("session provider grant {hostile}"),
        format!("session provider trust add {} --name acme", key.stdout.trim()),
        "session origin add cluster https://cluster.example --credential none".to_owned(),
        format!("session provider add {tool} --name tool"),
        "config set --global cpu_request 1".to_owned(),
    ] {
        let words = words(&line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let _ = project.renku(&words).run().success();
    }
    let home = context.home();
    let key = home.join(".config/renku/session.key");
    std::fs::write(&key, format!("{}\n", "0b".repeat(32))).unwrap();
    chmod(&key, 0o600);
    let login = home.join(".config/renku/logins.json");
    std::fs::write(&login, "{\"version\":1,\"logins\":{}}").unwrap();
    chmod(&login, 0o600);
    let store = home.join(".local/share/renku/providers");
    let only = |folder: &str| {
        let entry = std::fs::read_dir(store.join(folder)).unwrap().next().unwrap();
        entry.unwrap().path()
    };
    vec![
        (home.join(".config/renku/grants.toml"), words(&format!("session ls -p {hostile}"))),
        (home.join(".config/renku/trusted-keys.toml"), words("session provider trust list")),
        (home.join(".config/renku/origins.json"), words("session origin list")),
        (login, words("whoami")),
        (key, words("session ls -p docker")),
        (home.join(".config/renku/renku.ini"), words("config list")),
        (only("receipts"), words("session ls -p tool")),
        (only("blobs/sha256"), words("session ls -p tool")),
    ]
}

fn run(project: &Project<'_>, command: &[String]) -> Run {
    let words: Vec<&str> = command.iter().map(String::as_str).collect();
    project.renku(&words).run()
}

#[test]
fn a_file_of_another_user_decides_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for (file, command) in furnished(&context, &project) {
        give_to(&file, BOB);
        let refused = run(&project, &command).exits(3);
        let said = format!("`{}` belongs to user 4242, so it is not used", file.display());
        assert!(refused.stderr.contains(&said), "{command:?}: {}", refused.stderr);
        assert!(refused.stderr.contains(&format!("`chown root {}`", file.display())));
        give_to(&file, 0);
        let again = run(&project, &command);
        assert!(!again.stderr.contains("decides nothing"), "{}", again.stderr);
    }
}

#[test]
fn a_file_that_others_can_write_to_decides_nothing() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    for (file, command) in furnished(&context, &project) {
        let before = file.metadata().unwrap().permissions();
        for mode in [0o620, 0o602] {
            chmod(&file, mode);
            let refused = run(&project, &command).exits(3);
            let mends = [
                format!("`chmod go-w {}`", file.display()),
                format!("`chmod 600 {}`", file.display()),
            ];
            assert!(
                mends.iter().any(|mend| refused.stderr.contains(mend)),
                "{command:?}: {}",
                refused.stderr
            );
        }
        std::fs::set_permissions(&file, before).unwrap();
    }
}

#[test]
fn each_folder_up_to_the_home_is_looked_at() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let home = context.home();
    for (file, command) in furnished(&context, &project) {
        let above = file.ancestors().skip(1).take_while(|it| it.starts_with(&home));
        for folder in above {
            let before = folder.metadata().unwrap().permissions();
            chmod(folder, 0o777);
            let refused = run(&project, &command).exits(3);
            let mend = format!("run `chmod o-w {}`", folder.display());
            assert!(refused.stderr.contains(&mend), "{command:?}: {}", refused.stderr);
            // Ordinary with a umask of 002, and `/tmp`.
            for mode in [0o775, 0o1777] {
                chmod(folder, mode);
                let run = run(&project, &command);
                assert!(!run.stderr.contains("decides nothing"), "{command:?}: {}", run.stderr);
            }
            std::fs::set_permissions(folder, before).unwrap();
            give_to(folder, BOB);
            let refused = run(&project, &command).exits(3);
            let said = format!("`{}` belongs to user 4242", folder.display());
            assert!(refused.stderr.contains(&said), "{command:?}: {}", refused.stderr);
            give_to(folder, 0);
        }
    }
}

/// In a folder where everybody can write, a link of somebody else leads to what we
/// have, but not for this.
#[test]
fn a_link_of_another_user_is_not_followed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let shared = context.folder().join("shared");
    std::fs::create_dir_all(shared.join("clone/renku")).unwrap();
    std::fs::write(shared.join("clone/renku/renku.ini"), "[interactive]\nimage = evil\n").unwrap();
    chmod(&shared, 0o1777);
    let link = shared.join("renku");
    std::os::unix::fs::symlink("clone/renku", &link).unwrap();
    let get = || project.renku(&["config", "get", "image"]).env("XDG_CONFIG_HOME", &shared).run();
    assert_eq!(get().success().stdout, "evil\n");
    std::os::unix::fs::lchown(&link, Some(BOB), Some(BOB)).unwrap();
    let refused = get().exits(3);
    assert!(refused.stderr.contains("renku` belongs to user 4242"), "{}", refused.stderr);
}

#[test]
fn doctor_mentions_a_folder_of_a_group_and_what_does_not_count() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let files = furnished(&context, &project);
    let folder = context.home().join(".config");
    chmod(&folder, 0o775);
    give_to(&files[0].0, BOB);
    let run = project.session(&["doctor", "--format", "json"]);
    let json = run.json();
    let messages: Vec<&str> = json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["message"].as_str().unwrap())
        .collect();
    let group = format!("the group of `{}` can change its contents", folder.display());
    assert!(messages.contains(&group.as_str()), "{messages:?}");
    assert!(messages.iter().any(|it| it.contains("grants.toml` belongs to user 4242")));
}

#[test]
fn root_with_the_home_of_a_user_obeys_and_makes_nothing_there() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let _ = project.renku(&["config", "set", "--global", "image", "old"]).run().success();
    for path in ["", ".config", ".config/renku", ".config/renku/renku.ini"] {
        give_to(&context.home().join(path), BOB);
    }
    let refused = project.renku(&["config", "set", "--global", "image", "new"]).run().exits(3);
    assert!(
        refused.stderr.contains("run it without `sudo`, or with a home of root's own (`sudo -H`)"),
        "{}",
        refused.stderr
    );
    let _ = project.renku(&["config", "get", "image"]).run().exits(3);
    // Nobody made a file that its user could not change.
    let names = std::fs::read_dir(context.home().join(".config/renku")).unwrap();
    let names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    assert!(!names.iter().any(|name| name == "session.key"), "{names:?}");
    let empty = context.folder().join("empty");
    std::fs::create_dir(&empty).unwrap();
    give_to(&empty, BOB);
    // Where nothing is, nothing is obeyed.
    let _ = project.renku(&["config", "list"]).env("HOME", &empty).run().success();
    let set = ["config", "set", "--global", "image", "new"];
    let _ = project.renku(&set).env("HOME", &empty).run().exits(3);
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
}

#[test]
fn a_relative_home_is_refused_and_the_project_stays_as_it_is() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    project.commit();
    for command in [
        &["session", "start", "--yes"][..],
        &["session", "ls"],
        &["config", "set", "--global", "image", "a"],
        &["session", "origin", "add", "a", "https://a.example", "--credential", "none"],
    ] {
        let refused = project.renku(command).env("HOME", "rel").run().exits(2);
        assert!(
            refused.stderr.contains("error: `HOME=rel` is not an absolute path"),
            "{}",
            refused.stderr
        );
    }
    // Relative directories of the specification never counted.
    let list = project.renku(&["config", "list"]).env("XDG_CONFIG_HOME", "rel").run();
    let _ = list.success();
    assert_eq!(project.git(&["status", "--porcelain"]), "");
}

#[test]
fn pipes_and_folders_in_the_place_of_state_files_are_named() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let mut files = furnished(&context, &project);
    let pin = project.session(&["provider", "pin", "tool"]).success();
    assert!(pin.stderr.contains("Pinned"), "{}", pin.stderr);
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    files.push((project.root().join("renku-providers.lock"), words("session provider list")));
    project.write(".renku/renku.ini", "");
    files.push((project.root().join(".renku/renku.ini"), words("config list")));
    for (file, command) in files {
        let kept = file.with_extension("kept");
        std::fs::rename(&file, &kept).unwrap();
        for make in ["mkfifo -m 600", "mkdir -m 700"] {
            let made = project.shell(&format!("{make} '{}'", file.display())).run();
            let _ = made.success();
            let run = within_20_s(&project, &format!("renku {}", command.join(" ")));
            assert_ne!(run.status, 0, "{command:?} with {make}");
            let what = if make.starts_with("mkfifo") { "a named pipe" } else { "a folder" };
            let said = format!("`{}` is {what}, not a file", file.display());
            assert!(run.stderr.contains(&said), "{command:?}: {}", run.stderr);
            assert!(!run.stderr.contains("Dockerfile"), "{}", run.stderr);
            let _ = std::fs::remove_dir(&file).or_else(|_| std::fs::remove_file(&file));
        }
        std::fs::rename(&kept, &file).unwrap();
    }
}

#[test]
fn with_a_umask_of_000_nothing_can_be_written_by_others() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let line = format!(
        "umask 000; renku config set --global image a && renku config set image b \
         && renku session origin add a https://a.example --credential none \
         && renku session provider grant {} && renku session provider add {} --name tool \
         && renku session provider pin tool && renku session provider sign --new-key --no-password",
        fixture("hostile"),
        fixture("recording")
    );
    let _ = project.shell(&line).run().success();
    let found =
        project.shell("find \"$HOME\" . -path ./.git -prune -o -perm /022 -type f -print").run();
    assert_eq!(found.success().stdout, "");
}

#[test]
fn a_full_disk_is_said_and_a_read_only_one_too() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let config = context.home().join(".config");
    std::fs::create_dir(&config).unwrap();
    // A mount that goes with the shell that made it.
    let on = |prepare: &str| {
        let line = format!(
            "unshare -m sh -c 'mount -t tmpfs -o size=64k,mode=700 tmpfs {0} && mkdir -m 700 {0}/renku \
             && {prepare}; renku config set --global image a'",
            config.display()
        );
        project.shell(&line).run().exits(1)
    };
    let full = on(&format!("(cat /dev/zero > {}/fill) 2> /dev/null", config.display()));
    insta::assert_snapshot!(full.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: there is no room on the disk to write `[TEST]/home/.config/renku/renku.ini`
      No space left on device (os error 28)
    hint: free some space there, or name another folder with `RENKU_CONFIG_DIR`
    ");
    let read_only = on(&format!("mount -o remount,ro {}", config.display()));
    insta::assert_snapshot!(read_only.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `[TEST]/home/.config/renku/renku.lock` cannot be written: its file system is read-only
      Read-only file system (os error 30)
    hint: make it writable, or name another folder with `RENKU_CONFIG_DIR`
    ");
}

#[test]
fn no_room_for_temporary_files_is_not_the_engines_fault() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let image = support::httpd_image();
    let start = ["session", "start", "--no-wait", "--image", &image, "--mount", "volume"];
    let run = project.renku(&start).env("TMPDIR", "/no/such/folder").run().exits(1);
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    Copying the project
    error: no temporary file can be written in `/no/such/folder`
      No such file or directory (os error 2)
    hint: run `mkdir -p /no/such/folder`, or name another folder with `TMPDIR`
    ");
    // There is one, and it is too small for the project.
    let small = context.folder().join("small");
    std::fs::create_dir(&small).unwrap();
    let line = format!(
        "unshare -m sh -c 'mount -t tmpfs -o size=4k tmpfs {0} && TMPDIR={0} renku {1}'",
        small.display(),
        start.join(" ")
    );
    insta::assert_snapshot!(project.shell(&line).run().exits(1).snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    Copying the project
    error: no temporary file can be written in `[TEST]/small`
      No space left on device (os error 28)
    hint: free some space there, or name another folder with `TMPDIR`
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
}
