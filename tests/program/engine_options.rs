//! Options of the engine: what was typed is what the container has.

use serde_json::{Value, json};
use support::{Context, Foreign, Project, docker, docker_ok, fixture, httpd_image};

/// Starts a session of the small web server with these options.
fn start(project: &Project<'_>, options: &[&str]) -> support::Run {
    let image = httpd_image();
    let mut words = vec!["start", "--no-wait", "--format", "json", "--image", &image];
    words.extend(options);
    project.session(&words)
}

fn inspect(run: &support::Run) -> Value {
    let name = run.json()["session"]["name"].as_str().unwrap().to_owned();
    let text = docker_ok(&["inspect", &name]);
    let mut all: Value = serde_json::from_str(&text).unwrap();
    all[0].take()
}

/// Options with a value for each, where `docker inspect` shows it, and what it is
/// there. All of them together make one container.
#[test]
fn every_option_that_this_kernel_knows_reaches_the_container() {
    let context = Context::new();
    let project = context.project("analysis");
    std::fs::create_dir(project.root().join("data")).unwrap();
    std::fs::write(project.root().join("variables.env"), "FROM_FILE=1\n").unwrap();
    let data = format!("{}/data:/data:ro", project.root().display());
    let bind = json!([data.clone()]);
    let rows: Vec<(&[&str], &str, Value)> = vec![
        (&["--cpu", "0.5"], "/HostConfig/NanoCpus", json!(500_000_000)),
        (&["--memory", "256Mi"], "/HostConfig/Memory", json!(268_435_456)),
        (&["--memory-swap", "512m"], "/HostConfig/MemorySwap", json!(536_870_912)),
        (&["--memory-reservation", "64m"], "/HostConfig/MemoryReservation", json!(67_108_864)),
        (&["--shm-size", "128m"], "/HostConfig/ShmSize", json!(134_217_728)),
        (&["--oom-score-adj", "100"], "/HostConfig/OomScoreAdj", json!(100)),
        (&["--pids-limit", "300"], "/HostConfig/PidsLimit", json!(300)),
        (&["--cpu-shares", "512"], "/HostConfig/CpuShares", json!(512)),
        (&["--cpuset-cpus", "0"], "/HostConfig/CpusetCpus", json!("0")),
        (&["--cpuset-mems", "0"], "/HostConfig/CpusetMems", json!("0")),
        (
            &["--ulimit", "nofile=1000:2000"],
            "/HostConfig/Ulimits",
            json!([{"Name": "nofile", "Soft": 1000, "Hard": 2000}]),
        ),
        (&["--hostname", "lab"], "/Config/Hostname", json!("lab")),
        (&["--domainname", "example.org"], "/Config/Domainname", json!("example.org")),
        (&["--dns", "192.0.2.53"], "/HostConfig/Dns", json!(["192.0.2.53"])),
        (&["--dns-search", "example.org"], "/HostConfig/DnsSearch", json!(["example.org"])),
        (
            &["--dns-opt", "ndots:2", "--dns-option", "rotate"],
            "/HostConfig/DnsOptions",
            json!(["ndots:2", "rotate"]),
        ),
        (&["--add-host", "db:192.0.2.7"], "/HostConfig/ExtraHosts", json!(["db:192.0.2.7"])),
        (&["--network", "bridge"], "/HostConfig/NetworkMode", json!("bridge")),
        (&["--stop-signal", "SIGINT"], "/Config/StopSignal", json!("SIGINT")),
        (&["--interactive"], "/Config/OpenStdin", json!(true)),
        (&["--tty"], "/Config/Tty", json!(true)),
        (&["--read-only"], "/HostConfig/ReadonlyRootfs", json!(true)),
        (&["--init"], "/HostConfig/Init", json!(true)),
        (&["--rm"], "/HostConfig/AutoRemove", json!(true)),
        (&["--user", "0:0"], "/Config/User", json!("0:0")),
        (&["--group-add", "7"], "/HostConfig/GroupAdd", json!(["7"])),
        (&["--cap-add", "SYS_PTRACE"], "/HostConfig/CapAdd", json!(["SYS_PTRACE"])),
        (&["--cap-drop", "NET_RAW"], "/HostConfig/CapDrop", json!(["NET_RAW"])),
        (
            &["--security-opt", "no-new-privileges"],
            "/HostConfig/SecurityOpt",
            json!(["no-new-privileges"]),
        ),
        (
            &["--device", "/dev/null:/dev/other:r"],
            "/HostConfig/Devices",
            json!([{"PathOnHost": "/dev/null", "PathInContainer": "/dev/other", "CgroupPermissions": "r"}]),
        ),
        (
            &["--device-cgroup-rule", "c 1:3 rwm"],
            "/HostConfig/DeviceCgroupRules",
            json!(["c 1:3 rwm"]),
        ),
        (&["--tmpfs", "/scratch:size=1m"], "/HostConfig/Tmpfs", json!({"/scratch": "size=1m"})),
        (&["--runtime", "runc"], "/HostConfig/Runtime", json!("runc")),
        (&["--ipc", "private"], "/HostConfig/IpcMode", json!("private")),
        (&["--memory-swappiness", "60"], "/HostConfig/MemorySwappiness", json!(60)),
        (&["--oom-kill-disable"], "/HostConfig/OomKillDisable", json!(true)),
        (
            &["--sysctl", "net.core.somaxconn=1024"],
            "/HostConfig/Sysctls",
            json!({"net.core.somaxconn": "1024"}),
        ),
        (&["--cgroup-parent", "/renku-test"], "/HostConfig/CgroupParent", json!("/renku-test")),
        (&["--volume-driver", "local"], "/HostConfig/VolumeDriver", json!("local")),
        (&["--isolation", "default"], "/HostConfig/Isolation", json!("default")),
        (&["--entrypoint", "/bin/httpd"], "/Config/Entrypoint", json!(["/bin/httpd"])),
        (&["--platform", "linux/amd64"], "/Platform", json!("linux")),
    ];
    let mut words: Vec<&str> =
        rows.iter().flat_map(|(words, _, _)| words.iter().copied()).collect();
    words.extend(["--volume", &data, "--env-file", "variables.env", "--env", "TYPED=2"]);
    let run = start(&project, &words).success();
    let container = inspect(&run);
    for (words, place, expected) in rows {
        assert_eq!(container.pointer(place), Some(&expected), "{words:?}");
    }
    assert_eq!(container["HostConfig"]["Binds"], bind);
    let environment = container["Config"]["Env"].as_array().unwrap();
    for line in ["FROM_FILE=1", "TYPED=2"] {
        assert!(environment.contains(&json!(line)), "{line}: {environment:?}");
    }
    assert!(container["HostConfig"]["Privileged"] == json!(false));
}

#[test]
fn cpu_quota_and_period_are_there_for_who_wants_them() {
    let context = Context::new();
    let project = context.project("analysis");
    let container =
        inspect(&start(&project, &["--cpu-period", "50000", "--cpu-quota", "25000"]).success());
    assert_eq!(container["HostConfig"]["CpuPeriod"], json!(50_000));
    assert_eq!(container["HostConfig"]["CpuQuota"], json!(25_000));
    let run = start(&project, &["--cpu", "1", "--cpu-quota", "25000"]).exits(2);
    insta::assert_snapshot!(run.stderr, @r"
    error: `--cpu-quota 25000`: it says the same as `--cpu`: use one of them
    hint: leave out `--cpu-quota`
    ");
}

/// What this engine or kernel lacks is said, by the engine's own words or ours;
/// nothing is silently something else.
#[test]
fn what_this_kernel_lacks_is_said() {
    let context = Context::new();
    let project = context.project("analysis");
    let weight = start(&project, &["--blkio-weight", "500"]);
    if weight.status == 0 {
        assert_eq!(inspect(&weight)["HostConfig"]["BlkioWeight"], json!(500));
    } else {
        let said = "error: this engine leaves out something that was asked for";
        assert!(weight.stderr.contains(said), "{}", weight.stderr);
        assert_eq!(project.containers(), Vec::<String>::new());
        let weight = start(&project, &["--blkio-weight", "500", "--best-effort"]).success();
        assert!(weight.stderr.contains("warning: the engine says:"), "{}", weight.stderr);
    }
    for words in [
        &["--privileged"][..],
        &["--cpu-rt-period", "1000000", "--cpu-rt-runtime", "950000"],
        &["--mac-address", "02:42:ac:11:00:99"],
    ] {
        let before = project.containers();
        let run = start(&project, words);
        if run.status == 0 {
            let container = inspect(&run);
            let there = match words[0] {
                "--privileged" => container["HostConfig"]["Privileged"] == json!(true),
                "--mac-address" => container.to_string().contains("02:42:ac:11:00:99"),
                _ => container["HostConfig"]["CpuRealtimeRuntime"] == json!(950_000),
            };
            assert!(there, "{words:?}: {container}");
        } else {
            assert_ne!(run.json()["error"]["message"], Value::Null);
            assert_eq!(project.containers(), before, "{words:?} left something");
        }
    }
}

#[test]
fn further_ports_are_published_on_this_computer_alone() {
    let context = Context::new();
    let project = context.project("analysis");
    let run = start(&project, &["--publish-all", "--publish", "9090", "--publish", "8125/udp"]);
    let container = inspect(&run.success());
    let bindings = container["HostConfig"]["PortBindings"].as_object().unwrap();
    for port in ["8080/tcp", "9090/tcp", "8125/udp"] {
        assert_eq!(bindings[port][0]["HostIp"], json!("127.0.0.1"), "{port}");
    }
}

#[test]
fn volumes_of_another_container_are_mounted() {
    let context = Context::new();
    let project = context.project("analysis");
    let folder = project.root().join("shared");
    std::fs::create_dir(&folder).unwrap();
    let foreign = Foreign::start(&["-v", &format!("{}:/shared", folder.display())]);
    let container = inspect(&start(&project, &["--volumes-from", &foreign.name]).success());
    let mounts = container["Mounts"].as_array().unwrap();
    assert!(mounts.iter().any(|mount| mount["Destination"] == json!("/shared")), "{mounts:?}");
}

#[test]
fn every_option_can_be_set_in_the_environment() {
    let context = Context::new();
    let project = context.project("analysis");
    let image = httpd_image();
    let run = project
        .renku(&["session", "start", "--no-wait", "--format", "json", "--image", &image])
        .env("RENKU_SESSION_START_SHM_SIZE", "32m")
        .env("RENKU_SESSION_START_READ_ONLY", "1")
        .run()
        .success();
    let container = inspect(&run);
    assert_eq!(container["HostConfig"]["ShmSize"], json!(33_554_432));
    assert_eq!(container["HostConfig"]["ReadonlyRootfs"], json!(true));
}

#[test]
fn nothing_of_a_project_sets_options_of_the_engine() {
    let context = Context::new();
    let project = context.project("analysis");
    project.write(
        ".renku/renku.ini",
        "[interactive]\nprivileged = true\nvolume = /:/host\n[engine]\nprivileged = true\n",
    );
    let container = inspect(&start(&project, &[]).success());
    assert_eq!(container["HostConfig"]["Privileged"], json!(false));
    assert_eq!(container["HostConfig"]["Binds"], Value::Null);
}

#[test]
fn the_port_option_works() {
    let context = Context::new();
    let project = context.project("analysis");
    let port = free_port();
    let run = start(&project, &["--port", &port.to_string()]).success();
    let ports = &run.json()["session"]["ports"];
    assert_eq!(ports[0]["host"], json!(port));
    assert_eq!(ports[0]["host_ip"], json!("127.0.0.1"));
    let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with(&format!("http://127.0.0.1:{port}/")), "{url}");
}

#[test]
fn a_port_that_is_taken_is_named_and_nothing_is_left() {
    let context = Context::new();
    let project = context.project("analysis");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let run = start(&project, &["--port", &port]).exits(1);
    let error = run.json()["error"].clone();
    assert_eq!(error["kind"], json!("conflict"));
    assert_eq!(error["message"], json!(format!("port {port} of this computer is in use")));
    assert_eq!(error["hint"], json!("name another one with `--port`, or leave it out"));
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn an_ipv6_port_has_an_address_that_opens() {
    let context = Context::new();
    let project = context.project("analysis");
    let port = free_port().to_string();
    let run = start(&project, &["--port", &format!("[::1]:{port}")]);
    if run.status == 0 {
        let url = run.json()["session"]["url"].as_str().unwrap().to_owned();
        assert!(url.starts_with(&format!("http://[::1]:{port}/")), "{url}");
    } else {
        // An engine without IPv6 says so.
        assert!(run.stderr.contains("::1"), "{}", run.stderr);
    }
}

#[test]
fn a_session_has_the_name_that_was_chosen() {
    let context = Context::new();
    let project = context.project("analysis");
    let name = format!("chosen-{}", &project.id()[..8]);
    let run = start(&project, &["--name", &name]).success();
    assert_eq!(run.json()["session"]["name"], json!(name));
    let again = start(&project, &["--name", &name]).exits(1);
    assert_eq!(
        again.json()["error"]["message"],
        json!(format!("a container called `{name}` exists already"))
    );
    assert_eq!(project.containers(), [name.as_str()], "the first one still runs");
    let wrong = start(&project, &["--name", "not a name"]).exits(2);
    assert_eq!(wrong.json()["error"]["message"], json!("`not a name` cannot be a container name"));
}

#[test]
fn a_session_on_the_network_of_the_host_is_listed_with_its_url() {
    let context = Context::new();
    let project = context.project("analysis");
    let run = start(&project, &["--network", "host"]).success();
    let url = run.json()["session"]["url"].clone();
    assert!(url.as_str().unwrap().starts_with("http://127.0.0.1:"), "{url}");
    assert!(run.stderr.contains("warning: with `--network host`"), "{}", run.stderr);
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    assert_eq!(listed["sessions"][0]["url"], url);
}

#[test]
fn a_session_without_a_port_hides_no_other_and_needs_no_wait() {
    let context = Context::new();
    let project = context.project("analysis");
    let image = httpd_image();
    let words = ["start", "--format", "json", "--image", &image, "--network", "none"];
    let alone = project.session(&words).success().json()["session"].clone();
    assert_eq!(alone["url"], Value::Null);
    assert_eq!(alone["status"], json!("running"));
    let other = start(&project, &[]).success().json()["session"].clone();
    let listed = project.session(&["ls", "--format", "json"]).success().json();
    let sessions = listed["sessions"].as_array().unwrap();
    for session in [&alone, &other] {
        assert!(sessions.iter().any(|it| it["name"] == session["name"]), "{sessions:?}");
    }
    assert_eq!(sessions.len(), 2);
}

#[test]
fn a_mount_that_does_not_exist_is_refused_and_nothing_is_made_on_the_host() {
    let context = Context::new();
    let project = context.project("analysis");
    let missing = context.folder().join("missing");
    let volume = format!("{}:/data", missing.display());
    let run = start(&project, &["--volume", &volume]).exits(2);
    let error = run.json()["error"].clone();
    assert_eq!(error["kind"], json!("invalid-input"));
    assert!(!missing.exists(), "no directory of root in its place");
    assert_eq!(project.containers(), Vec::<String>::new());
}

#[test]
fn memory_in_gibibytes_and_no_gpu_at_all_are_what_they_say() {
    let context = Context::new();
    let project = context.project("analysis");
    let container = inspect(&start(&project, &["--memory", "2Gi", "--gpu", "0"]).success());
    assert_eq!(container["HostConfig"]["Memory"], json!(2_147_483_648_i64));
    assert_eq!(container["HostConfig"]["DeviceRequests"], Value::Null);
}

#[test]
fn what_the_engine_cannot_do_is_an_error_or_left_out_with_a_warning() {
    let context = Context::new();
    let project = context.project("analysis");
    for (words, message) in [
        (["--gpus", "all"], "this engine has no GPU for containers"),
        (["--cpu", "4000"], "4000 CPUs were asked for, but the engine has "),
    ] {
        let refused = start(&project, &words).exits(if words[0] == "--cpu" { 2 } else { 1 });
        let error = refused.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(error.starts_with(message), "{error}");
        assert_eq!(project.containers(), Vec::<String>::new());
    }
    let words = ["--best-effort", "--gpu", "1", "--cpu", "4000", "--env", "KEPT=1"];
    let run = start(&project, &words).success();
    let warnings: Vec<&str> =
        run.stderr.lines().filter(|line| line.ends_with("; it is left out")).collect();
    assert_eq!(warnings.len(), 2, "{}", run.stderr);
    let container = inspect(&run);
    assert_eq!(container["HostConfig"]["NanoCpus"], json!(0));
    // The Python `renku` lost the user's options when it tried again.
    assert!(container["Config"]["Env"].as_array().unwrap().contains(&json!("KEPT=1")));
}

#[test]
fn the_secret_of_a_session_is_not_replaced() {
    let context = Context::new();
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

#[test]
fn options_of_others_are_said_to_be_theirs() {
    let context = Context::new();
    let project = context.project("analysis");
    let run = project
        .session(&["start", "-p", &fixture("recording"), "--shm-size", "1g", "--yes"])
        .exits(2);
    assert!(
        run.stderr.contains("`--shm-size` is an option of providers that start containers, and"),
        "{}",
        run.stderr
    );
}

/// A provider that is not bundled cannot choose what the user's dangerous options
/// are used with.
#[test]
fn dangerous_options_need_an_image_that_the_user_named() {
    let context = Context::new();
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
            json!(format!("if you trust `{image}` with that, type `--image {image}`, too"))
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

#[test]
fn a_foreign_container_is_untouched_by_a_start_with_its_name() {
    let context = Context::new();
    let project = context.project("analysis");
    let foreign = Foreign::start(&[]);
    let run = start(&project, &["--name", &foreign.name]).exits(1);
    assert_eq!(run.json()["error"]["kind"], json!("conflict"));
    assert!(foreign.runs());
    assert!(docker(&["inspect", &foreign.id]).success);
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn options_that_the_engine_refuses_are_named() {
    let context = Context::new();
    let project = context.project("refused");
    for (option, value) in [
        ("--network", "renku-test-nowhere"),
        ("--runtime", "nowhere"),
        ("--volumes-from", "renku-test-nobody"),
        ("--cap-add", "NOTHING"),
        ("--security-opt", "nothing=1"),
        ("--cpuset-cpus", "5000"),
        ("--user", "nobody-there"),
        ("--group-add", "nobody-there"),
        ("--stop-signal", "SIGNOTHING"),
    ] {
        let run = start(&project, &[option, value]).exits(2);
        let error = format!("error: the engine refuses `{option} {value}`");
        assert!(run.stderr.contains(&error), "{}", run.stderr);
        assert!(run.stderr.contains(&format!("hint: leave out `{option}`")), "{}", run.stderr);
        assert_eq!(project.containers(), Vec::<String>::new());
    }
}

#[test]
fn a_failed_start_never_loses_the_volumes() {
    let context = Context::new();
    let project = context.project("volumes");
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    let options =
        ["--volume", "./.test:/kept:ro", "--env", "KEPT=yes", "--user", "65534", "--port", &port];
    let _ = start(&project, &options).exits(1);
    assert_eq!(project.containers(), Vec::<String>::new());
    drop(listener);
    let told = inspect(&start(&project, &options).success());
    let bind = format!("{}:/kept:ro", project.root().join(".test").display());
    assert_eq!(told["HostConfig"]["Binds"], json!([bind]));
    assert_eq!(told["Config"]["User"], "65534");
    assert!(told["Config"]["Env"].as_array().unwrap().contains(&json!("KEPT=yes")));
}

#[test]
fn a_read_only_session_of_an_ordinary_user_has_a_home() {
    let context = Context::new();
    let project = context.project("readonly");
    project.owned_by(4321, 4300);
    let told = inspect(&start(&project, &["--read-only"]).success());
    assert_eq!(
        told["HostConfig"]["Tmpfs"],
        json!({"/home/renku": "uid=4321,gid=4300,mode=0700,exec"})
    );
    let name = told["Name"].as_str().unwrap().trim_start_matches('/').to_owned();
    let _ = docker_ok(&["exec", &name, "sh", "-c", "echo x > /home/renku/x"]);
}

#[test]
fn options_come_from_the_users_settings_and_several_values_from_lines() {
    let context = Context::new();
    let project = context.project("levels");
    project.write(".renku/renku.ini", "[containers]\nprivileged = true\nshm_size = 1m\n").commit();
    let settings = context.home().join(".config/renku");
    std::fs::create_dir_all(&settings).unwrap();
    let set = |text: &str| std::fs::write(settings.join("renku.ini"), text).unwrap();
    set(
        "[containers]\nshm_size = 64m\nhostname = user\ninit = yes\ndns =\n  192.0.2.1\n  192.0.2.2\n",
    );
    let image = httpd_image();
    let run = project
        .renku(&["session", "start", "--no-wait", "--image", &image, "--format", "json"])
        .env("RENKU_SESSION_START_HOSTNAME", "environment")
        .env("RENKU_SESSION_START_CAP_DROP", "NET_RAW\nMKNOD")
        .run()
        .success();
    let told = inspect(&run);
    assert_eq!(told["HostConfig"]["Privileged"], false);
    assert_eq!(told["HostConfig"]["ShmSize"], json!(64 << 20));
    assert_eq!(told["HostConfig"]["Dns"], json!(["192.0.2.1", "192.0.2.2"]));
    assert_eq!(told["HostConfig"]["CapDrop"], json!(["NET_RAW", "MKNOD"]));
    assert_eq!(told["Config"]["Hostname"], "environment");
    set("[containers]\nshm = 64m\n");
    let run = start(&project, &[]).exits(2);
    assert!(run.stderr.contains("error: `shm` under `[containers]` in `"), "{}", run.stderr);
    set("[containers]\nshm_size = big\n");
    let run = start(&project, &[]).exits(2);
    assert!(run.stderr.contains("error: `shm_size = big` in `"), "{}", run.stderr);
}
