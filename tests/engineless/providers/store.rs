//! The store under bad conditions: it is whole, or says what is wrong.

use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use support::{Context, Variant};

use super::{add, files, installed, provider, store};

#[test]
fn adds_at_once_all_succeed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let running: Vec<_> = (0..8)
        .map(|number| {
            let file = Variant::of("recording")
                .version(&format!("1.{}.0", number / 2))
                .write(context.folder(), &format!("{number}.wasm"));
            let add = ["session", "provider", "add", &file, "--name", "recording"];
            context.renku(project.root(), &add).spawn()
        })
        .collect();
    for run in running {
        let _ = run.wait().success();
    }
    assert_eq!(installed(&project).len(), 4);
    assert_eq!(files(&context, "blobs/sha256").len(), 4);
    assert_eq!(files(&context, "receipts").len(), 4);
}

#[test]
fn killed_at_any_moment_the_next_command_works() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let mut killed = 0;
    for number in 0..60_u32 {
        let version = format!("1.{number}.0");
        let file = Variant::of("recording").version(&version).write(context.folder(), "k.wasm");
        let arguments = ["session", "provider", "add", &file];
        let run = context.renku(project.root(), &arguments).spawn();
        std::thread::sleep(Duration::from_micros(u64::from(number) * 400));
        run.signal("KILL");
        killed += u32::from(run.wait().status == -1);
        let _ = provider(&project, &["verify"]).success();
    }
    assert!(killed > 5, "only {killed} of 60 were killed in time");
    // Whatever was left behind goes with the next change, and nothing else.
    let last = Variant::of("recording").version("2.0.0").write(context.folder(), "k.wasm");
    let _ = add(&project, &last);
    let blobs = files(&context, "blobs/sha256");
    assert_eq!(blobs.len(), files(&context, "receipts").len(), "{blobs:?}");
    assert_eq!(blobs.len(), installed(&project).len());
}

#[test]
fn a_changed_file_is_never_loaded() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    let _ = project.session(&["ls", "-p", "recording"]).success();
    let blob = store(&context).join("blobs/sha256").join(&files(&context, "blobs/sha256")[0]);
    // A provider all the same, and the compiled code of the right one is cached.
    std::fs::write(&blob, Variant::of("recording").version("6.6.6").bytes()).unwrap();
    let refused = project.session(&["ls", "-p", "recording"]);
    insta::assert_snapshot!(refused.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the installed provider `recording` 1.0.0 is damaged and was not loaded
      [TEST]/home/.local/share/renku/providers/blobs/sha256/[BLOB].wasm: it was installed as sha256:[DIGEST] and is now sha256:[DIGEST]
    hint: run `renku session provider remove recording@1.0.0` and add it again from a source that you trust
    ");
    assert!(refused.calls().is_empty());
    let verified = provider(&project, &["verify"]).exits(1);
    assert!(verified.stderr.contains("error: 1 of 1 providers have problems"));
    let verified = provider(&project, &["verify", "--format", "json"]).exits(1).json();
    let problem = verified["checked"][0]["problem"].as_str().unwrap();
    assert!(problem.contains("is damaged"), "{problem}");
    // Adding the right file again repairs it.
    let _ = add(&project, &file);
    let _ = provider(&project, &["verify"]).success();
    let _ = project.session(&["ls", "-p", "recording"]).success();
}

#[test]
fn a_version_never_changes() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let first = Variant::of("recording").version("1.0.0");
    let _ = add(&project, &first.write(context.folder(), "a.wasm"));
    let other = first.section("note", b"changed").write(context.folder(), "a.wasm");
    let refused = provider(&project, &["add", &other]).exits(1);
    assert!(
        refused.stderr.contains("`recording` 1.0.0 is already installed, with different contents")
    );
    assert_eq!(files(&context, "blobs/sha256").len(), 1);
    let _ = provider(&project, &["verify"]).success();
}

#[test]
fn a_broken_record_does_not_hide_the_others() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let good = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &good);
    let _ = provider(&project, &["add", &good, "--name", "other"]).success();
    std::fs::write(store(&context).join("receipts/other@1.0.0.json"), b"{").unwrap();
    let list = provider(&project, &["list"]).success();
    assert!(list.stdout.contains("recording"), "{}", list.stdout);
    assert!(list.stderr.contains("cannot be used"), "{}", list.stderr);
    let _ = project.session(&["ls", "-p", "recording"]).success();
    let _ = project.session(&["ls", "-p", "other"]).exits(1);
    // With a record that cannot be read nobody knows which files are needed.
    let next = Variant::of("recording").version("1.1.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &next);
    assert_eq!(files(&context, "blobs/sha256").len(), 2);
}

#[test]
fn broken_providers_are_warnings_of_every_list() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let good = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    for name in ["record", "blob"] {
        let file = Variant::of("recording").version("1.0.0").section("note", name.as_bytes());
        let path = file.write(context.folder(), "b.wasm");
        let _ = provider(&project, &["add", &path, "--name", name]).success();
    }
    let _ = provider(&project, &["add", &good, "--name", "good"]).success();
    std::fs::write(store(&context).join("receipts/record@1.0.0.json"), b"{").unwrap();
    let info = provider(&project, &["info", "blob", "--format", "json"]).success().json();
    let digest = info["provider"]["digest"].as_str().unwrap().trim_start_matches("sha256:");
    std::fs::write(store(&context).join(format!("blobs/sha256/{digest}.wasm")), b"").unwrap();

    let list = project.session(&["ls", "--format", "json"]).success();
    let document = list.json();
    let warnings: Vec<(&str, &str)> = document["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["provider"].as_str().unwrap(), it["message"].as_str().unwrap()))
        .collect();
    let record = store(&context).join("receipts/record@1.0.0.json").display().to_string();
    let broken = format!("the record of an installed provider, `{record}`, cannot be used");
    let damaged = "the installed provider `blob` 1.0.0 is damaged and was not loaded";
    assert_eq!(warnings, [("record", broken.as_str()), ("blob", damaged)]);
    assert_eq!(document["sessions"][0]["provider"], "good");
    for command in [&["ls"][..], &["open", "nothing"], &["stop", "nothing"]] {
        let run = project.session(command);
        assert!(run.stderr.contains(&broken) && run.stderr.contains(damaged), "{}", run.stderr);
    }
}

/// A file system of the test's own, gone when the test ends.
struct Mount(PathBuf);

impl Mount {
    fn tmpfs(at: &Path, options: &str) -> Self {
        std::fs::create_dir_all(at).unwrap();
        let mount = Self(at.to_owned());
        mount.run(&["-t", "tmpfs", "-o", options, "renku-test"]);
        mount
    }

    fn remount(&self, options: &str) {
        self.run(&["-o", &format!("remount,{options}")]);
    }

    fn run(&self, arguments: &[&str]) {
        let status = Command::new("mount").args(arguments).arg(&self.0).status().unwrap();
        assert!(status.success(), "{status:?}: tests of full disks run as root");
        assert_eq!(status.signal(), None);
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_leaves_what_was_there() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let disk = Mount::tmpfs(&store(&context), "size=512k");
    let small = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &small);
    let large = Variant::of("recording")
        .version("2.0.0")
        .section("padding", &vec![7; 600 << 10])
        .write(context.folder(), "a.wasm");
    let refused = provider(&project, &["add", &large]).exits(1);
    assert!(refused.stderr.contains("No space left on device"), "{}", refused.stderr);
    assert!(refused.stderr.contains("hint: free some space"), "{}", refused.stderr);
    assert_eq!(installed(&project), ["recording 1.0.0"]);
    assert_eq!(files(&context, "blobs/sha256").len(), 1);
    let _ = provider(&project, &["verify"]).success();
    disk.remount("size=4m");
    let _ = add(&project, &large);
    assert_eq!(installed(&project), ["recording 2.0.0", "recording 1.0.0"]);
}

#[test]
fn a_home_that_cannot_be_written_to_can_be_read() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let home = Mount::tmpfs(&context.home(), "size=4m");
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "a.wasm");
    let _ = add(&project, &file);
    home.remount("ro");
    let _ = project.session(&["ls", "-p", "recording"]).success();
    let _ = provider(&project, &["verify"]).success();
    assert_eq!(installed(&project), ["recording 1.0.0"]);
    let refused = provider(&project, &["add", &file]).exits(1);
    assert!(refused.stderr.contains("Read-only file system"), "{}", refused.stderr);
    assert!(refused.stderr.contains("RENKU_DATA_DIR"), "{}", refused.stderr);
    // A permission that cannot be written down holds for this command.
    let hostile = support::fixture("hostile");
    let run = project.session(&["ls", "--yes", "-p", &hostile]).success();
    assert!(run.stderr.contains("Read-only file system"), "{}", run.stderr);
}
