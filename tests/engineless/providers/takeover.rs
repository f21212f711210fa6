//! A known name gets another provider only by the word of its user.

use support::{Context, Project, Registry, Variant};

use super::{add, installed, provider};

/// Publishes this version of `recording`, signed when its author has a key.
fn publish(author: &Project<'_>, folder: &Context, version: &str, place: &str, signed: bool) {
    let file = Variant::of("recording").version(version).write(folder.folder(), "tool.wasm");
    if signed {
        let _ = provider(author, &["sign", &file]).success();
    }
    let _ = provider(author, &["push", &file, place]).success();
}

#[test]
fn the_lock_of_a_project_takes_no_name_over() {
    let registry = Registry::open();
    let (acme, other, user) =
        (Context::without_engine(), Context::without_engine(), Context::without_engine());
    let (theirs, strange, project) =
        (acme.project("slurm"), other.project("clone"), user.project("clone"));
    let key = ["sign", "--new-key", "--no-password", "--format", "json"];
    let key = provider(&theirs, &key).success().json()["signed"]["public_key"].clone();
    let good = format!("oci://{}/acme/slurm:1.0.0", registry.host());
    let evil = format!("oci://{}/evil/slurm:9.9.9", registry.host());
    publish(&theirs, &acme, "1.0.0", &good, true);
    publish(&strange, &other, "9.9.9", &evil, false);
    let _ = provider(&strange, &["add", &evil, "--name", "acme/slurm"]).success();
    let _ = provider(&strange, &["pin", "acme/slurm"]).success();

    let trust = ["trust", "add", key.as_str().unwrap(), "--name", "acme"];
    let _ = provider(&project, &trust).success();
    let _ = provider(&project, &["add", &good, "--name", "acme/slurm"]).success();
    project.write("renku-providers.lock", &strange.read("renku-providers.lock"));
    insta::assert_snapshot!(provider(&project, &["add", "--locked", "--yes"]).snapshot(), @r"
    exit status: 3
    --- stdout
    --- stderr
    error: installing `acme/slurm` 9.9.9 needs your approval: a lock file of a project cannot give it
      `acme/slurm` 1.0.0 came from oci://127.0.0.1:[PORT]/acme/slurm:1.0.0, and this one comes from oci://127.0.0.1:[PORT]/evil/slurm:9.9.9: it would take over the name and the sessions
      `acme/slurm` 1.0.0 was signed by `acme`, and 9.9.9 is not: nobody signed it
    hint: if you trust it, run `renku session provider add oci://127.0.0.1:[PORT]/evil/slurm:9.9.9 --name acme/slurm --other-signer`
    ");
    let locked = ["session", "provider", "add", "--locked"];
    let no = project.renku(&locked).on_a_terminal("y\nn\n").exits(1);
    insta::assert_snapshot!(no.question("`acme/slurm` 1.0.0 came"), @r"
    `acme/slurm` 1.0.0 came from oci://127.0.0.1:[PORT]/acme/slurm:1.0.0, and this
        one comes from oci://127.0.0.1:[PORT]/evil/slurm:9.9.9: it would take over
        the name and the sessions.
    `acme/slurm` 1.0.0 was signed by `acme`, and 9.9.9 is not: nobody signed it.
    Install it?
    ");
    assert_eq!(installed(&project), ["acme/slurm 1.0.0"]);

    // Who types what the hint says has decided; then the lock is satisfied.
    let _ = provider(&project, &["add", &evil, "--name", "acme/slurm"]).exits(2);
    let _ = provider(&project, &["add", &evil, "--name", "acme/slurm", "--yes", "--other-signer"])
        .success();
    let _ = provider(&project, &["add", "--locked"]).success();
    let _ = provider(&project, &["remove", "acme/slurm@9.9.9"]).success();
    let _ = project.renku(&locked).on_a_terminal("y\ny\n").success();
    assert_eq!(installed(&project), ["acme/slurm 9.9.9", "acme/slurm 1.0.0"]);
}

#[test]
fn nothing_of_a_lock_is_installed_when_one_of_it_is_refused() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    for name in ["alpha", "beta"] {
        let file = format!("{name}.wasm");
        let file = Variant::of("recording").version("1.0.0").write(project.root(), &file);
        let _ = provider(&project, &["add", &file, "--name", name]).success();
        let _ = provider(&project, &["pin", name]).success();
        let _ = provider(&project, &["remove", name]).success();
    }
    // The user has a `beta` already.
    let mine = Variant::of("recording").version("0.1.0").write(context.folder(), "mine.wasm");
    let _ = provider(&project, &["add", &mine, "--name", "beta"]).success();
    let refused = provider(&project, &["add", "--locked", "--yes"]).exits(3);
    assert!(
        refused.stderr.contains("installing `beta` 1.0.0 needs your approval"),
        "{}",
        refused.stderr
    );
    assert_eq!(installed(&project), ["beta 0.1.0"]);
}

#[test]
fn a_mirror_takes_no_name_over() {
    let (context, user) = (Context::without_engine(), Context::without_engine());
    let (project, other) = (context.project("analysis"), user.project("analysis"));
    let mirror = context.folder().join("mirror").display().to_string();
    let mirrored = |version: &str| {
        let file = Variant::of("recording").version(version).write(context.folder(), "a.wasm");
        let _ = add(&project, &file);
        let _ = provider(&project, &["mirror", &mirror, "recording"]).success();
    };
    mirrored("9.9.9");
    let mine = Variant::of("recording").version("0.2.0").write(user.folder(), "mine.wasm");
    let _ = add(&other, &mine);
    for arguments in [&["add", "--from", &mirror][..], &["add", "--from", &mirror, "recording"]] {
        let refused = provider(&other, arguments).exits(2);
        assert!(refused.stderr.contains("take over the name"), "{}", refused.stderr);
    }
    assert_eq!(installed(&other), ["recording 0.2.0"]);
    let _ = provider(&project, &["pin", "recording"]).success();
    other.write("renku-providers.lock", &project.read("renku-providers.lock"));
    let locked = ["add", "--locked", "--yes", "--from", &mirror];
    let refused = provider(&other, &locked).exits(3);
    let command = format!("`renku session provider add --from {mirror} recording@9.9.9`");
    assert!(refused.stderr.contains(&command), "{}", refused.stderr);
    // Once is enough for all that come from there.
    let _ = provider(&other, &["add", "--from", &mirror, "recording@9.9.9", "--yes"]).success();
    mirrored("9.9.10");
    let _ = provider(&other, &["add", "--from", &mirror]).success();
    assert_eq!(installed(&other), ["recording 9.9.10", "recording 9.9.9", "recording 0.2.0"]);
}

#[test]
fn a_file_takes_a_name_over_only_when_the_name_is_typed() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let file = |version: &str, file: &str| {
        Variant::of("recording").version(version).write(context.folder(), file)
    };
    let _ = add(&project, &file("1.0.0", "mine.wasm"));
    let evil = file("9.9.9", "evil.wasm");
    insta::assert_snapshot!(provider(&project, &["add", &evil]).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: `recording` 1.0.0 came from [TEST]/mine.wasm, and this one comes from [TEST]/evil.wasm: it would take over the name and the sessions. Install it?
    hint: answer it with `--yes`
    ");
    // The next version at the same place is expected there.
    let _ = add(&project, &file("1.1.0", "mine.wasm"));
    let _ = provider(&project, &["add", &evil, "--name", "recording"]).success();
    assert_eq!(installed(&project), ["recording 9.9.9", "recording 1.1.0", "recording 1.0.0"]);
}

#[test]
fn what_is_there_for_everybody_is_not_replaced_silently() {
    let context = Context::without_engine();
    let project = context.project("analysis");
    let system = context.folder().join("system");
    let theirs = Variant::of("recording").version("1.0.0").write(&system, "slurm.wasm");
    let mine = Variant::of("recording").version("2.0.0").write(context.folder(), "mine.wasm");
    let add = |file: &str| {
        let all = ["session", "provider", "add", file, "--name", "slurm"];
        context.renku(project.root(), &all).env("RENKU_SYSTEM_PROVIDERS", &system).run()
    };
    insta::assert_snapshot!(add(&mine).snapshot(), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: there is no terminal to ask: `slurm` is there for everybody on this computer, from [TEST]/system/slurm.wasm, and this one comes from [TEST]/mine.wasm: it would take over the name and the sessions. Install it?
    hint: answer it with `--yes`
    ");
    let _ = add(&theirs).success();
    assert_eq!(installed(&project), ["slurm 1.0.0"]);
}
