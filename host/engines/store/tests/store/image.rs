//! An image made by hand, and the archives that tools would make of it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use renku_session_domain::{Digest, Silent};
use renku_session_store::{Limits, Loaded, Store, StoreError};
use serde_json::{Value, json};

pub(crate) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(crate) const INDEX: &str = "application/vnd.oci.image.index.v1+json";
pub(crate) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";

/// `linux` and this computer.
pub(crate) fn architecture() -> &'static str {
    match std::env::consts::ARCH {
        "x86_64" => "amd64",
        "aarch64" => "arm64",
        other => other,
    }
}

/// A tar archive with these files.
pub(crate) fn tar(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_ustar();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

pub(crate) fn zstd(bytes: &[u8]) -> Vec<u8> {
    ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
}

/// An image with two layers: one compressed with gzip, one with zstd.
pub(crate) struct Image {
    pub(crate) config: Vec<u8>,
    /// As they are stored.
    pub(crate) layers: Vec<Vec<u8>>,
    pub(crate) unpacked: Vec<Vec<u8>>,
}

impl Image {
    /// `text` is what `etc/motd` says.
    pub(crate) fn new(text: &str) -> Self {
        Self::of(text, architecture())
    }

    pub(crate) fn of(text: &str, architecture: &str) -> Self {
        let unpacked = vec![
            tar(&[("etc/motd", b"base"), ("etc/gone", b"x")]),
            tar(&[("etc/motd", text.as_bytes()), ("etc/.wh.gone", b"")]),
        ];
        let layers = vec![gzip(&unpacked[0]), zstd(&unpacked[1])];
        let config = json!({
            "architecture": architecture, "os": "linux",
            "config": {"Cmd": ["sh"], "Env": ["A=b"], "WorkingDir": "/etc"},
            "rootfs": {"type": "layers", "diff_ids": unpacked.iter().map(|it| Digest::of(it)).collect::<Vec<_>>()},
        });
        Self { config: config.to_string().into_bytes(), layers, unpacked }
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest::of(&self.config)
    }

    /// `docker save`, as before Docker 25.
    pub(crate) fn docker_save(&self, tags: &[&str]) -> Vec<u8> {
        let config = format!("{}.json", self.digest().hex());
        let manifest =
            json!([{"Config": config, "RepoTags": tags, "Layers": ["a/layer.tar", "b/layer.tar"]}]);
        let manifest = manifest.to_string();
        tar(&[
            ("a/layer.tar", &self.unpacked[0]),
            ("b/layer.tar", &self.unpacked[1]),
            (&config, &self.config),
            ("manifest.json", manifest.as_bytes()),
        ])
    }

    pub(crate) fn manifest(&self) -> Vec<u8> {
        let blob = |kind: &str, bytes: &[u8]| json!({"mediaType": kind, "digest": Digest::of(bytes), "size": bytes.len()});
        let layer = |bytes: &Vec<u8>| blob("application/vnd.oci.image.layer.v1.tar", bytes);
        json!({
            "schemaVersion": 2, "mediaType": MANIFEST,
            "config": blob(CONFIG, &self.config),
            "layers": self.layers.iter().map(layer).collect::<Vec<_>>(),
        })
        .to_string()
        .into_bytes()
    }

    /// Its files in an OCI layout, but for the index.
    pub(crate) fn blobs(&self) -> Vec<(String, Vec<u8>)> {
        let manifest = self.manifest();
        let all = [&self.config, &manifest].into_iter().chain(&self.layers).cloned();
        all.map(|bytes| (format!("blobs/sha256/{}", Digest::of(&bytes).hex()), bytes)).collect()
    }

    /// As an index names it.
    pub(crate) fn named(&self, platform: &str, name: Option<&str>) -> Value {
        let manifest = self.manifest();
        let (os, architecture) = platform.split_once('/').unwrap();
        let mut named = json!({
            "mediaType": MANIFEST, "digest": Digest::of(&manifest), "size": manifest.len(),
            "platform": {"os": os, "architecture": architecture},
        });
        if let Some(name) = name {
            named["annotations"] = json!({"org.opencontainers.image.ref.name": name});
        }
        named
    }
}

/// An OCI layout: what it names, and its files.
pub(crate) fn layout(named: &[Value], blobs: &[(String, Vec<u8>)]) -> Vec<(String, Vec<u8>)> {
    let index = json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": named});
    let mut files = blobs.to_vec();
    files.push(("oci-layout".into(), br#"{"imageLayoutVersion":"1.0.0"}"#.to_vec()));
    files.push(("index.json".into(), index.to_string().into_bytes()));
    files
}

pub(crate) fn packed(files: &[(String, Vec<u8>)]) -> Vec<u8> {
    tar(&files.iter().map(|(name, bytes)| (name.as_str(), &bytes[..])).collect::<Vec<_>>())
}

/// A store in a folder of one test.
pub(crate) struct Home {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) store: Store,
}

impl Home {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::at(&folder.path().join("images"), Limits::default());
        Self { folder, store }
    }

    pub(crate) fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }

    pub(crate) async fn load(&self, path: &Path) -> Result<Vec<Loaded>, StoreError> {
        self.store.load(path, None, &Silent).await
    }

    /// The same of bytes, in a file.
    pub(crate) async fn load_bytes(&self, bytes: &[u8]) -> Result<Vec<Loaded>, StoreError> {
        let path = self.put("archive.tar", bytes);
        self.load(&path).await
    }

    /// What lies in the store, without files for locks.
    pub(crate) fn names(&self) -> Vec<String> {
        let Ok(listed) = self.store.path().read_dir() else { return Vec::new() };
        let names = listed.map(|it| it.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> =
            names.filter(|name| name != "locks" && !name.ends_with(".lock")).collect();
        names.sort();
        names
    }
}

pub(crate) fn motd(loaded: &Loaded) -> String {
    std::fs::read_to_string(loaded.tree.root.join("etc/motd")).unwrap()
}
