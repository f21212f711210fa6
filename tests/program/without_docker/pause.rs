//! A session is frozen where its user may make control groups, and nowhere else.

use std::path::{Path, PathBuf};

use support::Context;

use super::ground::{Ground, USER, renku};

/// A control group that belongs to the user.
struct Group(PathBuf);

impl Group {
    /// None where the second version is not mounted for us to write.
    fn new() -> Option<Self> {
        let mounts = ["/sys/fs/cgroup/unified", "/sys/fs/cgroup"].map(Path::new);
        let mount = mounts.into_iter().find(|it| it.join("cgroup.controllers").exists())?;
        let path = mount.join(format!("renku-test-{}", std::process::id()));
        std::fs::create_dir(&path).ok()?;
        for file in ["", "cgroup.procs", "cgroup.subtree_control", "cgroup.threads"] {
            std::os::unix::fs::chown(path.join(file), Some(USER), Some(USER)).ok()?;
        }
        Some(Self(path))
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir(&self.0);
    }
}

#[test]
fn without_a_control_group_pause_says_why_it_cannot() {
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let session = ground.start(&[]);
    insta::assert_snapshot!(renku(&ground.project, &["pause", "-p", "local"]).run().snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: sessions on this engine cannot be paused: this system lets you make no control group (cgroup v2)
    hint: stop it, or leave it running
    ");
    assert!(session.listens());
}

#[test]
fn in_a_control_group_of_the_user_a_session_is_frozen_and_thawed() {
    let Some(group) = Group::new() else { return };
    let context = Context::docker();
    let ground = Ground::httpd(&context);
    let in_group = |arguments: &[&str]| renku(&ground.project, arguments).in_group(&group.0).run();
    let started = in_group(&ground.words(&[])).success().json();
    let session = super::ground::Started::of(&started);
    let _ = in_group(&["pause", "-p", "local"]).success();
    assert_eq!(ground.status(&session.name), "paused");
    let _ = in_group(&["resume", "-p", "local"]).success();
    assert_eq!(ground.status(&session.name), "running");
    assert_eq!(support::get(&session.url).status, 200);
    let _ = in_group(&["pause", "-p", "local"]).success();
    // Also what is frozen ends, and leaves no group.
    ground.stop(&session.name);
    assert!(!session.listens());
    let left = std::fs::read_dir(&group.0).unwrap().flatten().filter(|it| it.path().is_dir());
    assert_eq!(left.count(), 0);
}
