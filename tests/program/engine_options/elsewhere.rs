//! Options that other engines take in another place, or not at all, and over every
//! kind of connection.

use support::{Context, Renku, httpd_image, podman, rootless_podman, second_docker};

use super::address;

/// Starts a session with these options, and gives its name.
fn start<'a>(renku: &impl Fn(&[&str]) -> Renku<'a>, more: &[&str]) -> String {
    let image = httpd_image();
    let words = ["session", "start", "--no-wait", "--mount", "none", "--format", "json"];
    let run = renku(&[&words[..], &["--image", &image], more].concat()).run().success();
    run.json()["session"]["name"].as_str().unwrap().to_owned()
}

fn stop<'a>(renku: &impl Fn(&[&str]) -> Renku<'a>) {
    let _ = renku(&["session", "stop", "--yes"]).run().success();
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn podman_sets_a_hardware_address_and_is_asked_for_no_limit_that_it_leaves_out() {
    let context = Context::docker();
    for engine in [podman(), rootless_podman()] {
        let project = context.project("podman-fields");
        let renku = |words: &[&str]| project.renku(words).env("DOCKER_HOST", &engine.host);
        let address = address(&project);
        let name = start(&renku, &["--mac-address", &address]);
        let seen = engine.docker(&["exec", &name, "cat", "/sys/class/net/eth0/address"]);
        assert_eq!(seen, address);
        stop(&renku);

        let image = httpd_image();
        let words = ["session", "start", "--image", &image, "--mount", "none"];
        let refused = renku(&[&words[..], &["--kernel-memory", "50m"]].concat()).run();
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused.snapshot(), @r"
            exit status: 1
            --- stdout
            --- stderr
            error: this engine cannot set `--kernel-memory`
              Docker since 23 and Podman ignore it: kernel memory counts as part of `--memory`
            hint: leave out `--kernel-memory`, or add `--best-effort`
            ");
        }
        let _ = start(&renku, &["--kernel-memory", "50m", "--best-effort"]);
        stop(&renku);
    }
}

/// An engine of today takes a hardware address in a field of its own, one of before
/// in one that our client library does not have: such a request is sent without it.
#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn every_kind_of_connection_carries_such_options() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("fields");
    let address = address(&project);
    let over_tls = |words: &[&str]| {
        let host = format!("tcp://127.0.0.1:{}", engine.tls_port());
        let renku = project.renku(words).env("DOCKER_HOST", host).env("DOCKER_TLS_VERIFY", "1");
        renku.env("DOCKER_CERT_PATH", engine.directory.join("certificates"))
    };
    let over_ssh = |words: &[&str]| {
        project.renku(words).env("DOCKER_HOST", engine.ssh()).env("PATH", engine.path())
    };
    let of = |name: &str| engine.docker(&["exec", name, "cat", "/sys/class/net/eth0/address"]);
    assert_eq!(of(&start(&over_tls, &["--mac-address", &address])), address);
    stop(&over_tls);
    assert_eq!(of(&start(&over_ssh, &["--mac-address", &address])), address);
    stop(&over_ssh);
}
