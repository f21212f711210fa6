//! Whether a transfer goes on: one that moves may take as long as it takes, one that
//! stands still ends.

use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bollard::errors::Error;

/// When something moved last. Clones are the same transfer.
#[derive(Debug, Clone)]
pub(crate) struct Pulse {
    last: Arc<Mutex<Instant>>,
    silence: Duration,
}

impl Pulse {
    /// Of a transfer that may stand still for so long.
    pub(crate) fn new(silence: Duration) -> Self {
        Self { last: Arc::new(Mutex::new(Instant::now())), silence }
    }

    pub(crate) fn beat(&self) {
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// The transfer, which ends when nothing moves any more.
    ///
    /// # Errors
    ///
    /// Its own; one that names the time.
    pub(crate) async fn watch<T, E: From<Error>>(
        &self,
        transfer: impl Future<Output = Result<T, E>>,
    ) -> Result<T, E> {
        tokio::select! {
            biased;
            result = transfer => result,
            () = self.stops() => Err(silent(self.silence).into()),
        }
    }

    async fn stops(&self) {
        loop {
            let since = self.last.lock().unwrap_or_else(PoisonError::into_inner).elapsed();
            match self.silence.checked_sub(since) {
                Some(left) if !left.is_zero() => tokio::time::sleep(left).await,
                _ => return,
            }
        }
    }
}

/// The error of an engine that fell silent.
pub(crate) fn silent(silence: Duration) -> Error {
    refusal(format!(
        "nothing moved for {} s, which is the longest pause allowed",
        silence.as_secs()
    ))
}

/// An error in our own words.
pub(crate) fn refusal(message: String) -> Error {
    Error::IOError { err: io::Error::other(message) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_transfer_that_moves_goes_on_and_one_that_stands_still_ends() {
        let pulse = Pulse::new(Duration::from_millis(300));
        let moves = async {
            for _ in 0..8 {
                tokio::time::sleep(Duration::from_millis(60)).await;
                pulse.beat();
            }
            Ok::<_, Error>(7)
        };
        assert_eq!(pulse.watch(moves).await.expect("it moves"), 7);
        let stuck = std::future::pending::<Result<(), Error>>();
        let error = pulse.watch(stuck).await.expect_err("it stands still");
        assert!(error.to_string().contains("nothing moved for 0 s"), "{error}");
    }
}
