//! What an image says about itself (OCI image specification, config.md; the same with
//! Docker): how it is started, and what its layers must hash to.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use crate::domain::Digest;
use crate::images::ImageConfig;
use crate::registry::image_manifest::Platform;

/// The description of an image.
#[derive(Debug, Clone)]
pub(crate) struct Description {
    pub(crate) config: ImageConfig,
    /// VOLUME.
    pub(crate) volumes: Vec<PathBuf>,
    /// Of the unpacked layers, the lowest first.
    pub(crate) layers: Vec<Digest>,
    /// None for an image that does not say it.
    pub(crate) platform: Option<Platform>,
}

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: Option<String>,
    #[serde(default)]
    config: Option<Config>,
    rootfs: Rootfs,
}

#[derive(Deserialize)]
struct Rootfs {
    #[serde(default)]
    diff_ids: Option<Vec<Digest>>,
}

/// Go writes `null` for what is empty.
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct Config {
    entrypoint: Option<Vec<String>>,
    cmd: Option<Vec<String>>,
    user: Option<String>,
    working_dir: Option<String>,
    env: Option<Vec<String>>,
    exposed_ports: Option<BTreeMap<String, serde_json::Value>>,
    volumes: Option<BTreeMap<PathBuf, serde_json::Value>>,
    labels: Option<BTreeMap<String, String>>,
}

impl Description {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// In words, when it is none.
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, String> {
        let document: Document = serde_json::from_slice(bytes)
            .map_err(|error| format!("its description cannot be parsed: {error}"))?;
        let config = document.config.unwrap_or_default();
        let pair = |variable: String| match variable.split_once('=') {
            Some((name, value)) => (name.to_owned(), value.to_owned()),
            None => (variable, String::new()),
        };
        let port = |port: &String| port.strip_suffix("/tcp").unwrap_or(port).parse().ok();
        let mut ports: Vec<u16> =
            config.exposed_ports.iter().flatten().filter_map(|(it, _)| port(it)).collect();
        ports.sort_unstable();
        let platform = (!document.architecture.is_empty()).then_some(Platform {
            os: document.os,
            architecture: document.architecture,
            variant: document.variant,
        });
        Ok(Self {
            config: ImageConfig {
                entrypoint: config.entrypoint.unwrap_or_default(),
                command: config.cmd.unwrap_or_default(),
                exposed_ports: ports,
                user: config.user.unwrap_or_default(),
                working_directory: config.working_dir.unwrap_or_default(),
                environment: config.env.into_iter().flatten().map(pair).collect(),
                labels: config.labels.unwrap_or_default(),
            },
            volumes: config.volumes.into_iter().flatten().map(|(path, _)| path).collect(),
            layers: document.rootfs.diff_ids.unwrap_or_default(),
            platform,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_read_as_docker_and_buildah_write_it() {
        let digest = Digest::of(b"");
        let text = serde_json::json!({
            "architecture": "amd64", "os": "linux",
            "config": {
                "Entrypoint": ["tini", "--"], "Cmd": null, "User": "1000:100", "WorkingDir": "/home",
                "Env": ["PATH=/bin", "A=b=c", "EMPTY"], "ExposedPorts": {"8888/tcp": {}, "53/udp": {}, "80": {}},
                "Volumes": {"/data": {}}, "Labels": {"a": "b"}, "OnBuild": [],
            },
            "rootfs": {"type": "layers", "diff_ids": [digest]}, "history": [],
        });
        let read = Description::read(text.to_string().as_bytes()).unwrap();
        let pairs = |pairs: &[(&str, &str)]| {
            pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
        };
        let config = ImageConfig {
            entrypoint: vec!["tini".into(), "--".into()],
            command: vec![],
            exposed_ports: vec![80, 8888],
            user: "1000:100".into(),
            working_directory: "/home".into(),
            environment: pairs(&[("PATH", "/bin"), ("A", "b=c"), ("EMPTY", "")]),
            labels: pairs(&[("a", "b")]),
        };
        assert_eq!(read.config, config);
        assert_eq!((read.volumes, read.layers), (vec!["/data".into()], vec![digest]));
        assert_eq!(read.platform.unwrap().to_string(), "linux/amd64");
        let bare = Description::read(br#"{"rootfs":{}}"#).unwrap();
        assert_eq!(bare.config, ImageConfig::default());
        assert!(bare.platform.is_none() && bare.layers.is_empty());
        assert!(Description::read(b"{}").is_err());
    }
}
