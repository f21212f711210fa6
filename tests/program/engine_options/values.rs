//! Options whose value the container has.

use serde_json::{Value, json};
use support::{Context, Foreign, docker_ok};

use super::{address, inspect, start};

#[test]
fn a_value_may_be_negative_where_the_engine_has_a_meaning_for_that() {
    let context = Context::docker();
    let project = context.project("analysis");
    let options = ["--memory", "64m", "--memory-swap", "-1", "--pids-limit", "-1"];
    let container = inspect(&start(&project, &options).success());
    assert_eq!(container["HostConfig"]["MemorySwap"], json!(-1));
    let run = start(&project, &["--shm-size", "-1"]).exits(2);
    assert!(run.stderr.starts_with("error: `--shm-size -1`: "), "{}", run.stderr);
}

/// Options with a value for each, where `docker inspect` shows it, and what it is
/// there. All of them together make one container.
#[test]
fn every_option_that_this_kernel_knows_reaches_the_container() {
    let context = Context::docker();
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
    // The words of the image are not for another program, which would end at once.
    let config = context.config("command: [-f, -p, '8080', -h, /www]\n");
    words.extend([
        "-c",
        &config,
        "--volume",
        &data,
        "--env-file",
        "variables.env",
        "--env",
        "TYPED=2",
    ]);
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
    let context = Context::docker();
    let project = context.project("analysis");
    let container =
        inspect(&start(&project, &["--cpu-period", "50000", "--cpu-quota", "25000"]).success());
    assert_eq!(container["HostConfig"]["CpuPeriod"], json!(50_000));
    assert_eq!(container["HostConfig"]["CpuQuota"], json!(25_000));
    let run = start(&project, &["--cpu", "1", "--cpu-quota", "25000"]).exits(2);
    insta::assert_snapshot!(run.stderr, @r"
    error: `--cpu-quota 25000`: it conflicts with `--cpu`: use one of them
    hint: leave out `--cpu-quota`
    ");
}

#[test]
fn memory_in_gibibytes_and_no_gpu_at_all_are_what_they_say() {
    let context = Context::docker();
    let project = context.project("analysis");
    let container = inspect(&start(&project, &["--memory", "2Gi", "--gpu", "0"]).success());
    assert_eq!(container["HostConfig"]["Memory"], json!(2_147_483_648_i64));
    assert_eq!(container["HostConfig"]["DeviceRequests"], Value::Null);
}

#[test]
fn volumes_of_another_container_are_mounted() {
    let context = Context::docker();
    let project = context.project("analysis");
    let folder = project.root().join("shared");
    std::fs::create_dir(&folder).unwrap();
    let foreign = Foreign::start(&["-v", &format!("{}:/shared", folder.display())]);
    let container = inspect(&start(&project, &["--volumes-from", &foreign.name]).success());
    let mounts = container["Mounts"].as_array().unwrap();
    assert!(mounts.iter().any(|mount| mount["Destination"] == json!("/shared")), "{mounts:?}");
}

#[test]
fn a_hardware_address_is_that_of_the_session() {
    let context = Context::docker();
    let project = context.project("analysis");
    let address = address(&project);
    let run = start(&project, &["--mac-address", &address]).success();
    let name = run.json()["session"]["name"].as_str().unwrap().to_owned();
    let seen = docker_ok(&["exec", &name, "cat", "/sys/class/net/eth0/address"]);
    assert_eq!(seen, address);
    assert!(!run.stderr.contains("warning"), "{}", run.stderr);
}

/// Engines that have the limit get it, and the user hears what it is worth; all
/// others are an error that says so.
#[test]
fn kernel_memory_reaches_engines_that_have_it_and_is_refused_by_others() {
    let context = Context::docker();
    let project = context.project("analysis");
    let run = start(&project, &["--kernel-memory", "50m"]);
    if run.status == 0 {
        let said =
            "warning: the engine accepts `--kernel-memory`, but runc has ignored it since 1.0";
        assert!(run.stderr.contains(said), "{}", run.stderr);
        assert_eq!(inspect(&run)["HostConfig"]["KernelMemory"], json!(52_428_800));
        let little = start(&project, &["--kernel-memory", "1m"]).exits(2);
        let error = "error: the engine refuses `--kernel-memory 1m`";
        assert!(little.stderr.contains(error), "{}", little.stderr);
    } else {
        assert_eq!(
            run.json()["error"]["message"],
            json!("this engine cannot set `--kernel-memory`")
        );
        assert_eq!(project.containers(), Vec::<String>::new());
        let _ = start(&project, &["--kernel-memory", "50m", "--best-effort"]).success();
    }
}
