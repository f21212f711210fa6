//! Archives into containers and out of them.
//!
//! API: `PUT` and `GET /containers/{id}/archive`.

use std::fs::File;
use std::io::{self, Read, Write};
use std::time::Duration;

use bollard::query_parameters::{DownloadFromContainerOptions, UploadToContainerOptions};
use bollard::{body_full, body_try_stream};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};

use crate::contract::{Archive, ContainerRef, ContainersError};
use crate::files::{Spool, TemporaryError};
use crate::pulse::Pulse;
use crate::{Docker, engine_errors};

/// How much is read at once.
const PIECE: usize = 64 * 1024;
/// A transfer has no limit as long as it moves; bollard's own is for the whole of it.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);
/// How long a transfer may stand still.
const STALL: Duration = Duration::from_secs(120);

impl Docker {
    pub(crate) async fn upload(
        &self,
        container: &ContainerRef,
        path: &str,
        archive: Archive,
    ) -> Result<(), ContainersError> {
        let docker = self.client().await?.clone().with_timeout(PATIENCE);
        let options = UploadToContainerOptions { path: path.to_owned(), ..Default::default() };
        let pulse = Pulse::new(STALL);
        let body = match archive {
            Archive::Bytes(bytes) => body_full(bytes.into()),
            Archive::Spooled(file) => {
                let sent = pulse.clone();
                body_try_stream(pieces(file).inspect(move |_| sent.beat()))
            }
        };
        let upload = docker.upload_to_container(&container.id, Some(options), body);
        pulse.watch(upload).await.map_err(engine_errors::other("write into the container"))
    }

    pub(crate) async fn download(
        &self,
        container: &ContainerRef,
        path: &str,
    ) -> Result<File, ContainersError> {
        const ACTION: &str = "read the files of the container";
        let unreadable = |error: io::Error| match TemporaryError::within(&error) {
            Some(temporary) => temporary.clone().into(),
            None => ContainersError::Engine { action: ACTION, message: error.to_string() },
        };
        let docker = self.client().await?.clone().with_timeout(PATIENCE);
        let options = DownloadFromContainerOptions { path: path.to_owned() };
        let mut spool = Spool::new()?;
        let answer = docker.download_from_container(&container.id, Some(options));
        let mut pieces = std::pin::pin!(answer);
        loop {
            let next = Pulse::new(STALL).watch(async { pieces.next().await.transpose() }).await;
            let Some(piece) = next.map_err(engine_errors::other(ACTION))? else { break };
            spool.write_all(&piece).map_err(unreadable)?;
        }
        Ok(spool.rewound()?)
    }
}

/// The bytes of a file. Reading a spooled file does not wait for long.
fn pieces(file: File) -> impl Stream<Item = io::Result<Bytes>> + Send {
    stream::unfold(Some(file), |file| async {
        let mut file = file?;
        let mut piece = vec![0; PIECE];
        match file.read(&mut piece) {
            Ok(0) => None,
            Ok(length) => {
                piece.truncate(length);
                Some((Ok(piece.into()), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    })
}
