//! A real JupyterLab: it opens with its token alone, and what its kernels write
//! is in the project and belongs to the user.

use std::os::unix::fs::MetadataExt as _;

use support::{Context, Kernel, Project, get};

/// Owner and group of a file.
fn owner(project: &Project<'_>, file: &str) -> (u32, u32) {
    let metadata = project.root().join(file).metadata().unwrap();
    (metadata.uid(), metadata.gid())
}

fn url(session: &serde_json::Value) -> &str {
    session["url"].as_str().unwrap()
}

#[test]
fn it_opens_with_its_token_and_not_without() {
    let context = Context::docker();
    let project = context.project("lab-token");
    let session = project.start(&[]);
    let page = get(url(&session));
    assert_eq!(page.status, 200);
    assert!(page.body.contains("jupyter-config-data"), "{}", page.body);

    let (bare, token) = url(&session).split_once("?token=").unwrap();
    let wrong = token.chars().rev().collect::<String>();
    for refused in [bare.to_owned(), format!("{bare}?token={wrong}")] {
        let page = get(&refused);
        assert!(!page.body.contains("jupyter-config-data"), "{refused}: {}", page.body);
    }
    let api = bare.replace("/lab", "/api/contents");
    assert_eq!(get(&api).status, 403);
    assert_eq!(get(&format!("{api}?token={token}")).status, 200);

    // The token is in no place that others on this machine can read.
    let name = session["name"].as_str().unwrap();
    let seen =
        support::docker_ok(&["inspect", "-f", "{{.Path}} {{.Args}} {{.Config.Labels}}", name]);
    assert!(!seen.contains(token), "{seen}");
}

#[test]
fn a_kernel_writes_into_the_project_of_root() {
    let context = Context::docker();
    let project = context.project("kernel-root");
    let session = project.start(&[]);
    Kernel::start(url(&session)).execute("open('answer.txt', 'w').write(str(6 * 7))");
    assert_eq!(project.read("answer.txt"), "42");
    assert_eq!(owner(&project, "answer.txt"), owner(&project, "Dockerfile"));
    assert_eq!(project.git(&["status", "--porcelain"]), "?? answer.txt");
}

#[test]
fn a_kernel_writes_into_the_project_of_an_ordinary_user() {
    let context = Context::docker();
    let project = context.project("kernel-user");
    project.write("data/values.csv", "1,2\n").write("notes.txt", "mine\n").commit();
    project.owned_by(4321, 4322);
    std::os::unix::fs::chown(project.root().join("notes.txt"), Some(4321), Some(4444)).unwrap();

    let session = project.start(&[]);
    Kernel::start(url(&session)).execute(
        "import os\n\
         os.makedirs('results')\n\
         open('results/answer.txt', 'w').write(open('data/values.csv').read())\n\
         open('notes.txt', 'a').write('and the kernel wrote this\\n')\n",
    );
    assert_eq!(project.read("results/answer.txt"), "1,2\n");
    assert_eq!(project.read("notes.txt"), "mine\nand the kernel wrote this\n");
    assert_eq!(owner(&project, "results"), (4321, 4322));
    assert_eq!(owner(&project, "results/answer.txt"), (4321, 4322));
    // What was there keeps its owner and its group.
    assert_eq!(owner(&project, "notes.txt"), (4321, 4444));
    assert_eq!(owner(&project, "data/values.csv"), (4321, 4322));
    assert_eq!(owner(&project, ".git/config"), (4321, 4322));
    assert_eq!(project.git(&["status", "--porcelain"]), "M notes.txt\n?? results/");

    let _ = project.session(&["stop", "--yes"]).success();
    assert_eq!(project.git(&["status", "--porcelain"]), "M notes.txt\n?? results/");
}
