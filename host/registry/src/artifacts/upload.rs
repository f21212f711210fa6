//! Puts blobs and manifests into a repository (specification, "Push").

use super::error::RegistryError;
use super::layout::MANIFEST;
use super::registry::Registry;
use crate::domain::Digest;
use crate::web::http::Fetch;

/// What a registry made of a manifest.
pub(super) struct Put {
    /// Whether it noted what the manifest refers to ("Pushing Manifests with Subject").
    pub(super) knows_subject: bool,
}

impl Registry {
    /// Puts a blob there, unless it is there.
    ///
    /// # Errors
    ///
    /// What the registry says.
    pub(super) async fn put_blob(&self, shown: &str, bytes: &[u8]) -> Result<(), RegistryError> {
        let digest = Digest::of(bytes).to_string();
        let there = Fetch::head(self.wire.url(&format!("blobs/{digest}"))?);
        if self.wire.send(there).await?.status() == 200 {
            return Ok(());
        }
        let begin = Fetch::post(self.wire.url("blobs/uploads/")?);
        let answer = self.wire.send(begin).await?;
        let answer = self.wire.accepted(shown, answer).await?;
        let place = answer.header("location").and_then(|place| answer.url().join(place).ok());
        let mut place = place.ok_or_else(|| RegistryError::Unavailable {
            host: self.place.host.clone(),
            reason: "it does not report where to upload".to_owned(),
        })?;
        place.query_pairs_mut().append_pair("digest", &digest);
        let put = Fetch::put(place).body("application/octet-stream", bytes.to_vec());
        let answer = self.wire.send(put).await?;
        self.wire.accepted(shown, answer).await.map(drop)
    }

    /// Puts a manifest there, under a tag or its digest.
    ///
    /// # Errors
    ///
    /// What the registry says.
    pub(super) async fn put_manifest(
        &self,
        shown: &str,
        reference: &str,
        kind: &'static str,
        bytes: &[u8],
    ) -> Result<Put, RegistryError> {
        let url = self.wire.url(&format!("manifests/{reference}"))?;
        let put = Fetch::put(url).body(kind, bytes.to_vec());
        let answer = self.wire.send(put).await?;
        let answer = self.wire.accepted(shown, answer).await?;
        Ok(Put { knows_subject: kind == MANIFEST && answer.header("oci-subject").is_some() })
    }
}
