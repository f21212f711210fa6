//! A real JupyterLab.

use std::os::unix::fs::MetadataExt as _;

use support::{Context, Kernel, get};

use super::ground::{Ground, USER, processes_with, renku};

#[test]
fn jupyterlab_runs_for_an_ordinary_user_and_leaves_nothing() {
    let context = Context::docker();
    let ground = Ground::new(&context, support::jupyter_image());
    let project = &ground.project;
    let session = ground.start(&[]);
    let (name, url) = (&session.name, &session.url);

    assert!(get(url).body.contains("jupyter-config-data"));
    let (bare, token) = url.split_once("?token=").unwrap();
    assert_eq!(get(&bare.replace("/lab", "/api/contents")).status, 403);
    assert_eq!(processes_with(token), Vec::new());

    Kernel::start(url).execute("open('answer.txt', 'w').write(str(6 * 7))");
    assert_eq!(project.read("answer.txt"), "42");
    let metadata = project.root().join("answer.txt").metadata().unwrap();
    assert_eq!((metadata.uid(), metadata.gid()), (USER, USER));

    assert_eq!(ground.status(name), "running");
    let log = renku(project, &["logs", "-p", "local", name]).run().success();
    assert!(log.stdout.contains("Jupyter Server"), "{}", log.stdout);
    assert!(!log.stdout.contains(token), "{}", log.stdout);

    let folder = ground.folder(name);
    let folder = folder.to_str().unwrap();
    assert_eq!(processes_with(folder).len(), 1, "its supervisor");
    ground.stop(name);
    assert_eq!(processes_with(folder), Vec::new());
    assert_eq!(ground.left(), Vec::<String>::new());
    assert!(!session.listens(), "its port is free again");
}
