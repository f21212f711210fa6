//! What options may not do: replace a session's secret, or arm an image that a provider
//! chose.

use serde_json::json;
use support::{Context, Registry, docker, fixture, httpd_image};

use super::{inspect, start};

#[test]
fn the_secret_of_a_session_is_not_replaced() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = start(&project, &["--env", "JUPYTER_TOKEN=mine"]).exits(2);
    assert_eq!(
        run.json()["error"]["message"],
        json!("`--env JUPYTER_TOKEN` cannot be set: the session keeps its own secret in it")
    );
    let other = start(&project, &["--env", "GIT_AUTHOR_NAME=Somebody Else"]).success();
    let container = inspect(&other);
    let environment = container["Config"]["Env"].as_array().unwrap();
    assert!(environment.contains(&json!("GIT_AUTHOR_NAME=Somebody Else")));
}

/// A provider that is not bundled cannot choose what the user's dangerous options
/// are used with.
#[test]
fn dangerous_options_need_an_image_that_the_user_named() {
    let context = Context::docker();
    let project = context.project("analysis");
    let image = httpd_image();
    let hostile = fixture("hostile");
    let config = context.config(&format!("image: {image}\n"));
    let start = |more: &[&str]| {
        let mut words = vec!["start", "--no-wait", "--yes", "--format", "json", "-p", &hostile];
        words.extend(["-c", &config, "--cap-add", "SYS_PTRACE"]);
        words.extend(more);
        project.session(&words)
    };
    for more in [&[][..], &["--image", "another:1"]] {
        let error = start(more).exits(3).json()["error"].clone();
        assert_eq!(error["kind"], json!("denied"));
        assert_eq!(
            error["message"],
            json!("`--cap-add SYS_PTRACE` may not be used with an image that you did not name")
        );
        assert_eq!(
            error["hint"],
            json!(format!("if you trust `{image}` with that, add `--image {image}`"))
        );
        let shown = error["causes"].as_array().unwrap();
        assert!(
            shown.iter().any(|line| line.as_str().unwrap().contains("SYS_PTRACE")),
            "{shown:?}"
        );
        assert_eq!(project.containers(), Vec::<String>::new());
    }
    let container = inspect(&start(&["--image", &image]).success());
    assert_eq!(container["HostConfig"]["CapAdd"], json!(["SYS_PTRACE"]));
}

/// The same where the image is not here yet: nobody waits for a pull or a build, or
/// answers a question, only to be refused.
#[test]
fn dangerous_options_are_refused_before_anything_is_pulled_or_built() {
    let context = Context::docker();
    let project = context.project("analysis");
    // The component of `docker`, as anybody's.
    let provider = fixture("../docker");
    let start = |registry: &str, more: &[&str]| {
        let mut words = vec!["session", "start", "-p", &provider, "--cap-add", "SYS_PTRACE"];
        words.extend(more);
        let run = project.renku(&words).env("RENKU_SESSION_START_YES", "1");
        run.env("RENKU_IMAGE_REGISTRY", registry).run()
    };
    insta::assert_snapshot!(start("", &[]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: `--cap-add SYS_PTRACE` may not be used with an image that you did not name
      the provider wants `analysis:[COMMIT7]`, which is not here yet
    hint: leave that out, or name an image that you trust with it: `--image IMAGE`
    ");
    let commit = project.git(&["rev-parse", "--short=7", "HEAD"]);
    assert!(!docker(&["image", "inspect", &format!("analysis:{commit}")]).success);

    let registry = Registry::open();
    let image = registry.push(&httpd_image(), &format!("analysis:{commit}"));
    let refused = start(&registry.host(), &["--format", "json"]).exits(3);
    let cause = format!("the provider wants `{image}`, which is not here yet");
    assert_eq!(refused.json()["error"]["causes"], json!([cause]));
    assert!(!refused.stderr.contains("Pulling"), "{}", refused.stderr);
    assert!(!docker(&["image", "inspect", &image]).success);
    // What was typed is pulled, and started with it.
    let run = start(&registry.host(), &["--image", &image, "--no-wait", "--format", "json"]);
    assert_eq!(inspect(&run.success())["HostConfig"]["CapAdd"], json!(["SYS_PTRACE"]));
}
