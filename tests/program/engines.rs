//! Other engines over the same API, and whose files sessions make there: real
//! Podman of root and of an ordinary user, a second Docker behind TLS and ssh.

use std::os::unix::fs::MetadataExt as _;
use std::process::Command;

use support::{Context, OtherEngine, Project, Run, podman, rootless_podman, second_docker};

/// `renku session …` against another engine.
fn on(engine: &OtherEngine, project: &Project<'_>, arguments: &[&str]) -> Run {
    let mut all = vec!["session"];
    all.extend(arguments);
    project.renku(&all).env("DOCKER_HOST", &engine.host).run()
}

fn start(engine: &OtherEngine, project: &Project<'_>, more: &[&str]) -> serde_json::Value {
    let mut all = vec!["start", "--yes", "--format", "json"];
    all.extend(more);
    on(engine, project, &all).success().json()["session"].clone()
}

/// Who a session's program is, and whose a file that it makes is: inside, and
/// on this machine.
fn ownership(engine: &OtherEngine, project: &Project<'_>, more: &[&str]) -> String {
    let session = start(engine, project, more);
    let name = session["name"].as_str().unwrap();
    let script = "cd /home/jovyan/work/* 2>/dev/null || cd /work/*; touch new; \
                  stat -c %u:%g new 2>/dev/null || ls -ln new | awk '{print $3\":\"$4}'";
    // As the session's own first program, whatever it has become.
    let inside =
        engine.docker(&["exec", "--user", &user_of(engine, name), name, "sh", "-c", script]);
    on(engine, project, &["stop", name]).success();
    let of = |file: &str| {
        let metadata = project.root().join(file).metadata().unwrap();
        format!("{}:{}", metadata.uid(), metadata.gid())
    };
    format!("inside {inside}, new {}, old {}, folder {}", of("new"), of("Dockerfile"), of(""))
}

/// As whom the program runs now: a script may have changed it since the start.
fn user_of(engine: &OtherEngine, name: &str) -> String {
    let script = "for p in /proc/[0-9]*; do case \"$(tr '\\0' ' ' <$p/cmdline)\" in *jupyter*lab*|*httpd*) \
                  awk '/^Uid/{u=$2} /^Gid/{g=$2} END{print u\":\"g}' $p/status;; esac; done";
    let all = engine.docker(&["exec", "--user", "0:0", name, "sh", "-c", script]);
    all.lines().last().unwrap_or_else(|| panic!("no program runs in {name}")).to_owned()
}

const PLAIN: &str = "renku-test/httpd:latest";

#[test]
fn files_belong_to_the_owner_of_the_project_on_podman_of_root() {
    let context = Context::docker();
    let engine = podman();
    let project = context.project("podman-root");
    assert_eq!(ownership(engine, &project, &[]), "inside 0:0, new 0:0, old 0:0, folder 0:0");
    project.owned_by(4321, 4322);
    std::fs::remove_file(project.root().join("new")).unwrap();
    let expected = "inside 4321:4322, new 4321:4322, old 4321:4322, folder 4321:4322";
    assert_eq!(ownership(engine, &project, &[]), expected);
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn rootless_podman_makes_the_user_of_the_image_the_user_of_the_files() {
    let context = Context::docker();
    let engine = rootless_podman();
    let project = context.project("podman-user");
    let (uid, gid) = support::test_user();
    project.owned_by(uid, gid);
    let outside = format!("new {uid}:{gid}, old {uid}:{gid}, folder {uid}:{gid}");
    // The user of the image is 1000:100: `keep-id:uid=1000,gid=100`.
    assert_eq!(ownership(engine, &project, &[]), format!("inside 1000:100, {outside}"));
    // The image has no user: root inside is the user outside.
    std::fs::remove_file(project.root().join("new")).unwrap();
    assert_eq!(ownership(engine, &project, &["--image", PLAIN]), format!("inside 0:0, {outside}"));
    // The user of the image is a name: `keep-id:uid=1000,gid=1000`.
    std::fs::remove_file(project.root().join("new")).unwrap();
    let dockerfile = format!("FROM {}\nUSER jovyan\n", support::jupyter_image());
    project.write("Dockerfile", &dockerfile);
    project.owned_by(uid, gid);
    assert_eq!(ownership(engine, &project, &[]), format!("inside 1000:1000, {outside}"));
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn an_ordinary_user_needs_no_setting_for_their_own_podman() {
    let context = Context::docker();
    let _engine = rootless_podman();
    let project = context.project("podman-found");
    let (uid, gid) = support::test_user();
    project.owned_by(uid, gid);
    let run = |arguments: &[&str]| {
        project.renku(arguments).as_login_of(uid, gid).without_env("DOCKER_HOST").run()
    };
    let session = run(&["session", "start", "--yes", "--format", "json"]).success().json();
    let url = session["session"]["url"].as_str().unwrap();
    assert_eq!(support::get(url).status, 200);
    let name = session["session"]["name"].as_str().unwrap();
    let list = run(&["session", "ls", "--format", "json"]).success().json();
    assert_eq!(list["sessions"][0]["name"], name);
    run(&["session", "stop", "--yes"]).success();
}

#[test]
fn podman_leaves_nothing_out_silently() {
    let context = Context::docker();
    let engine = podman();
    let project = context.project("podman-limits");
    let image = ["--image", PLAIN];
    let printed = |more: &[&str]| {
        let mut all = vec!["start", "--yes"];
        all.extend(image);
        all.extend(more);
        on(engine, &project, &all).snapshot()
    };
    insta::assert_snapshot!(printed(&["--gpu", "1"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this engine has no GPU for containers
      Podman ignores requests for GPUs from other programs
    hint: install the NVIDIA container toolkit for this engine, start without GPUs (`--gpu 0`), or add `--best-effort`
    ");
    insta::assert_snapshot!(printed(&["--cpu", "64"]), @r"
    exit status: 2
    --- stdout
    --- stderr
    error: 64 CPUs were requested, but the engine has 2
    hint: use at most `--cpu 2`, or add `--best-effort`
    ");
    insta::assert_snapshot!(printed(&["--disk", "1G"]), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: this engine cannot limit disk space (storage driver `overlay on extfs`)
    hint: leave out `--disk` (or `renku config unset disk_request`), or add `--best-effort`
    ");
    let pull = ["start", "--yes", "--image", "127.0.0.1:1/nobody/there:1"];
    // A registry that is not there: Podman would say so after a status of 200.
    let failed = on(engine, &project, &pull);
    assert_ne!(failed.status, 0);
    assert!(failed.stderr.contains("error: "), "{}", failed.stderr);
    assert!(failed.stderr.contains("127.0.0.1:1/nobody/there:1"), "{}", failed.stderr);
    let session = start(engine, &project, &image);
    let name = session["name"].as_str().unwrap();
    // Twice stopped: the second time there is nothing.
    let _ = engine.docker(&["stop", "--time", "0", name]);
    insta::assert_snapshot!(on(engine, &project, &["stop", "--yes"]).snapshot(), @r"
    exit status: 0
    --- stdout
    --- stderr
    Stopping podman-limits-[ID]
    Stopped `podman-limits-[ID]`
    ");
    assert_eq!(engine.docker(&["ps", "-aq", "--filter", &format!("name={name}")]), "");
}

fn tls(engine: &OtherEngine, project: &Project<'_>, address: &str, arguments: &[&str]) -> Run {
    let mut all = vec!["session"];
    all.extend(arguments);
    project
        .renku(&all)
        .env("DOCKER_HOST", format!("tcp://{address}:{}", engine.tls_port()))
        .env("DOCKER_TLS_VERIFY", "1")
        .env("DOCKER_CERT_PATH", engine.directory.join("certificates"))
        .run()
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn an_engine_behind_tls_on_this_machine_mounts_the_project() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("tls-here");
    let start = ["start", "--yes", "--image", PLAIN, "--format", "json"];
    let session = tls(engine, &project, "127.0.0.1", &start).success().json()["session"].clone();
    assert_eq!(support::get(session["url"].as_str().unwrap()).status, 200);
    tls(engine, &project, "127.0.0.1", &["stop", "--yes"]).success();
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn who_shows_no_certificate_is_refused_and_told() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("tls-refused");
    let address = format!("tcp://127.0.0.1:{}", engine.tls_port());
    let run = |certificates: &std::path::Path| {
        let printed = project
            .renku(&["session", "ls", "-p", "docker"])
            .env("DOCKER_HOST", &address)
            .env("DOCKER_TLS_VERIFY", "1")
            .env("DOCKER_CERT_PATH", certificates)
            .run()
            .snapshot();
        printed.replace(engine.tls_port(), "[PORT]")
    };
    // Only the authority, no certificate of one's own.
    let only_ca = context.folder().join("only-ca");
    std::fs::create_dir(&only_ca).unwrap();
    std::fs::copy(engine.directory.join("certificates/ca.pem"), only_ca.join("ca.pem")).unwrap();
    insta::assert_snapshot!(run(&only_ca), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `tcp://127.0.0.1:[PORT]`: received fatal alert: BadCertificate
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
    // Another authority.
    let other = context.folder().join("other");
    std::fs::create_dir(&other).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"])
        .args(["-days", "2", "-subj", "/CN=other", "-keyout", "key.pem", "-out", "ca.pem"])
        .current_dir(&other)
        .output()
        .unwrap();
    assert!(made.status.success());
    std::fs::remove_file(other.join("key.pem")).unwrap();
    insta::assert_snapshot!(run(&other), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `tcp://127.0.0.1:[PORT]`: invalid peer certificate: UnknownIssuer
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn an_engine_of_another_machine_gets_a_copy_and_gives_changes_back() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("elsewhere");
    let address = engine.address();
    let run = |arguments: &[&str]| tls(engine, &project, address, arguments);
    let shown = |run: Run| run.snapshot().replace(address, "[ADDRESS]");
    // The files are not there.
    insta::assert_snapshot!(shown(run(&["start", "--yes", "--image", PLAIN])), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the engine is on another machine (`[ADDRESS]`), which does not have the files of this project
    hint: `--mount volume` copies the project to that machine, `--mount none` starts the image without it
    ");

    let start = ["start", "--yes", "--mount", "volume", "--format", "json"];
    let started = run(&start).success();
    let session = started.json()["session"].clone();
    let name = session["name"].as_str().unwrap();
    // A message shows how to reach it, because its port is not here.
    let port = session["ports"][0]["host"].as_u64().unwrap();
    let advice = format!("`ssh -N -L {port}:127.0.0.1:{port} {address}` runs");
    assert!(started.stderr.contains(&advice), "{}", started.stderr);

    // The image has no git: what a terminal there would do is done where the
    // engine keeps the volume.
    let volume = format!("renku-{name}");
    let copy = engine.docker(&["volume", "inspect", "-f", "{{.Mountpoint}}", &volume]);
    let script = "echo 42 > answer && rm .test && echo x >> Dockerfile && \
                  git -c user.name=S -c user.email=s@x commit -qam theirs";
    let worked = Command::new("sh").args(["-ec", script]).current_dir(copy).status().unwrap();
    assert!(worked.success());
    let seen = engine.docker(&["exec", name, "ls", "/home/jovyan/work/elsewhere"]);
    assert_eq!(seen, "Dockerfile\nanswer");
    insta::assert_snapshot!(shown(run(&["stop", "--yes"])), @r"
    exit status: 2
    --- stdout
    --- stderr
    Reading the project of the session
    error: there is no terminal to ask: Session `elsewhere-[ID]` has 3 changed files that `renku session pull elsewhere-[ID]` would copy here. Stop it and lose them?
    hint: answer it with `--yes`
    ");
    project.write("Dockerfile", "changed here\n");
    insta::assert_snapshot!(shown(run(&["pull"])), @r"
    exit status: 2
    --- stdout
    --- stderr
    Reading the project of the session
    error: there is no terminal to ask: Changed here as well as in `elsewhere-[ID]`:   Dockerfile Overwrite what is here?
    hint: answer it with `--force`
    ");
    assert_eq!(project.read("Dockerfile"), "changed here\n");
    insta::assert_snapshot!(shown(run(&["pull", "--force"])), @r"
    exit status: 0
    --- stdout
    M Dockerfile
    M answer
    D .test
    --- stderr
    Reading the project of the session
    Copied 3 files from session `elsewhere-[ID]`; its commits are on `main`
    ");
    assert_eq!(project.read("answer"), "42\n");
    assert_eq!(project.git(&["log", "-1", "--format=%s"]), "theirs");
    assert_eq!(project.git(&["status", "--porcelain"]), "?? answer");
    insta::assert_snapshot!(shown(run(&["pull"])), @r"
    exit status: 0
    --- stdout
    --- stderr
    Reading the project of the session
    Session `elsewhere-[ID]` changed nothing
    ");

    assert!(engine.docker(&["volume", "ls", "-q"]).contains(&volume));
    run(&["stop", "--yes"]).success();
    assert!(!engine.docker(&["volume", "ls", "-q"]).contains(&volume));
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn an_engine_behind_ssh_is_opened_through_a_tunnel() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("behind-ssh");
    let renku = |arguments: &[&str]| {
        project.renku(arguments).env("DOCKER_HOST", engine.ssh()).env("PATH", engine.path())
    };
    let start = ["session", "start", "--yes", "--image", PLAIN, "--mount", "none"];
    let session = renku(&[&start[..], &["--format", "json"]].concat()).run().success();
    let session = session.json()["session"].clone();
    let port = session["ports"][0]["host"].as_u64().unwrap();

    // On this machine the port is taken: by the engine itself, which is here.
    let mut open = renku(&["session", "open", "--no-browser"]).spawn();
    let here = open.stderr_until("until Ctrl-C");
    let url = here.split("; open ").nth(1).unwrap().lines().next().unwrap();
    assert!(!url.contains(&format!(":{port}")), "{here}");
    assert_eq!(support::get(url).status, 200);
    open.signal("INT");
    let _ = open.wait().success();

    renku(&["session", "stop"]).run().success();
}

#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn ssh_says_why_it_does_not_connect() {
    let context = Context::docker();
    let engine = second_docker();
    let _inside = engine.enter();
    let project = context.project("ssh-refused");
    let list = |host: &str| {
        project
            .renku(&["session", "ls", "-p", "docker"])
            .env("DOCKER_HOST", host)
            .env("PATH", engine.path())
            .run()
            .snapshot()
    };
    insta::assert_snapshot!(list("ssh://nobody@127.0.0.1:1"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: no container engine can be reached
      `ssh://nobody@127.0.0.1:1`: ssh: connect to host 127.0.0.1 port 1: Connection refused
    hint: start the engine at that address, or change `DOCKER_HOST`
    ");
    insta::assert_snapshot!(list("ssh://-oProxyCommand=touch%20owned@x"), @r"
    exit status: 1
    --- stdout
    --- stderr
    error: the engine address `ssh://-oProxyCommand=touch%20owned@x` from `DOCKER_HOST` is not supported: its user is not a plain name
    hint: addresses look like `unix:///var/run/docker.sock`, `tcp://host:2376` or `ssh://user@host`
    ");
    assert!(!project.root().join("owned").exists());
}

/// These tests are guests: no daemon of theirs outlives a start that fails.
#[test]
#[ignore = "needs the user account `renku-test`: `cargo xtask test --all-engines`"]
fn an_engine_of_the_tests_that_does_not_get_far_leaves_nothing() {
    let failed = support::second_docker_without_sshd();
    assert!(failed.log.contains("/nowhere/sshd"), "{}", failed.log);
    assert!(!failed.directory.exists());
    let name = failed.directory.display().to_string();
    let processes = std::fs::read_dir("/proc").unwrap().flatten();
    let left: Vec<String> = processes
        .filter_map(|process| std::fs::read_to_string(process.path().join("cmdline")).ok())
        .filter(|line| line.contains(&name))
        .collect();
    assert_eq!(left, Vec::<String>::new());
}
