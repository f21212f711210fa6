//! The capability as one provider holds it.

use std::sync::Arc;

use tokio::time::Instant;

use super::dials::Dials;
use super::exchange::Connection;
use super::kept::Kept;
use super::origin::Origins;
use crate::domain::ProviderError;
use crate::domain::changes::Withhold;

/// The origins that one provider may open. Clones are the same grant.
#[derive(Clone)]
pub struct Http {
    origins: Arc<dyn Origins>,
    dials: Dials,
    kept: Option<Kept>,
    changes: Option<Arc<dyn Withhold>>,
    end: Option<Instant>,
}

impl Http {
    /// `origins` decides which ones there are; public answers are `kept`.
    #[must_use]
    pub fn new(origins: Arc<dyn Origins>, kept: Option<Kept>) -> Self {
        Self { origins, dials: Dials::default(), kept, changes: None, end: None }
    }

    /// With an answer to requests that may change something; none: they are sent.
    #[must_use]
    pub fn withholding(self, changes: Option<Arc<dyn Withhold>>) -> Self {
        Self { changes, ..self }
    }

    /// For a command that waits no longer than until `end`: what cannot be tried again
    /// by then is not waited for, so that the command hears of it in time.
    #[must_use]
    pub fn until(self, end: Instant) -> Self {
        Self { end: Some(end), ..self }
    }

    /// An origin by the name it has in the user's settings. Opens no socket.
    ///
    /// # Errors
    ///
    /// See [`Origins::find`].
    pub fn open(&self, name: &str) -> Result<Connection, ProviderError> {
        let connection = Connection::new(self.origins.find(name)?, self.dials.clone());
        let connection = connection.keeping(self.kept.clone()).until(self.end);
        Ok(connection.withholding(self.changes.clone()))
    }
}
