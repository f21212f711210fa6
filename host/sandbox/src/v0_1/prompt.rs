//! `renku:session/prompt`: linked when granted.

use std::sync::Arc;

use wasmtime::Result;

use super::bindings::renku::session::{prompt, types};
use super::state::State;
use crate::domain::{ErrorKind, ProviderError};
use crate::gate::cut;

impl prompt::Host for State {
    async fn confirm(
        &mut self,
        id: String,
        text: String,
    ) -> Result<std::result::Result<bool, types::Error>> {
        let asker = Arc::clone(&self.invocation.asker);
        let provider = self.invocation.provider.shown();
        let (id, text) = (cut(&id).into_owned(), cut(&text).into_owned());
        self.host_work(blocking(move || asker.confirm(&provider, &id, &text))).await
    }

    async fn ask(
        &mut self,
        id: String,
        text: String,
        secret: bool,
    ) -> Result<std::result::Result<String, types::Error>> {
        let asker = Arc::clone(&self.invocation.asker);
        let provider = self.invocation.provider.shown();
        let (id, text) = (cut(&id).into_owned(), cut(&text).into_owned());
        let answer =
            self.host_work(blocking(move || asker.ask(&provider, &id, &text, secret))).await?;
        if let (true, Ok(text), Some(changes)) = (secret, &answer, &self.invocation.changes) {
            changes.hide(text);
        }
        Ok(answer)
    }
}

/// Waits for a person on a thread of its own, so that Ctrl-C is still heard.
async fn blocking<T: Send + 'static>(
    question: impl FnOnce() -> std::result::Result<T, ProviderError> + Send + 'static,
) -> std::result::Result<T, ProviderError> {
    tokio::task::spawn_blocking(question).await.unwrap_or_else(|error| {
        Err(ProviderError::new(ErrorKind::Other, "the question could not be asked")
            .with_cause(error.to_string()))
    })
}
