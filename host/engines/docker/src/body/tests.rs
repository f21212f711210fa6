//! The whole body that the engine is sent.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::*;
use crate::contract::{
    Caller, ContainerSpec, EngineFacts, EngineOptions, GivenIn, GrantLimits, ImageConfig, Known,
    KnownImage, ProjectFiles, ProjectScope, RunAs, Scope, admit, decide, engine_option,
};
use crate::files::session_key::KeyFile;
use crate::images::Owner;

fn scope() -> Scope {
    let key = KeyFile { path: "/none".into(), may_be_made: false };
    let files = ProjectFiles::Mounted;
    let project = ProjectScope { id: "p1".into(), root: "/home/ann/a:b".into(), files };
    let provider = renku_session_domain::Identity::named("docker");
    Scope { provider, project: Some(project), legacy: true, key }
}

fn spec() -> ContainerSpec {
    ContainerSpec {
        name: "analysis-x1".into(),
        image: "analysis:1".into(),
        ..ContainerSpec::default()
    }
}

fn image(user: &str) -> ImageConfig {
    ImageConfig { user: user.into(), ..ImageConfig::default() }
}

/// What was typed.
fn options(typed: &[(&str, &str)]) -> EngineOptions {
    let around =
        Caller { directory: "/".into(), home: None, variable: &|_| None, local_engine: true };
    let mut options = EngineOptions::default();
    for (name, value) in typed {
        let option = engine_option(name).expect(name);
        options.set(option, value, GivenIn::CommandLine, &around).expect("option");
    }
    options
}

/// What the engine is sent for a project of this owner.
fn sent(spec: ContainerSpec, image: &ImageConfig, uid: u32, options: &EngineOptions) -> Value {
    let facts = EngineFacts::default();
    let owner = Owner { uid, gid: uid };
    let image = KnownImage { id: "sha256:1", config: image };
    let known = Known { image, facts: Some(&facts), owner, user: "ann" };
    let admitted = admit(spec, options, &GrantLimits::default()).expect("admitted");
    let decided = decide(admitted, &scope(), options, &known).expect("decided");
    serde_json::to_value(create_body(&decided.run)).expect("json")
}

fn host(typed: &[(&str, &str)]) -> Value {
    serde_json::to_value(host_config(&options(typed).run)).expect("json")
}

#[test]
fn values_reach_the_field_they_belong_to() {
    assert_eq!(host(&[("shm-size", "128m")]), json!({"ShmSize": 134_217_728}));
    assert_eq!(host(&[("memory-swap", "2Gi")]), json!({"MemorySwap": 2_147_483_648_i64}));
    assert_eq!(
        host(&[("dns-opt", "ndots:2"), ("dns-option", "rotate")]),
        json!({"DnsOptions": ["ndots:2", "rotate"]})
    );
    assert_eq!(host(&[("rm", "")]), json!({"AutoRemove": true}));
    assert_eq!(
        host(&[("ulimit", "nofile=1024:2048")]),
        json!({"Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}]})
    );
    assert_eq!(
        host(&[("security-opt", "systempaths=unconfined")]),
        json!({"MaskedPaths": [], "ReadonlyPaths": []})
    );
}

/// One value for each option that goes to the engine as it is.
const ONE_OF_EACH: [(&str, &str); 49] = [
    ("init", ""),
    ("rm", ""),
    ("group-add", "video"),
    ("runtime", "crun"),
    ("cgroup-parent", "/renku"),
    ("isolation", "default"),
    ("ipc", "private"),
    ("volume", "data:/data:ro"),
    ("volumes-from", "other:ro"),
    ("volume-driver", "local"),
    ("tmpfs", "/run:size=1m"),
    ("read-only", ""),
    ("network", "lab"),
    ("dns", "192.0.2.1"),
    ("dns-search", "example.org"),
    ("dns-option", "rotate"),
    ("add-host", "db:192.0.2.2"),
    ("sysctl", "net.ipv4.ip_forward=1"),
    ("shm-size", "1g"),
    ("memory-reservation", "1m"),
    ("memory-swap", "-1"),
    ("memory-swappiness", "60"),
    ("oom-kill-disable", ""),
    ("oom-score-adj", "-5"),
    ("cpu-shares", "512"),
    ("cpu-period", "50000"),
    ("cpu-quota", "25000"),
    ("cpu-rt-period", "1000000"),
    ("cpu-rt-runtime", "950000"),
    ("cpuset-cpus", "0-1"),
    ("cpuset-mems", "0"),
    ("cpu-count", "2"),
    ("cpu-percent", "50"),
    ("blkio-weight", "300"),
    ("pids-limit", "100"),
    ("ulimit", "nofile=1024:2048"),
    ("privileged", ""),
    ("cap-add", "NET_ADMIN"),
    ("cap-drop", "MKNOD"),
    ("security-opt", "no-new-privileges"),
    ("security-opt", "systempaths=unconfined"),
    ("device", "/dev/null:/dev/null:rw"),
    ("device-cgroup-rule", "c 10:229 rwm"),
    ("interactive", ""),
    ("tty", ""),
    ("stop-signal", "SIGINT"),
    ("hostname", "box"),
    ("domainname", "example.org"),
    ("mac-address", "02:42:ac:11:00:02"),
];

/// Whole-program tests of such options run on the engine in memory; here is what the real one
/// is sent.
#[test]
fn every_option_reaches_the_field_it_belongs_to() {
    // Too much for `json!`.
    let expected: Value = serde_json::from_str(
        r#"{
        "Init": true,
        "AutoRemove": true,
        "GroupAdd": ["video"],
        "Runtime": "crun",
        "CgroupParent": "/renku",
        "Isolation": "default",
        "IpcMode": "private",
        "Binds": ["data:/data:ro"],
        "VolumesFrom": ["other:ro"],
        "VolumeDriver": "local",
        "Tmpfs": {"/run": "size=1m"},
        "ReadonlyRootfs": true,
        "NetworkMode": "lab",
        "Dns": ["192.0.2.1"],
        "DnsSearch": ["example.org"],
        "DnsOptions": ["rotate"],
        "ExtraHosts": ["db:192.0.2.2"],
        "Sysctls": {"net.ipv4.ip_forward": "1"},
        "ShmSize": 1073741824,
        "MemoryReservation": 1048576,
        "MemorySwap": -1,
        "MemorySwappiness": 60,
        "OomKillDisable": true,
        "OomScoreAdj": -5,
        "CpuShares": 512,
        "CpuPeriod": 50000,
        "CpuQuota": 25000,
        "CpuRealtimePeriod": 1000000,
        "CpuRealtimeRuntime": 950000,
        "CpusetCpus": "0-1",
        "CpusetMems": "0",
        "CpuCount": 2,
        "CpuPercent": 50,
        "BlkioWeight": 300,
        "PidsLimit": 100,
        "Ulimits": [{"Name": "nofile", "Soft": 1024, "Hard": 2048}],
        "Privileged": true,
        "CapAdd": ["NET_ADMIN"],
        "CapDrop": ["MKNOD"],
        "SecurityOpt": ["no-new-privileges"],
        "MaskedPaths": [],
        "ReadonlyPaths": [],
        "Devices": [{
            "PathOnHost": "/dev/null",
            "PathInContainer": "/dev/null",
            "CgroupPermissions": "rw"
        }],
        "DeviceCgroupRules": ["c 10:229 rwm"]
    }"#,
    )
    .expect("JSON");
    assert_eq!(host(&ONE_OF_EACH), expected);
}

#[test]
fn the_smallest_container_is_bounded_already() {
    let spec = ContainerSpec { run_as: RunAs::ImageUser, ..spec() };
    assert_eq!(
        sent(spec, &image("1000"), 4321, &EngineOptions::default()),
        json!({
            "Image": "analysis:1",
            "Env": [],
            "ExposedPorts": {},
            "Labels": {
                "io.renku.session.provider": "docker",
                "io.renku.session.owner": "ann",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "",
                "io.renku.session.ports": "",
                "io.renku.session.copy": "",
            },
            "HostConfig": {
                "Init": true,
                "ShmSize": 536_870_912,
                "RestartPolicy": {"Name": "no"},
                "PortBindings": {},
            },
        })
    );
}

#[test]
fn a_full_container_is_sent_as_asked_and_nothing_more() {
    let spec = ContainerSpec {
        command: Some(vec!["jupyter".into(), "lab".into()]),
        entrypoint: Some(vec!["tini".into(), "--".into()]),
        environment: vec![
            ("TOKEN".into(), "old".into()),
            ("HOME".into(), "/x".into()),
            ("TOKEN".into(), "new".into()),
        ],
        labels: BTreeMap::from([("renku_project".into(), "analysis".into())]),
        publish: vec![8888],
        mount_project: Some("/home/jovyan/work/analysis".into()),
        working_directory: Some("/home/jovyan/work/analysis".into()),
        resources: Resources { memory: Some(1 << 20), ..Resources::default() },
        ..spec()
    };
    assert_eq!(
        sent(spec, &image("1000"), 0, &EngineOptions::default()),
        json!({
            "Image": "analysis:1",
            "User": "0:0",
            "Entrypoint": ["tini", "--"],
            "Cmd": ["jupyter", "lab", "--allow-root"],
            "Env": ["HOME=/x", "TOKEN=new"],
            "WorkingDir": "/home/jovyan/work/analysis",
            "ExposedPorts": {"8888/tcp": {}},
            "Labels": {
                "renku_project": "analysis",
                "io.renku.session.provider": "docker",
                "io.renku.session.owner": "ann",
                "io.renku.session.project": "p1",
                "io.renku.session.name": "analysis-x1",
                "io.renku.session.environment": "HOME,TOKEN",
                "io.renku.session.ports": "8888",
                "io.renku.session.copy": "",
            },
            "HostConfig": {
                "Init": true,
                "ShmSize": 536_870_912,
                "Memory": 1_048_576,
                "RestartPolicy": {"Name": "no"},
                "PortBindings": {"8888/tcp": [{"HostIp": "127.0.0.1", "HostPort": ""}]},
                "Mounts": [{
                    "Type": "bind",
                    "Source": "/home/ann/a:b",
                    "Target": "/home/jovyan/work/analysis",
                    "ReadOnly": false,
                }],
            },
        })
    );
}

/// The program, the user and the variables of a container of a docker-stacks image,
/// for the owner of the project and with what was typed.
fn of_a_docker_stack(uid: u32, typed: &[(&str, &str)]) -> serde_json::Value {
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let image = ImageConfig {
        user: "1000".into(),
        entrypoint: words("tini -g -- start.sh"),
        command: words("start-notebook.py"),
        ..ImageConfig::default()
    };
    let body = sent(spec(), &image, uid, &options(typed));
    json!([body["Entrypoint"], body["Cmd"], body["User"], body["Env"]])
}

#[test]
fn what_the_user_typed_wins_over_what_makes_files_the_owner_s() {
    let variables = [("env", "NB_UID=7"), ("env", "OTHER=1")];
    assert_eq!(of_a_docker_stack(4321, &[]), json!([null, null, "4321:4321", []]));
    assert_eq!(
        of_a_docker_stack(4321, &variables),
        json!([null, null, "4321:4321", ["NB_UID=7", "OTHER=1"]])
    );
}

#[test]
fn what_runs_as_whom_is_decided_with_the_entrypoint_that_was_typed() {
    assert_eq!(
        of_a_docker_stack(0, &[]),
        json!([["tini"], ["-g", "--", "jupyter", "lab", "--allow-root"], "0:0", []])
    );
    // As `docker run --entrypoint`, it takes no words of the image's command.
    assert_eq!(
        of_a_docker_stack(0, &[("entrypoint", "/bin/sh")]),
        json!([["/bin/sh"], null, "0:0", []])
    );
    assert_eq!(
        of_a_docker_stack(0, &[("entrypoint", "jupyter-lab")]),
        json!([["jupyter-lab"], ["--allow-root"], "0:0", []])
    );
    assert_eq!(
        of_a_docker_stack(4321, &[("entrypoint", "/bin/sh")]),
        json!([["/bin/sh"], null, "4321:4321", []])
    );
}

#[test]
fn every_resource_reaches_the_engine_in_its_own_unit() {
    let mut host = HostConfig::default();
    let resources = Resources {
        cpu: Some(1.5),
        memory: Some(2 << 30),
        disk: Some(10),
        gpu: Some(Gpu::Devices(vec!["GPU-1".into()])),
    };
    apply(&resources, &mut host);
    assert_eq!(
        serde_json::to_value(&host).expect("json"),
        serde_json::json!({
            "NanoCpus": 1_500_000_000,
            "Memory": 2_147_483_648_u64,
            "StorageOpt": {"size": "10"},
            "DeviceRequests": [{"DeviceIDs": ["GPU-1"], "Capabilities": [["gpu"]]}],
        })
    );
}
