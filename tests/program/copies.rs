//! A copy of the project has a volume of its own: never one that somebody else
//! made, and never one with the work of a session that is gone.

use support::{Context, docker_ok, httpd_image};

#[test]
fn a_copy_goes_with_its_session() {
    let context = Context::new();
    let project = context.project("analysis");
    let image = httpd_image();
    let session = project.start(&["--no-wait", "--image", &image, "--mount", "volume"]);
    let name = session["name"].as_str().unwrap();
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
    let _ = project.session(&["stop"]).success();
    assert_eq!(project.volumes(), Vec::<String>::new());
}

#[test]
fn a_volume_that_is_there_already_is_neither_used_nor_removed() {
    let context = Context::new();
    let project = context.project("analysis");
    let (image, name) = (httpd_image(), format!("copied-{}", std::process::id()));
    let start = ["start", "--no-wait", "--image", &image, "--mount", "volume", "--name", &name];
    let _ = project.session(&start).success();
    // Its name is taken, which is the better advice.
    let shown = |text: &str| text.replace(&name, "[NAME]");
    insta::assert_snapshot!(shown(&project.session(&start).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    Session `[NAME]` of this project is running already; `renku session open [NAME]` opens it. Starting another
    error: a container called `[NAME]` exists already
    hint: choose another name with `--name`, or leave it out: one is made up then
    ");
    let _ = docker_ok(&["rm", "-f", &name]);
    insta::assert_snapshot!(shown(&project.session(&start).snapshot()), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: a volume called `renku-[NAME]` exists already
      no session uses it; it may hold the only copy of what was done in one
    hint: choose another name with `--name`; if nothing in it is needed, `docker volume rm renku-[NAME]` removes it
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    assert_eq!(project.volumes(), [format!("renku-{name}")]);
}
