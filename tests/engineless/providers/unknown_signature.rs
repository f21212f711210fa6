//! Unknown is not unsigned: where nobody answers whether a provider is signed, nothing is
//! installed, and what is there stays.

use support::{Context, Project, Registry, RegistryFront, Variant};

use super::signed::{key, signed};
use super::{installed, provider, store};

const TOO_MANY: &str = "429 Too Many Requests\r\nRetry-After: 900";

/// A signed provider 1.0.0 in a registry, whose key the user of `project` trusts.
fn published(registry: &Registry, context: &Context, project: &Project<'_>) {
    let public = key(project);
    let _ = provider(project, &["trust", "add", &public, "--name", "acme"]).success();
    let file = signed(project, context, "1.0.0");
    let to = format!("oci://{}/acme/slurm:1.0.0", registry.host());
    let _ = provider(project, &["push", &file, &to]).success();
}

#[test]
fn a_registry_that_does_not_answer_about_signatures_installs_nothing() {
    let registry = Registry::open();
    let front = RegistryFront::before(&registry);
    let context = Context::without_engine();
    let project = context.project("analysis");
    published(&registry, &context, &project);
    let place = format!("oci://{}/acme/slurm", front.host());
    let add = || provider(&project, &["add", &place, "--name", "acme/slurm", "--yes"]);

    front.answer("/manifests/sha256-", TOO_MANY);
    insta::assert_snapshot!(add().snapshot(), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the registry `127.0.0.1:[PORT]` lets nobody ask that often
    hint: try again in 900 s, or log in: logins may ask more often
    ");
    front.pass();
    front.answer("/manifests/sha256-", "403 Forbidden");
    let _ = add().exits(3);
    assert_eq!(installed(&project), Vec::<String>::new());
    front.pass();
    let added = add().success();
    assert!(added.stderr.contains("; `acme` signed it"), "{}", added.stderr);
}

#[test]
fn an_update_in_the_dark_replaces_nothing() {
    let registry = Registry::open();
    let front = RegistryFront::before(&registry);
    let context = Context::without_engine();
    let project = context.project("analysis");
    published(&registry, &context, &project);
    let place = format!("oci://{}/acme/slurm", front.host());
    let _ = provider(&project, &["add", &place, "--name", "acme/slurm"]).success();
    let file = signed(&project, &context, "1.1.0");
    let _ = provider(&project, &["push", &file, &format!("{place}:1.1.0")]).success();
    front.answer("/manifests/sha256-", TOO_MANY);
    for more in [&[] as &[&str], &["--yes"], &["--other-signer"]] {
        let _ = provider(&project, &[&["update", "acme/slurm"], more].concat()).exits(1);
        assert_eq!(installed(&project), ["acme/slurm 1.0.0"]);
    }
    front.pass();
    let _ = provider(&project, &["update", "acme/slurm"]).success();
    assert_eq!(installed(&project), ["acme/slurm 1.1.0", "acme/slurm 1.0.0"]);
}

#[test]
fn what_could_not_be_signed_is_not_published() {
    let registry = Registry::open();
    let front = RegistryFront::before(&registry);
    let context = Context::without_engine();
    let project = context.project("analysis");
    let _ = key(&project);
    let file = signed(&project, &context, "1.0.0");
    let to = format!("oci://{}/acme/slurm:1.0.0", front.host());
    front.answer("PUT /v2/acme/slurm/manifests/sha256-", "500 Internal Server Error");
    let _ = provider(&project, &["push", &file, &to]).exits(1);
    front.pass();
    let missing = provider(&project, &["add", &to, "--name", "acme/slurm"]).exits(2);
    assert!(missing.stderr.contains("does not exist in its registry"), "{}", missing.stderr);
    let _ = provider(&project, &["push", &file, &to]).success();
    let _ = provider(&project, &["add", &to, "--name", "acme/slurm"]).success();
}

#[test]
fn strange_answers_about_referrers_are_no_obstacle() {
    let registry = Registry::open();
    let front = RegistryFront::before(&registry);
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    for (index, answer) in [
        "400 Bad Request",
        "403 Forbidden",
        "405 Method Not Allowed",
        "501 Not Implemented",
        "302 Found\r\nLocation: /login",
        "200 OK\r\nContent-Type: text/html",
    ]
    .into_iter()
    .enumerate()
    {
        front.answer("/referrers/", answer);
        let version = format!("1.{index}.0");
        let file = signed(&project, &context, &version);
        let to = format!("oci://{}/acme/slurm:{version}", front.host());
        let _ = provider(&project, &["push", &file, &to]).success();
        let added = provider(&project, &["add", &to, "--name", "acme/slurm"]).success();
        assert!(added.stderr.contains("; `acme` signed it"), "{answer}: {}", added.stderr);
        front.pass();
    }
}

/// A tag that is no version is not stripped, so that what it names is found again.
#[test]
fn a_provider_of_the_tag_latest_is_updated() {
    let registry = Registry::open();
    let context = Context::without_engine();
    let project = context.project("slurm");
    let place = format!("oci://{}/acme/slurm", registry.host());
    let file = Variant::of("recording").version("1.0.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["push", &file, &format!("{place}:1.0.0")]).success();
    registry.tag("acme/slurm", "1.0.0", "latest");
    let _ = provider(&project, &["add", &format!("{place}:latest"), "--name", "acme/slurm"]);
    assert_eq!(installed(&project), ["acme/slurm 1.0.0"]);
    let file = Variant::of("recording").version("1.1.0").write(context.folder(), "tool.wasm");
    let _ = provider(&project, &["push", &file, &format!("{place}:1.1.0")]).success();
    let same = provider(&project, &["update", "acme/slurm"]).success();
    assert!(same.stderr.contains("is up to date"), "{}", same.stderr);
    registry.tag("acme/slurm", "1.1.0", "latest");
    let _ = provider(&project, &["update", "acme/slurm"]).success();
    assert_eq!(installed(&project), ["acme/slurm 1.1.0", "acme/slurm 1.0.0"]);
}

#[test]
fn a_signature_that_is_removed_from_the_store_is_missed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let public = key(&project);
    let _ = provider(&project, &["trust", "add", &public, "--name", "acme"]).success();
    let file = signed(&project, &context, "1.0.0");
    let _ = provider(&project, &["add", &file, "--name", "tool"]).success();
    let folder = store(&context).join("blobs/sha256");
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "minisig") {
            std::fs::remove_file(path).unwrap();
        }
    }
    let refused = project.session(&["ls", "-p", "tool"]).exits(1);
    let says = "the signature of `acme` is not there any more";
    assert!(refused.stderr.contains(says), "{}", refused.stderr);
    let verified = provider(&project, &["verify"]).exits(1);
    assert!(verified.stdout.contains(says), "{}{}", verified.stdout, verified.stderr);
}
