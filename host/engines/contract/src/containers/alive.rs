//! Whether an engine answers at all. One that hangs takes requests and never says anything;
//! who is only asked to look should find that out soon.

use std::time::Duration;

use crate::{Containers, ContainersError};

/// How long an engine may take to say something about itself.
const PATIENCE: Duration = Duration::from_secs(5);

/// The answer to a question that no engine has to think about.
///
/// # Errors
///
/// The question's own; [`ContainersError::Silent`] after 5 s.
pub async fn in_time<T>(
    question: impl Future<Output = Result<T, ContainersError>>,
) -> Result<T, ContainersError> {
    let seconds = PATIENCE.as_secs();
    let answer = tokio::time::timeout(PATIENCE, question).await;
    answer.unwrap_or(Err(ContainersError::Silent { seconds }))
}

impl Containers {
    /// Wants that the engine answers, before it is asked what may take it long.
    pub(crate) async fn check_answers(&self) -> Result<(), ContainersError> {
        in_time(self.0.driver.facts()).await.map(drop)
    }
}
