//! What a provider may do: asked once per file, in parts, taken back.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::UnixListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde_json::json;
use support::renkulab::RenkuLab;
use support::{Context, Project, Variant, fixture, httpd_image};

use super::provider;

/// Something that looks like an engine and counts who comes.
struct Recorder {
    socket: String,
    connections: Arc<AtomicUsize>,
}

impl Recorder {
    fn new(context: &Context) -> Self {
        let path = context.folder().join("engine.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        std::thread::spawn(move || {
            for connection in listener.incoming() {
                counter.fetch_add(1, Ordering::SeqCst);
                drop(connection);
            }
        });
        Self { socket: format!("unix://{}", path.display()), connections }
    }

    fn count(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// Lists with a provider that calls the engine when it does so.
fn ls(context: &Context, project: &Project<'_>, engine: &Recorder, file: &str) -> support::Run {
    let config = context.config("do: foreign\nname: other\n");
    let arguments = ["session", "ls", "-p", file, "-c", &config];
    context.renku(project.root(), &arguments).env("DOCKER_HOST", &engine.socket).run()
}

#[test]
fn what_was_allowed_once_is_remembered_for_exactly_this_file() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("hostile").write(context.folder(), "tool.wasm");
    insta::assert_snapshot!(project.session(&["ls", "-p", &file]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: provider `[TEST]/tool.wasm` (nobody signed it) needs your permission
      may start and stop containers, which can read and change this project's files and use the network
      may pause and resume the containers it started
      may build images from this project
      its reason for containers: “tests see what it must not do with them”
    hint: if you trust it with that, run `renku session provider grant [TEST]/tool.wasm`
    ");
    let _ = provider(&project, &["grant", &file]).success();
    let _ = project.session(&["ls", "-p", &file]).success();
    // The file is what was allowed, wherever it lies.
    let copy = Variant::of("hostile").write(context.folder(), "copy.wasm");
    let _ = project.session(&["ls", "-p", &copy]).success();
    // Other bytes in its place are not.
    let _ = Variant::of("hostile").section("note", b"changed").write(context.folder(), "tool.wasm");
    let _ = project.session(&["ls", "-p", &file]).exits(3);
    let _ = provider(&project, &["revoke", &copy]).success();
    let _ = project.session(&["ls", "-p", &copy]).exits(3);
}

#[test]
fn grants_are_a_file_of_the_user_alone() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let _ = provider(&project, &["grant", &hostile]).success();
    let grants = context.home().join(".config/renku/grants.toml");
    let mode =
        |mode| std::fs::set_permissions(&grants, std::fs::Permissions::from_mode(mode)).unwrap();
    assert_eq!(grants.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    mode(0o666);
    let refused = project.session(&["ls", "-p", &hostile]).exits(3);
    assert!(refused.stderr.contains("others can write to"), "{}", refused.stderr);
    mode(0o600);
    std::fs::write(&grants, "version = 7\n").unwrap();
    let refused = project.session(&["ls", "-p", &hostile]).exits(1);
    assert!(refused.stderr.contains("it has the unknown version 7"), "{}", refused.stderr);
    // What is bundled needs no grant, so a broken file does not stop it.
    let _ = project.session(&["ls"]).success();
}

#[test]
fn what_was_not_granted_answers_denied_and_reaches_no_engine() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let engine = Recorder::new(&context);
    let hostile = fixture("hostile");
    let _ = provider(&project, &["grant", &hostile]).success();
    let allowed = ls(&context, &project, &engine, &hostile);
    assert_eq!(allowed.status, 1, "{}", allowed.stderr);
    let came = engine.count();
    assert!(came > 0, "an allowed provider reaches the engine");
    let _ = provider(&project, &["revoke", &hostile, "--only", "containers"]).success();
    let refused = ls(&context, &project, &engine, &hostile).exits(3);
    assert!(refused.stderr.contains("has no permission for `containers`"), "{}", refused.stderr);
    assert_eq!(engine.count(), came);
}

#[test]
fn a_grant_can_only_be_of_what_is_asked_for() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    insta::assert_snapshot!(provider(&project, &["grant", &hostile, "--only", "http"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` does not request `http`
    hint: it requests `containers`
    ");
    insta::assert_snapshot!(provider(&project, &["grant", "docker"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the provider `docker` is part of `renku`
    hint: it has all permissions, and is updated together with `renku`
    ");
}

#[test]
fn a_limit_of_what_it_does_not_ask_for_is_refused() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    insta::assert_snapshot!(provider(&project, &["grant", &hostile, "--origin", "hub"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: provider `[FIXTURES]/hostile.wasm` does not request `http`
    hint: it requests `containers`
    ");
    let requesting = fixture("requesting");
    for limit in [&["--max-cpu", "1"][..], &["--image", "a"], &["--engine-flags"]] {
        let _ = provider(&project, &[&["grant", &requesting], limit].concat()).exits(2);
    }
}

#[test]
fn a_limit_goes_on_until_it_is_typed_anew_or_taken_back() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let grant = |limits: &[&str]| {
        let run = provider(&project, &[&["grant", &hostile], limits].concat()).success();
        run.filtered(&run.stderr)
    };
    let _ = grant(&["--max-cpu", "1", "--image", "quay.io/*"]);
    insta::assert_snapshot!(grant(&["--image", "renku-test/*"]), @r"
    Allowed `[FIXTURES]/hostile.wasm`:
      may start and stop containers, which can read and change this project's files and use the network
      may pause and resume the containers it started
      may build images from this project
      with limits for each container: images like `renku-test/*`, at most 1 CPUs
    Earlier permissions stay; `renku session provider revoke [FIXTURES]/hostile.wasm` revokes them
    ");
    let _ = provider(&project, &["revoke", &hostile]).success();
    insta::assert_snapshot!(grant(&[]), @r"
    Allowed `[FIXTURES]/hostile.wasm`:
      may start and stop containers, which can read and change this project's files and use the network
      may pause and resume the containers it started
      may build images from this project
    ");
}

#[test]
fn an_installed_provider_is_asked_for_by_name_and_listed_once_allowed() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let file = Variant::of("hostile").version("1.0.0").write(context.folder(), "tool.wasm");
    let added = provider(&project, &["add", &file, "--name", "acme/tool"]).success();
    assert!(
        added.stderr.contains("`renku session provider grant acme/tool` grants them"),
        "{}",
        added.stderr
    );
    let refused = project.session(&["ls", "-p", "acme/tool"]).exits(3);
    assert!(refused.stderr.contains("run `renku session provider grant acme/tool`"));
    let _ = provider(&project, &["grant", "acme/tool"]).success();
    let _ = project.session(&["ls", "-p", "acme/tool"]).success();
    let _ = provider(&project, &["revoke", "acme/tool"]).success();
    let _ = project.session(&["ls", "-p", "acme/tool"]).exits(3);
    // `add --yes` answers the question of `add`.
    let _ = provider(&project, &["add", &file, "--name", "acme/tool", "--yes"]).success();
    let _ = project.session(&["ls", "-p", "acme/tool"]).success();
    // What is removed and added again is asked for again.
    let _ = provider(&project, &["remove", "acme/tool"]).success();
    let _ = provider(&project, &["add", &file, "--name", "acme/tool"]).success();
    let _ = project.session(&["ls", "-p", "acme/tool"]).exits(3);
}

#[test]
fn the_limits_of_a_grant_bind_its_containers() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let image = httpd_image();
    let start = || project.session(&["start", "-p", &hostile, "--image", &image, "--no-wait"]);
    let _ = provider(&project, &["grant", &hostile, "--image", "quay.io/*"]).success();
    let refused = start().exits(3);
    insta::assert_snapshot!(refused.filtered(&refused.stderr), @r"
    error: [file:[DIGEST]] this provider has no permission for the image `renku-test/httpd:latest`
      [file:[DIGEST]] allowed: quay.io/*
    hint: [file:[DIGEST]] `renku session provider grant` changes its permissions
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    // Nothing is built to be refused then, and nobody is asked whether to.
    let build = project.session(&["start", "-p", &hostile, "--force-build"]);
    let refused = "this provider has no permission for the image `analysis:";
    assert!(build.stderr.contains(refused), "{}", build.stderr);
    let grant = ["grant", &hostile, "--image", "renku-test/*", "--max-memory", "512Mi"];
    let _ = provider(&project, &grant).success();
    let _ = start().success();
    // It asked for nothing, and has what was granted at most.
    let name = project.containers().remove(0);
    assert_eq!(context.memory().container(&name)["memory"], 512 << 20);
}

#[test]
fn who_asks_for_more_than_was_granted_is_refused() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let grant = ["grant", &hostile, "--max-cpu", "1", "--max-memory", "512Mi"];
    let _ = provider(&project, &grant).success();
    let image = httpd_image();
    let start = |more: &[&str]| {
        let start = ["start", "-p", &hostile, "--image", &image, "--no-wait"];
        project.session(&[&start[..], more].concat())
    };
    let refused = start(&["--cpu", "1.5"]).exits(3);
    insta::assert_snapshot!(refused.filtered(&refused.stderr), @r"
    error: [file:[DIGEST]] this provider has no permission for 1.5 CPUs
      [file:[DIGEST]] allowed: 1 CPUs
    hint: [file:[DIGEST]] `renku session provider grant` changes its permissions
    ");
    let refused = start(&["--memory", "1Gi"]).exits(3);
    insta::assert_snapshot!(refused.filtered(&refused.stderr), @r"
    error: [file:[DIGEST]] this provider has no permission for 1Gi of memory
      [file:[DIGEST]] allowed: 512Mi
    hint: [file:[DIGEST]] `renku session provider grant` changes its permissions
    ");
    assert_eq!(project.containers(), Vec::<String>::new());
    let _ = start(&["--cpu", "0.5", "--memory", "256Mi"]).success();
    let name = project.containers().remove(0);
    assert_eq!(context.memory().container(&name)["cpus"], 0.5);
}

#[test]
fn a_bound_above_what_the_engine_has_is_no_request() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let _ = provider(&project, &["grant", &hostile, "--max-cpu", "4096"]).success();
    let image = httpd_image();
    let start = ["start", "-p", &hostile, "--image", &image, "--no-wait"];
    let _ = project.session(&start).success();
    let name = project.containers().remove(0);
    // So many has the engine in memory.
    assert_eq!(context.memory().container(&name)["cpus"], 8.0);
    // Who asks for that many is still told.
    let asked = project.session(&[&start[..], &["--cpu", "4096"]].concat()).exits(2).stderr;
    assert!(asked.contains("4096 CPUs were requested, but the engine has "), "{asked}");
}

#[test]
fn options_with_power_over_this_computer_are_granted_apart() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let hostile = fixture("hostile");
    let config = context.config(&format!("image: {}\n", httpd_image()));
    let start = || {
        let start = ["start", "-p", &hostile, "-c", &config, "--no-wait", "--yes"];
        project.session(&[&start[..], &["--cap-add", "SYS_PTRACE"]].concat())
    };
    let _ = provider(&project, &["grant", &hostile]).success();
    let refused = start().exits(3);
    assert!(
        refused.stderr.contains("`--cap-add SYS_PTRACE` may not be used"),
        "{}",
        refused.stderr
    );
    assert_eq!(project.containers(), Vec::<String>::new());
    let _ = provider(&project, &["grant", &hostile, "--engine-flags"]).success();
    let _ = start().success();
    let name = project.containers().remove(0);
    let added = context.memory().container(&name)["options"]["cap_add"].clone();
    assert_eq!(added, json!(["SYS_PTRACE"]));
}

#[test]
fn an_origin_is_used_when_it_is_configured_for_the_name_and_granted_to_the_file() {
    let context = Context::in_memory();
    let project = context.project("analysis");
    let server = RenkuLab::start();
    let file = |version: &str| {
        let variant = Variant::of("requesting").version(version);
        let path = variant.write(context.folder(), "tool.wasm");
        let _ = provider(&project, &["add", &path, "--name", "acme/tool"]).success();
    };
    let configure = |name: &str| {
        let add = ["origin", "add", name, server.url(), "--for", "acme/tool"];
        let _ = project.session(&add).success();
    };
    let ask = |provider: &str, origin: &str| {
        let requests = json!([{ "path": "/api/data/version" }]);
        let config = context.config(&json!({ "origin": origin, "requests": requests }).to_string());
        project.session(&["ls", "-p", provider, "-c", &config])
    };
    file("1.0.0");
    configure("cluster");
    configure("hub");
    let _ = provider(&project, &["grant", "acme/tool", "--origin", "cluster"]).success();
    let _ = ask("acme/tool", "cluster").success();
    insta::assert_snapshot!(ask("acme/tool", "hub").snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: [acme/tool] this version of `acme/tool` has no permission for the origin `hub`
      [acme/tool] allowed: cluster
    hint: [acme/tool] `renku session provider grant` with `--origin hub` allows it
    ");
    // Granted, and configured for nobody.
    let _ = project.session(&["origin", "remove", "cluster"]).success();
    let _ = project.session(&["origin", "add", "cluster", server.url()]).success();
    let refused = ask("acme/tool", "cluster").exits(3);
    assert!(refused.stderr.contains("may not use the origin `cluster`"), "{}", refused.stderr);
    assert_eq!(server.lines().len(), 1);
    // The grant is of this file: the next version has its own.
    configure("cluster");
    file("1.1.0");
    let _ = provider(&project, &["grant", "acme/tool"]).success();
    let _ = ask("acme/tool", "hub").success();
    let _ = ask("acme/tool@1.0.0", "hub").exits(3);
    let refused = provider(&project, &["grant", "acme/tool", "--origin", "https://a"]).exits(2);
    assert!(refused.stderr.contains("cannot be the name of an origin"), "{}", refused.stderr);
}
