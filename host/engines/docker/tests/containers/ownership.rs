//! New files belong to the owner of the project, old ones keep their owner.

use std::os::unix::fs::{MetadataExt, chown};

use renku_session_contract::ContainerSpec;

use crate::fixture::Fixture;

/// Runs `script` in the project and gives what it wrote into `out`.
async fn run(fixture: &Fixture, script: &str) -> String {
    let containers = fixture.containers();
    let name = containers
        .start(ContainerSpec {
            mount_project: Some("/work/analysis".into()),
            working_directory: Some("/work/analysis".into()),
            ..fixture.spec("o", script)
        })
        .await
        .expect("start")
        .name;
    while containers.inspect(&name).await.expect("inspect").exit_code.is_none() {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    containers.stop(&name, 0).await.expect("stop");
    std::fs::read_to_string(fixture.project.path().join("out")).expect("out")
}

#[tokio::test]
async fn a_session_works_as_the_owner_who_is_a_whole_user_of_the_image() {
    let fixture = Fixture::new("owner").await;
    let root = fixture.project.path();
    std::fs::write(root.join("old"), "x").expect("old");
    let as_root = std::fs::metadata(root).expect("root").uid() == 0;
    if as_root {
        // Only root can give a directory away; anybody else owns it already.
        chown(root, Some(4321), Some(4300)).expect("chown");
    }
    let owner = std::fs::metadata(root).expect("root");
    let old = std::fs::metadata(root.join("old")).expect("old");
    let script = "mkdir $HOME/.local && (id -u; id -g; echo $HOME $USER; ls -ldn $HOME; cat /etc/passwd) > out";
    let out = run(&fixture, script).await;
    let (uid, gid) = (owner.uid(), owner.gid());
    let mut lines = out.lines();
    assert_eq!(lines.next(), Some(uid.to_string().as_str()));
    assert_eq!(lines.next(), Some(gid.to_string().as_str()));
    // The image has no list of users: it runs as root, whose home would be there.
    assert_eq!(lines.next(), Some("/root renku"));
    let home: Vec<&str> = lines.next().expect("ls").split_whitespace().collect();
    assert_eq!(home[0], "drwx------");
    assert_eq!(home[2..4], [uid.to_string(), gid.to_string()]);
    let row = format!("renku:x:{uid}:{gid}::/root:/bin/sh");
    assert_eq!(lines.next(), Some(row.as_str()));

    let new = std::fs::metadata(root.join("out")).expect("out");
    assert_eq!((new.uid(), new.gid()), (uid, gid));
    let after = std::fs::metadata(root).expect("root");
    assert_eq!((after.uid(), after.gid(), after.mode()), (uid, gid, owner.mode()));
    let after = std::fs::metadata(root.join("old")).expect("old");
    assert_eq!((after.uid(), after.gid()), (old.uid(), old.gid()));
}
