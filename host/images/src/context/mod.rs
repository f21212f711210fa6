//! The project as a tar stream, made while it is sent: never whole in memory.
//!
//! Owner and group are root's.

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use bytes::Bytes;
use futures_util::{Stream, stream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::dockerfile::Sources;
use crate::files::below::Kind;
use crate::files::{FileError, ProjectTree, Reason};
use crate::ignore::IgnoreFile;
use crate::size;
use crate::walk::walk;
use crate::{ImageError, Owner, archive};

/// How much is sent at once, and how many pieces may wait.
const PIECE: usize = 64 * 1024;
const WAITING: usize = 8;
const ROOT: Owner = Owner { uid: 0, gid: 0 };

/// A context on its way to the engine.
pub struct Context {
    pieces: Option<mpsc::Receiver<io::Result<Bytes>>>,
    root: PathBuf,
    writer: JoinHandle<Result<(), ImageError>>,
}

impl Context {
    /// Begins to read `tree` on a thread of its own.
    pub fn send(tree: ProjectTree, ignore: IgnoreFile) -> Self {
        let (sender, pieces) = mpsc::channel(WAITING);
        let root = tree.path().to_owned();
        let writer = tokio::task::spawn_blocking(move || {
            let output = BufWriter::with_capacity(PIECE, Pieces(sender.clone()));
            let result = write_archive(&tree, &ignore, output);
            if result.is_err() {
                // Breaks the request: what was sent must not be built.
                let _ = sender.blocking_send(Err(io::ErrorKind::InvalidData.into()));
            }
            result
        });
        Self { pieces: Some(pieces), root, writer }
    }

    /// The bytes. Ends with an error when a file cannot be read;
    /// [`Context::finish`] knows which.
    pub fn stream(&mut self) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        stream::unfold(self.pieces.take(), |pieces| async {
            let mut pieces = pieces?;
            let piece = pieces.recv().await?;
            Some((piece, Some(pieces)))
        })
    }

    /// Why the stream ended early, if it did.
    ///
    /// # Errors
    ///
    /// [`ImageError::File`]. That nobody reads the stream any more is no error here.
    pub async fn finish(self) -> Result<(), ImageError> {
        drop(self.pieces);
        match self.writer.await {
            Ok(Err(ImageError::File(error) | ImageError::Unlisted { error, .. }))
                if error.io_kind() == Some(io::ErrorKind::BrokenPipe) =>
            {
                Ok(())
            }
            Ok(result) => result,
            Err(error) => Err(unreadable(self.root, io::Error::other(error))),
        }
    }
}

/// Hands pieces over from the thread that reads.
struct Pieces(mpsc::Sender<io::Result<Bytes>>);

impl Write for Pieces {
    fn write(&mut self, piece: &[u8]) -> io::Result<usize> {
        self.0
            .blocking_send(Ok(Bytes::copy_from_slice(piece)))
            .map_err(|_| io::Error::from(io::ErrorKind::BrokenPipe))?;
        Ok(piece.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes everything of `tree` that is not ignored, in the order of names.
fn write_archive(
    tree: &ProjectTree,
    ignore: &IgnoreFile,
    output: impl Write,
) -> Result<(), ImageError> {
    let mut context = tar::Builder::new(output);
    let mut bytes = 0;
    walk(tree, ignore, &Sources::Everything, &mut |entry, _| {
        if entry.seen().kind == Kind::File {
            let before = bytes;
            bytes += entry.seen().len;
            if before <= size::LARGE && bytes > size::LARGE {
                tracing::warn!("{}", size::advice(tree, ignore));
            }
        }
        archive::append(&mut context, entry, ROOT)
    })?;
    let finished = context.into_inner().and_then(|mut output| output.flush());
    finished.map_err(|error| unreadable(tree.path().to_owned(), error))
}

fn unreadable(root: PathBuf, error: io::Error) -> ImageError {
    FileError::new(root, Reason::Unreadable(error)).into()
}

#[cfg(test)]
mod tests;
