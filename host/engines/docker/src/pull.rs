//! Pulls an image, with progress over all its layers.
//!
//! API: `POST /images/create`. Failures come as a status, or (Podman always,
//! Docker sometimes) inside a stream that began with 200.

use std::collections::BTreeMap;
use std::time::Duration;

use bollard::errors::Error;
use bollard::models::CreateImageInfo;
use hyper::{Request, StatusCode};

use crate::connect::Engine;
use crate::contract::{ContainersError, ImageError, NamedImage};
use crate::credentials::{credentials, header, logins};
use crate::domain::Phase;
use crate::lines::Lines;
use crate::pulse::Pulse;
use crate::registry_trouble::Trouble;
use crate::settings::EngineSettings;
use crate::{engine_errors, exchange};

/// A pull has no limit as long as it moves. One that waits for another pull of the same
/// image does not.
const SILENCE: Duration = Duration::from_secs(10 * 60);

/// More layers than an image can have.
const LAYERS: usize = 1000;

/// Pulls `image` with the logins stored in Docker's settings.
///
/// # Errors
///
/// [`ImageError::PullNotFound`], `PullDenied`, `PullUnreachable`, `PullFailed`.
pub(crate) async fn pull(
    engine: &Engine,
    settings: &EngineSettings,
    image: NamedImage<'_>,
    phase: &Phase,
) -> Result<(), ContainersError> {
    let NamedImage { name, reference } = image;
    let login = logins(settings).of(reference.registry(), reference.path()).await;
    let credentials = login.map(|login| credentials(login, reference.registry()));
    let trouble = |error: Error| Trouble::of_pull(&error, name, reference.registry());
    // Without a tag the engine would pull all of them.
    let query = [("fromImage", &reference.repository), ("tag", &reference.version)];
    let asked = async {
        let query = serde_urlencoded::to_string(query)?;
        let mut request = Request::post(format!("/images/create?{query}"))
            .header("host", exchange::HOST)
            .header("content-length", 0);
        if let Some(credentials) = &credentials {
            request = request.header("x-registry-auth", header(credentials)?);
        }
        let request = request.body(exchange::nothing())?;
        exchange::send(engine.address.dial().await?, request, StatusCode::OK).await
    };
    let answer = Pulse::new(SILENCE).watch(asked).await.map_err(trouble)?;
    let mut lines = Lines::of(answer.into_body(), SILENCE);
    let mut layers = Layers::default();
    while let Some(answer) = lines.next::<CreateImageInfo>().await.map_err(trouble)? {
        if let Some(error) = answer.error_detail.as_ref().and_then(|it| it.message.clone()) {
            return Err(trouble(Error::DockerStreamError { error }).into());
        }
        if let Some((done, total)) = layers.update(&answer) {
            phase.amount(done, total, "bytes");
        }
        if let Some(note) = layers.note() {
            phase.note(&note);
        }
    }
    match engine.docker.inspect_image(name).await {
        Ok(_) => Ok(()),
        Err(error) => Err(ImageError::PullFailed {
            image: name.to_owned(),
            message: engine_errors::message(&error),
        }
        .into()),
    }
}

/// How far each layer is.
#[derive(Default)]
pub(crate) struct Layers {
    /// Bytes of downloads: done and to do.
    downloads: BTreeMap<String, (u64, u64)>,
    /// Whether a layer is there, unpacked.
    there: BTreeMap<String, bool>,
    /// What was noted last.
    noted: (usize, usize),
}

impl Layers {
    /// Bytes done and to do, when `answer` is about a download. The total
    /// grows while layers are discovered.
    pub(crate) fn update(&mut self, answer: &CreateImageInfo) -> Option<(u64, u64)> {
        let id = answer.id.as_ref()?;
        let status = answer.status.as_deref()?;
        let is_known = self.there.contains_key(id) || self.downloads.contains_key(id);
        if !is_known && self.there.len().max(self.downloads.len()) >= LAYERS {
            return None;
        }
        match status {
            "Pulling fs layer" | "Waiting" => {
                self.there.entry(id.clone()).or_default();
            }
            "Pull complete" | "Already exists" => {
                self.there.insert(id.clone(), true);
            }
            _ => {}
        }
        match status {
            "Downloading" => {
                let detail = answer.progress_detail.as_ref()?;
                let total = u64::try_from(detail.total?).ok()?;
                let done = u64::try_from(detail.current?).ok()?.min(total);
                self.downloads.insert(id.clone(), (done, total));
            }
            "Download complete" | "Pull complete" => {
                let layer = self.downloads.get_mut(id)?;
                layer.0 = layer.1;
            }
            _ => return None,
        }
        // An engine may claim anything.
        let sum = |sum: (u64, u64), layer: &(u64, u64)| {
            (sum.0.saturating_add(layer.0), sum.1.saturating_add(layer.1))
        };
        Some(self.downloads.values().fold((0, 0), sum))
    }

    /// How many layers are there, when that has changed.
    pub(crate) fn note(&mut self) -> Option<String> {
        let count = (self.there.values().filter(|there| **there).count(), self.there.len());
        if count == self.noted {
            return None;
        }
        self.noted = count;
        Some(format!("{} of {} layers", count.0, count.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_amount_is_the_sum_over_all_layers() {
        let mut layers = Layers::default();
        let mut update = |json: &str| layers.update(&serde_json::from_str(json).expect("answer"));
        assert_eq!(update(r#"{"status":"Pulling from a/b","id":"1"}"#), None);
        let first =
            r#"{"id":"x","status":"Downloading","progressDetail":{"current":5,"total":10}}"#;
        assert_eq!(update(first), Some((5, 10)));
        let second =
            r#"{"id":"y","status":"Downloading","progressDetail":{"current":1,"total":4}}"#;
        assert_eq!(update(second), Some((6, 14)));
        assert_eq!(update(r#"{"id":"x","status":"Download complete"}"#), Some((11, 14)));
        assert_eq!(update(r#"{"id":"z","status":"Already exists"}"#), None);
    }

    #[test]
    fn layers_are_counted_when_they_are_there() {
        let mut layers = Layers::default();
        let mut note = |json: &str| {
            layers.update(&serde_json::from_str(json).expect("answer"));
            layers.note()
        };
        assert_eq!(note(r#"{"status":"Pulling from a/b","id":"1"}"#), None);
        let first = note(r#"{"id":"x","status":"Pulling fs layer"}"#);
        assert_eq!(first.as_deref(), Some("0 of 1 layers"));
        let known = note(r#"{"id":"z","status":"Already exists"}"#);
        assert_eq!(known.as_deref(), Some("1 of 2 layers"));
        assert_eq!(note(r#"{"id":"x","status":"Verifying Checksum"}"#), None);
        let all = note(r#"{"id":"x","status":"Pull complete"}"#);
        assert_eq!(all.as_deref(), Some("2 of 2 layers"));
    }
}
