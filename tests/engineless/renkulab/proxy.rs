//! Through the proxy of an institute: RenkuLab is reached by a tunnel, and the proxy
//! never sees what is in it.

use support::renkulab::{NAME, RenkuLab};
use support::{ConnectProxy, Project, Run};

use super::ground::Ground;

/// A RenkuLab with TLS, and the project bound to it there.
fn ground() -> Ground {
    Ground::on(RenkuLab::start_tls())
}

fn address(ground: &Ground) -> String {
    ground.lab.url().trim_start_matches("https://").to_owned()
}

/// `ls` of a RenkuLab at `url`, with `proxy` for TLS and without one for `except`.
fn ls(
    ground: &Ground,
    project: &Project<'_>,
    url: &str,
    proxy: &ConnectProxy,
    except: &str,
) -> Run {
    let run = ground
        .command(project, &["ls", "-p", "renkulab", "--timeout", "30s"])
        .env("RENKU_CLI_RENKU_URL", url)
        .env("SSL_CERT_FILE", ground.lab.authority())
        .env("HTTPS_PROXY", proxy.url())
        .env("NO_PROXY", except)
        .run();
    ground.keeps_secrets(&run);
    run
}

#[test]
fn a_proxy_sees_where_and_nothing_else() {
    let ground = ground();
    let project = ground.bound();
    let proxy = ConnectProxy::to(Some(&address(&ground)));
    // A name that only the proxy can resolve.
    let url = format!("https://{NAME}");
    let _ = ls(&ground, &project, &url, &proxy, "").success();
    let heads = proxy.heads();
    assert_eq!(heads.len(), 1, "{heads:?}");
    assert!(heads[0].starts_with(&format!("CONNECT {NAME}:443 HTTP/1.1\r\n")), "{heads:?}");
    let head = heads[0].to_lowercase();
    assert!(!head.contains("authorization") && !head.contains("bearer"), "{heads:?}");
    assert!(!ground.lab.requests().is_empty());
}

#[test]
fn what_no_proxy_names_is_asked_directly() {
    let ground = ground();
    let project = ground.bound();
    let proxy = ConnectProxy::to(Some(&address(&ground)));
    let url = format!("https://{NAME}");
    for except in [NAME, "invalid", "*"] {
        let run = ls(&ground, &project, &url, &proxy, except).exits(1);
        assert!(run.stderr.contains("cannot be reached"), "{except}: {}", run.stderr);
    }
    // Nor is this computer asked of a proxy.
    let _ = ls(&ground, &project, ground.lab.url(), &proxy, "").success();
    assert_eq!(proxy.heads(), Vec::<String>::new());
}

#[test]
fn a_proxy_that_says_no_is_told() {
    let ground = ground();
    let project = ground.bound();
    let proxy = ConnectProxy::to(None);
    let run = ls(&ground, &project, &format!("https://{NAME}"), &proxy, "");
    insta::assert_snapshot!(run.snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: `https://renkulab.invalid` cannot be reached
      the proxy of `HTTPS_PROXY` does not connect to it
    hint: check the network, and `https://renkulab.invalid` in a browser
    ");
    assert_eq!(ground.lab.lines(), Vec::<String>::new());
}
