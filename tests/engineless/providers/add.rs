//! Adding a provider: what is installed, and what is refused.

use support::{Context, Variant, fixture};

use super::{add, digest, files, installed, provider};

#[test]
fn an_added_provider_is_known_by_its_name() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = Variant::of("recording").version("1.2.0").write(context.folder(), "download.wasm");
    insta::assert_snapshot!(add(&project, &file).snapshot(), @r"
    exit status: 0
    --- stdout
    recording	1.2.0	sha256:[DIGEST]
    --- stderr
    Installed `recording` 1.2.0 from [TEST]/download.wasm; nobody signed it
    ");
    // The digest that is printed is that of the bytes in the store.
    let shown = add(&project, &file).stdout;
    assert!(shown.contains(&digest(&file)), "{shown}");
    let sessions = project.session(&["ls", "-p", "recording", "--format", "json"]).success().json();
    assert_eq!(sessions["sessions"][0]["provider"], "recording");
    // The file it came from is not needed any more.
    std::fs::remove_file(&file).unwrap();
    let _ = project.session(&["ls", "-p", "recording"]).success();
    let _ = provider(&project, &["remove", "recording"]).success();
    let gone = project.session(&["ls", "-p", "recording"]).exits(2);
    assert!(gone.stderr.contains("there is no provider `recording`"), "{}", gone.stderr);
    assert_eq!(files(&context, "blobs/sha256"), Vec::<String>::new());
}

#[test]
fn the_list_says_where_each_is_from_and_what_it_may_use() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let hostile = Variant::of("hostile").version("0.3.0").write(context.folder(), "hostile.wasm");
    let _ = add(&project, &hostile);
    let list = provider(&project, &["list"]).success();
    insta::assert_snapshot!(list.snapshot(), @r"
    exit status: 0
    --- stdout
    NAME      VERSION  API    FROM       MAY USE                   PINNED  SOURCE
    docker    0.1.0    [API]  bundled    containers
    local     0.1.0    [API]  bundled    containers
    renkulab  0.1.0    [API]  bundled    http, prompt, repository
    hostile   0.3.0    [API]  installed  nothing yet                       [TEST]/hostile.wasm
    --- stderr
    ");
    let _ = provider(&project, &["grant", "hostile"]).success();
    let _ = provider(&project, &["pin", "hostile"]).success();
    let row =
        provider(&project, &["list", "--format", "json"]).success().json()["providers"][3].take();
    assert_eq!(row["allowed"], serde_json::json!(["containers"]));
    assert_eq!(row["pinned"], true);
    assert_eq!(row["digest"], digest(&hostile));
}

#[test]
fn info_shows_what_it_wants_in_words() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let info = provider(&project, &["info", &fixture("hostile")]).success();
    assert!(
        info.stdout.contains("may start and stop containers, which can read"),
        "{}",
        info.stdout
    );
    assert!(info.stdout.contains("signed by:   nobody"), "{}", info.stdout);
    assert!(info.stdout.contains(&digest(&fixture("hostile"))), "{}", info.stdout);
    let info = provider(&project, &["info", "docker"]).success();
    assert!(info.stdout.contains("--default-url PATH"), "{}", info.stdout);
    assert!(info.stdout.contains("port (integer)"), "{}", info.stdout);
    assert!(info.stdout.contains("license:     Apache-2.0"), "{}", info.stdout);
}

#[test]
fn what_is_no_provider_is_refused_and_leaves_nothing() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let whole = Variant::of("recording").bytes();
    let options = |options: serde_json::Value| {
        let manifest = serde_json::json!({ "manifest": 1, "api": "^0.1", "options": options });
        Variant::of("recording").manifest(&manifest).bytes()
    };
    let option =
        |name: &str| serde_json::json!({ "name": name, "help": "x", "commands": ["start"] });
    let mut damaged = whole.clone();
    let middle = damaged.len() / 2;
    damaged[middle..middle + 64].fill(0xff);
    let cases = [
        (whole[..whole.len() / 2].to_vec(), "is not a WebAssembly component"),
        (damaged, "is not a WebAssembly component"),
        (b"name: slurm\n".to_vec(), "it is not WebAssembly"),
        (std::fs::read(fixture("wasi-import")).unwrap(), "providers get no WASI"),
        (std::fs::read(fixture("undeclared-import")).unwrap(), "which this `renku` does not have"),
        (std::fs::read(fixture("future-track")).unwrap(), "needs API 0.2; this `renku` has 0.1"),
        (std::fs::read(fixture("not-a-provider")).unwrap(), "but not a session provider"),
        (Variant::of("recording").without("version").bytes(), "has no version"),
        (Variant::of("recording").version("soon").bytes(), "has no version"),
        (Variant::of("recording").without("component-name").bytes(), "has no name"),
        (Variant::of("recording").named("../../evil").bytes(), "has no name"),
        (Variant::of("recording").named("docker").bytes(), "is part of `renku`"),
        (options(serde_json::json!([option("image")])), "declares the option `--image`"),
        (options(serde_json::json!([option("a-b"), option("a-b")])), "option `--a-b` twice"),
        (options(serde_json::json!([option("x y")])), "cannot be the name of an option"),
        (
            Variant::of("recording")
                .manifest(&serde_json::json!({ "manifest": 1, "api": "^0.2" }))
                .bytes(),
            "it declares API `^0.2`",
        ),
        (Variant::of("recording").section("renku:manifest", b"{").bytes(), "manifest of provider"),
    ];
    for (number, (bytes, reason)) in cases.into_iter().enumerate() {
        let path = context.folder().join(format!("case-{number}.wasm"));
        std::fs::write(&path, bytes).unwrap();
        let refused = provider(&project, &["add", path.to_str().unwrap()]);
        assert!(refused.status == 1 || refused.status == 2, "{number}: {}", refused.stderr);
        assert!(refused.stderr.contains(reason), "{number}: {}", refused.stderr);
    }
    assert_eq!(installed(&project), Vec::<String>::new());
    assert_eq!(files(&context, "blobs/sha256"), Vec::<String>::new());
    assert_eq!(files(&context, "receipts"), Vec::<String>::new());
}

#[test]
fn text_of_a_provider_does_not_reach_the_terminal_as_it_is() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let manifest = serde_json::json!({
        "manifest": 1,
        "api": "^0.1",
        "wants": [{ "capability": "containers", "reason": "\u{1b}[2Jnothing\rat all\u{202e}" }],
    });
    let hostile = Variant::of("hostile")
        .manifest(&manifest)
        .section("description", "\u{1b}]0;title\u{7}harmless\nerror: no".as_bytes())
        .write(context.folder(), "hostile.wasm");
    for arguments in [&["add", &hostile][..], &["info", "hostile"], &["list"]] {
        let run = provider(&project, arguments).success();
        let text = run.stdout + &run.stderr;
        let control = |c: char| c.is_control() && c != '\n' && c != '\t' || c == '\u{202e}';
        assert!(!text.contains(control), "{text:?}");
    }
}

#[test]
fn a_larger_file_needs_the_users_word() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let large = vec![0; 17 << 20];
    let file =
        Variant::of("recording").section("padding", &large).write(context.folder(), "l.wasm");
    let refused = provider(&project, &["add", &file]).exits(2);
    assert!(refused.stderr.contains("more than the allowed 16 MiB"), "{}", refused.stderr);
    assert!(refused.stderr.contains("RENKU_MAX_PROVIDER_SIZE=64Mi"), "{}", refused.stderr);
    let raised = |size| {
        let add = ["session", "provider", "add", &file];
        context.renku(project.root(), &add).env("RENKU_MAX_PROVIDER_SIZE", size).run()
    };
    let _ = raised("65Mi").exits(2);
    let _ = raised("32Mi").success();
    // What was accepted once needs no variable any more.
    let _ = project.session(&["ls", "-p", "recording"]).success();
}

#[test]
fn a_directory_or_a_pipe_is_no_file() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let pipe = context.folder().join("pipe.wasm");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for path in [pipe.as_path(), context.folder()] {
        let refused = provider(&project, &["add", path.to_str().unwrap()]).exits(2);
        assert!(refused.stderr.contains("it is not a file"), "{}", refused.stderr);
    }
}

/// An address is shown, and kept in receipts and locks.
#[test]
fn an_address_with_a_secret_is_refused_and_not_shown() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let refused = |arguments: &[&str]| provider(&project, arguments).exits(2);
    insta::assert_snapshot!(refused(&["add", "https://me:s3cr3t@127.0.0.1:1/x.wasm"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the address contains a user name or password, and would be stored with it: download the file, and add that
    ");
    let run = refused(&["add", "https://127.0.0.1:1/x.wasm?private_token=s3cr3t"]);
    assert!(
        run.stderr.starts_with("error: the address contains `private_token`, "),
        "{}",
        run.stderr
    );
    insta::assert_snapshot!(refused(&["push", "x.wasm", "oci://me:s3cr3t@127.0.0.1:1/x:1.0.0"]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: the address contains a user name or password, and would be stored with it: leave it out, and log in to the registry first
    ");
}
