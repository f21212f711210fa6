//! Everything an engine says about itself that a person who looks for a fault
//! wants to know: `GET /version`, `GET /info`.

use std::path::PathBuf;

use bollard::models::{SystemInfo, SystemVersion};

use crate::connect::{self, Address, Engine};
use crate::contract::{Census, ContainersError, EngineReport, Examination, census, in_time};
use crate::docker_facts::{self, DockerFacts, podman_version};
use crate::files::session_key::KeyFile;
use crate::settings::EngineSettings;
use crate::{Docker, engine_errors};

/// Looks for the engine of these settings, asks it about itself and for the sessions of
/// the user with this key.
pub async fn examine(settings: &EngineSettings, key: &KeyFile) -> Examination {
    let mut tried = Vec::new();
    let asked = match connect::find(settings, &mut tried).await {
        Ok(found) => in_time(ask(&found, key)).await,
        Err(error) => Err(error),
    };
    let (engine, census) = match asked {
        Ok((engine, census)) => (Ok(engine), census),
        Err(error) => (Err(error), Census::default()),
    };
    Examination { tried, engine, census }
}

async fn ask(found: &Engine, key: &KeyFile) -> Result<(EngineReport, Census), ContainersError> {
    let docker = &found.docker;
    let itself = async { tokio::try_join!(docker.info(), docker.version()) };
    let driver = Docker::of(found.clone());
    let (itself, census) = tokio::join!(itself, census(&driver, key));
    let (info, version) = itself.map_err(engine_errors::other("describe itself"))?;
    let here = matches!(found.address, Address::Unix(_));
    let mut report = report(found.shown.clone(), here, info, version);
    report.rootless = report.rootless
        || (report.name == "Podman" && docker_facts::podman_is_rootless(&found.address).await);
    Ok((report, census.unwrap_or_default()))
}

fn report(address: String, unix: bool, info: SystemInfo, version: SystemVersion) -> EngineReport {
    let podman = podman_version(&version);
    let api = version.api_version.clone().unwrap_or_default();
    let positive = |number: Option<i64>| number.and_then(|it| u64::try_from(it).ok());
    let cgroups = [
        info.cgroup_version.map(|version| format!("v{version}")),
        info.cgroup_driver.map(|driver| driver.to_string()),
    ];
    let gpus = gpus(&info);
    let facts = DockerFacts::from(info.clone());
    let rootless = facts.rootless;
    EngineReport {
        address,
        name: if podman.is_some() { "Podman" } else { "Docker Engine" }.to_owned(),
        // Engine 18.09 is the first with BuildKit; Podman builds with Buildah.
        builder: match &podman {
            Some(_) => "by Podman itself",
            None if minor(&api).is_some_and(|minor| minor >= 39) => "BuildKit",
            None => "the classic builder, without `RUN --mount`",
        },
        usage: "docker system df",
        version: podman.or(version.version).unwrap_or_default(),
        api: (api, version.min_api_version.unwrap_or_default()),
        system: [info.operating_system, info.architecture]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(", "),
        cpus: positive(info.ncpu).unwrap_or_default(),
        memory: positive(info.mem_total).unwrap_or_default(),
        rootless,
        cgroups: cgroups.into_iter().flatten().collect::<Vec<_>>().join(", "),
        // Podman leaves these out and can do both.
        limits_memory: facts.podman || info.memory_limit.unwrap_or(true),
        limits_cpu: facts.podman || info.cpu_cfs_quota.unwrap_or(true),
        storage: facts.storage(),
        limits_disk: facts.can_limit_disk(),
        gpus,
        root: info.docker_root_dir.map(PathBuf::from),
        here: unix && !facts.desktop,
    }
}

fn gpus(info: &SystemInfo) -> Vec<String> {
    let runtimes = info.runtimes.iter().flat_map(|runtimes| runtimes.keys());
    let mut found: Vec<String> = runtimes
        .filter(|name| ["nvidia", "amd"].iter().any(|vendor| name.contains(vendor)))
        .map(|name| format!("runtime {name}"))
        .collect();
    found.sort();
    // Where such a directory is empty, there is no device; the engine names them anyway.
    let directories = info.cdi_spec_dirs.iter().flatten();
    let full = directories.filter(|directory| {
        std::fs::read_dir(directory).is_ok_and(|mut entries| entries.next().is_some())
    });
    found.extend(full.map(|directory| format!("CDI devices in {directory}")));
    found
}

/// `1.41` → 41.
fn minor(api: &str) -> Option<u32> {
    api.strip_prefix("1.")?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn examined(info: &str, version: &str) -> EngineReport {
        let info = serde_json::from_str(info).expect("info");
        let version = serde_json::from_str(version).expect("version");
        report("unix:///x.sock".into(), true, info, version)
    }

    #[test]
    fn a_docker_engine_is_described() {
        let found = examined(
            r#"{"NCPU":2,"MemTotal":8000000000,"Driver":"overlay2","CgroupDriver":"cgroupfs",
                "CgroupVersion":"2","DriverStatus":[["Backing Filesystem","extfs"]],
                "MemoryLimit":true,"CpuCfsQuota":false,"DockerRootDir":"/var/lib/docker",
                "Runtimes":{"runc":{"path":"runc"},"nvidia":{"path":"nvidia-container-runtime"}},
                "OperatingSystem":"Debian GNU/Linux 12 (bookworm)","Architecture":"x86_64"}"#,
            r#"{"Version":"20.10.24","ApiVersion":"1.41","MinAPIVersion":"1.12"}"#,
        );
        let expected = EngineReport {
            address: "unix:///x.sock".into(),
            name: "Docker Engine".into(),
            version: "20.10.24".into(),
            api: ("1.41".into(), "1.12".into()),
            system: "Debian GNU/Linux 12 (bookworm), x86_64".into(),
            cpus: 2,
            memory: 8_000_000_000,
            rootless: false,
            cgroups: "v2, cgroupfs".into(),
            limits_memory: true,
            limits_cpu: false,
            storage: "overlay2 on extfs".into(),
            limits_disk: false,
            gpus: vec!["runtime nvidia".into()],
            builder: "BuildKit",
            usage: "docker system df",
            root: Some("/var/lib/docker".into()),
            here: true,
        };
        assert_eq!(found, expected);
    }

    #[test]
    fn podman_goes_by_its_own_name_and_version() {
        let found = examined(
            r#"{"SecurityOptions":["name=rootless"]}"#,
            r#"{"Version":"4.3.1","ApiVersion":"1.41",
                "Components":[{"Name":"Podman Engine","Version":"4.3.1"}]}"#,
        );
        assert_eq!((found.name.as_str(), found.version.as_str()), ("Podman", "4.3.1"));
        assert!(found.rootless && found.limits_cpu);
        assert_eq!(found.builder, "by Podman itself");
    }
}
