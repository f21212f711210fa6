//! Manifests and indexes of images, and which of an index is for this computer.
//!
//! Formats: OCI image specification 1.1 (manifest.md, image-index.md) and, with the same
//! fields, "Image Manifest V2, Schema 2" of Docker.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;

use crate::domain::Digest;

/// A file that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Blob {
    /// What it is; layers are recognised by their bytes instead.
    #[serde(default)]
    pub media_type: String,
    /// Of its bytes.
    pub digest: Digest,
    /// How many it has.
    pub size: u64,
    /// What is noted about it, such as its name.
    #[serde(default)]
    pub annotations: BTreeMap<String, String>,
    /// Which computers it is for, in an index.
    #[serde(default)]
    pub platform: Option<Platform>,
}

#[derive(Debug, Clone, Deserialize)]
pub struct ImageManifest {
    /// What it says about itself.
    pub config: Blob,
    /// The lowest first.
    #[serde(default)]
    pub layers: Vec<Blob>,
}

/// What a name of an image leads to.
#[derive(Debug, Clone)]
pub enum AnyManifest {
    Image(ImageManifest),
    /// Images for several platforms.
    Index(Vec<Blob>),
}

impl AnyManifest {
    /// Reads one.
    ///
    /// # Errors
    ///
    /// In words, when it is something else.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        #[derive(Deserialize)]
        struct Either {
            config: Option<serde_json::Value>,
            manifests: Option<Vec<Blob>>,
        }
        let not_read = |error| format!("its manifest cannot be parsed: {error}");
        let either: Either = serde_json::from_slice(bytes).map_err(not_read)?;
        match (either.config, either.manifests) {
            (None, Some(manifests)) => Ok(Self::Index(manifests)),
            (Some(_), None) => serde_json::from_slice(bytes).map(Self::Image).map_err(not_read),
            _ => Err("its manifest is neither that of an image nor an index of images".to_owned()),
        }
    }
}

/// A kind of computer.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Platform {
    /// `linux`
    pub os: String,
    /// As in Go: `amd64`, `arm64`.
    pub architecture: String,
    /// Which of its generations, such as `v7` of `arm`.
    #[serde(default)]
    pub variant: Option<String>,
}

impl Platform {
    /// What containers on this computer are: Linux, whatever it runs itself.
    #[must_use]
    pub fn ours() -> Self {
        let (architecture, variant) = match std::env::consts::ARCH {
            "x86_64" => ("amd64", None),
            "x86" => ("386", None),
            "aarch64" => ("arm64", Some("v8")),
            "arm" => ("arm", Some("v7")),
            "powerpc64" if cfg!(target_endian = "little") => ("ppc64le", None),
            other => (other, None),
        };
        Self {
            os: "linux".into(),
            architecture: architecture.into(),
            variant: variant.map(Into::into),
        }
    }

    /// Whether what is for `other` runs here: of the same generation, or an older one.
    #[must_use]
    pub fn runs(&self, other: &Self) -> bool {
        let variant = |platform: &Self| platform.variant.clone().filter(|it| !it.is_empty());
        self.os == other.os
            && self.architecture == other.architecture
            && match (variant(self), variant(other)) {
                (_, None) => true,
                (None, Some(other)) => other == "v1",
                (Some(own), Some(other)) => other <= own,
            }
    }

    /// Of an index, what fits best.
    #[must_use]
    pub fn choose<'a>(&self, index: &'a [Blob]) -> Option<&'a Blob> {
        let fits = |blob: &&Blob| blob.platform.as_ref().is_some_and(|it| self.runs(it));
        // The first of those that are equally good.
        let newer = |blob: &&Blob| blob.platform.as_ref().and_then(|it| it.variant.clone());
        index.iter().filter(fits).rev().max_by_key(newer)
    }

    /// What an index is for, for messages.
    #[must_use]
    pub fn all(index: &[Blob]) -> Vec<String> {
        let named = index.iter().filter_map(|blob| blob.platform.as_ref());
        // So are attestations marked.
        named.filter(|platform| platform.os != "unknown").map(Self::to_string).collect()
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.os, self.architecture)?;
        match &self.variant {
            Some(variant) if !variant.is_empty() => write!(formatter, "/{variant}"),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn platform(text: &str) -> Platform {
        let mut parts = text.split('/').map(str::to_owned);
        let (os, architecture) = (parts.next().unwrap(), parts.next().unwrap());
        Platform { os, architecture, variant: parts.next() }
    }

    fn index(platforms: &[&str]) -> Vec<Blob> {
        let blob = |text: &&str| Blob {
            media_type: String::new(),
            digest: Digest::of(text.as_bytes()),
            size: 1,
            annotations: BTreeMap::new(),
            platform: Some(platform(text)),
        };
        platforms.iter().map(blob).collect()
    }

    #[test]
    fn the_image_for_this_computer_is_chosen() {
        let all = [
            "windows/amd64",
            "linux/amd64/v3",
            "linux/amd64",
            "linux/arm/v5",
            "linux/arm/v7",
            "linux/arm/v8",
            "linux/arm64/v8",
            "unknown/unknown",
        ];
        for (ours, chosen) in [
            ("linux/amd64", Some("linux/amd64")),
            ("linux/arm/v7", Some("linux/arm/v7")),
            ("linux/arm64/v8", Some("linux/arm64/v8")),
            ("linux/s390x", None),
        ] {
            let index = index(&all);
            let found = platform(ours).choose(&index).and_then(|it| it.platform.clone());
            assert_eq!(found, chosen.map(platform), "{ours}");
        }
        assert_eq!(Platform::all(&index(&all)).len(), 7);
    }

    #[test]
    fn a_manifest_is_of_an_image_or_an_index() {
        let digest = Digest::of(b"");
        let image = format!(r#"{{"config":{{"digest":"{digest}","size":2}},"layers":[]}}"#);
        assert!(matches!(AnyManifest::read(image.as_bytes()), Ok(AnyManifest::Image(_))));
        let index = br#"{"manifests":[]}"#;
        assert!(matches!(AnyManifest::read(index), Ok(AnyManifest::Index(_))));
        for other in [
            "{}",
            "[]",
            "",
            r#"{"config":{},"layers":[]}"#,
            r#"{"config":{"digest":"md5:0","size":1}}"#,
        ] {
            assert!(AnyManifest::read(other.as_bytes()).is_err(), "{other}");
        }
    }
}
