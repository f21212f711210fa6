//! Images of all kinds, and projects with all kinds of names.

use support::{Context, get, httpd_image};

#[test]
fn an_image_whose_program_is_a_bare_interpreter_gets_jupyter() {
    let context = Context::docker();
    let project = context.project("interpreter");
    project.write("Dockerfile", "FROM renku-test/python\n").commit();
    let session = project.start(&[]);
    let page = get(session["url"].as_str().unwrap());
    assert_eq!(page.status, 200);
    assert!(page.body.contains("jupyter-config-data"));
}

#[test]
fn an_image_that_is_not_jupyter_opens_at_its_own_page() {
    let context = Context::docker();
    let project = context.project("web");
    let session = project.start(&["--image", &httpd_image()]);
    assert_eq!(session["ports"][0]["container"], 8080);
    let url = session["url"].as_str().unwrap();
    assert!(url.contains("/?token="), "{url}");
    assert_eq!(get(url).status, 200);
}

#[test]
fn configuration_chooses_program_port_and_page() {
    let context = Context::docker();
    let project = context.project("configured");
    let config = context.config(
        "command: httpd -f -p 9000 -h /www\nport: 9000\ndefault_url: /index.html\nready_path: /index.html\n",
    );
    let session = project.start(&["--image", &httpd_image(), "-c", &config]);
    // EXPOSE of the image is listed, too, and published nowhere.
    let published =
        session["ports"].as_array().unwrap().iter().find(|port| !port["host"].is_null());
    assert_eq!(published.unwrap()["container"], 9000);
    let url = session["url"].as_str().unwrap();
    assert!(url.contains("/index.html?token="), "{url}");
    assert_eq!(get(url).status, 200);
}

#[test]
fn a_dirty_tree_is_never_mistaken_for_its_commit() {
    let context = Context::docker();
    let project = context.project("dirty");
    let clean = project.start(&["--no-wait"]);
    project.write("new.txt", "not committed");
    let dirty = project.start(&["--no-wait"]);
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(clean["image"], format!("dirty:{commit}"));
    let tag = dirty["image"].as_str().unwrap();
    let (before, state) = tag.rsplit_once('-').unwrap();
    assert_eq!(before, format!("dirty:{commit}"));
    assert_eq!(state.len(), 7);
    // The same state has the same image, which is there: nothing is asked.
    let again = project.session(&["start", "--no-wait", "--format", "json"]).success().json();
    assert_eq!(again["session"]["image"], tag);
}

#[test]
fn names_of_projects_become_names_of_images_and_containers() {
    for (folder, slug) in [
        ("My Analysis 2", "my-analysis-2"),
        ("Ökonomie", "okonomie"),
        (".hidden..name", "hidden-name"),
        ("1st", "p-1st"),
    ] {
        let context = Context::docker();
        let project = context.project(folder);
        let session = project.start(&["--no-wait"]);
        let name = session["name"].as_str().unwrap();
        let (start, random) = name.rsplit_once('-').unwrap();
        assert_eq!((start, random.len()), (slug, 5), "{name}");
        assert_eq!(session["project"], folder);
        assert_eq!(project.containers(), [name]);
    }
}
