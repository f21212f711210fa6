//! The session's user is a whole user of the image: name, home with the image's contents,
//! and new files that belong to the owner of the project, whoever that is.

use std::os::unix::fs::MetadataExt as _;

use support::{Context, Project, docker, docker_ok, jupyter_image};

/// Somebody whom no image knows.
const ANN: (u32, u32) = (4321, 4300);

fn start<'a>(context: &'a Context, name: &str, dockerfile: &str) -> (Project<'a>, String) {
    let project = context.project(name);
    project.write("Dockerfile", dockerfile).commit();
    project.owned_by(ANN.0, ANN.1);
    let session = project.start(&[]);
    (project, session["name"].as_str().unwrap().to_owned())
}

fn inside(session: &str, line: &str) -> String {
    docker_ok(&["exec", session, "sh", "-c", line])
}

#[test]
fn what_the_image_has_in_its_user_s_home_is_there_and_theirs() {
    let context = Context::docker();
    let dockerfile = format!(
        "FROM {}\nRUN mkdir -p ~/.config && echo kept > ~/.config/of-the-image && chmod 700 ~\n",
        jupyter_image()
    );
    let (project, session) = start(&context, "person-home", &dockerfile);
    let told = inside(
        &session,
        "whoami; echo $HOME; cat ~/.config/of-the-image; stat -c %u:%g ~/.config/of-the-image; \
         echo x > ~/new && id -u && id -g; touch made",
    );
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines, ["jovyan", "/home/jovyan", "kept", "4321:4300", "4321", "4300"]);
    let made = project.root().join("made").metadata().unwrap();
    assert_eq!((made.uid(), made.gid()), ANN);
    // What the image gives to the group of its user stays theirs.
    assert!(inside(&session, "id -G").split(' ').any(|group| group == "100"));
}

#[test]
fn an_image_of_root_gets_a_user_with_a_name() {
    let context = Context::docker();
    let dockerfile = format!(
        "FROM {}\nUSER root\nENV HOME=/root\nRUN echo of-root > /root/settings\n",
        jupyter_image()
    );
    let (_project, session) = start(&context, "person-root", &dockerfile);
    assert_eq!(inside(&session, "whoami; cat ~/settings; id -u"), "renku\nof-root\n4321");
}

#[test]
fn what_is_made_for_a_user_does_not_show_and_goes_with_the_image() {
    let context = Context::docker();
    let (project, session) =
        start(&context, "person-image", &format!("FROM {}\n", jupyter_image()));
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert_eq!(listed["sessions"][0]["image"], format!("person-image:{commit}"));
    let made = docker_ok(&["inspect", "-f", "{{.Config.Image}}", &session]);
    assert!(made.starts_with("renku-session-user:"), "{made}");
    let kept = project.session(&["image", "prune", "--all", "--yes"]).success();
    assert!(!kept.stderr.contains("renku-session-user"), "{}", kept.stderr);
    assert!(docker(&["image", "inspect", &made]).success, "a session uses it");
    project.session(&["stop", "--yes"]).success();
    project.session(&["image", "prune", "--all", "--yes"]).success();
    assert!(!docker(&["image", "inspect", &made]).success);
}

#[test]
fn a_later_start_makes_nothing() {
    let context = Context::docker();
    let (project, first) = start(&context, "person-again", &format!("FROM {}\n", jupyter_image()));
    project.session(&["stop", &first]).success();
    let again = project.session(&["start", "--yes", "-v"]).success();
    assert!(!again.stderr.contains("Making you a user"), "{}", again.stderr);
    let left = docker_ok(&["ps", "-aq", "--filter", "name=renku-session-user-"]);
    assert_eq!(left, "", "nothing that was only needed for the image is left");
}

#[test]
fn an_image_that_must_begin_as_root_is_told_whom_to_become() {
    let context = Context::docker();
    let init = "#!/bin/sh\\nmkdir -p /var/run/s6 || exit 1\\necho $USERID:$GROUPID > /www/owner\\n\
                exec httpd -f -p 8787 -h /www\\n";
    let dockerfile = format!(
        "FROM {}\nRUN printf '{init}' > /init && chmod 755 /init\nEXPOSE 8787\nCMD [\"/init\"]\n",
        support::httpd_image()
    );
    let (_project, session) = start(&context, "person-init", &dockerfile);
    assert_eq!(inside(&session, "cat /www/owner; cat /proc/1/cmdline | tr '\\0' ' '"), {
        "4321:4300\nhttpd -f -p 8787 -h /www"
    });
}
