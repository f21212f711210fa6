//! A session that ends before anybody has looked, and is removed by its engine.

use support::{Context, Project, httpd_image};

/// `session start` with the small web server image and other options.
fn start(project: &Project<'_>, options: &[&str]) -> String {
    let image = httpd_image();
    project.leaves_nothing(&[&["start", "--image", &image], options].concat())
}

#[test]
fn one_that_removes_itself_is_said_to_have_ended() {
    let context = Context::docker();
    let project = context.project("analysis");
    for script in ["exit 3", "sleep 1; exit 3"] {
        let config = context.config(&format!("command: [/bin/sh, -c, \"{script}\"]\n"));
        for network in [&[][..], &["--network", "none"]] {
            let printed = start(&project, &[&["-c", &config, "--rm"], network].concat());
            assert!(printed.starts_with("exit status: 1\n"), "{printed}");
            assert!(
                printed.contains("error: `analysis-[ID]` ended before it was ready: "),
                "{printed}"
            );
            assert!(
                printed.ends_with("hint: leave out `--rm` to see what it printed\n"),
                "{printed}"
            );
        }
    }
}
