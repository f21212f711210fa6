//! `renku:session/invocation` and `types`: always linked.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use wasmtime::Result;
use wasmtime::component::Resource;

use super::bindings::renku::session::{invocation, types};
use super::convert::{error_to_guest, resources_to_guest};
use super::state::{DetailsHandle, ProjectHandle, RequestHandle, SinkHandle, State};
use crate::domain::ProjectFacts;
use crate::domain::{ProviderError, Said};
use crate::invocation::Invocation;
use crate::limits;

impl types::Host for State {}

impl invocation::Host for State {
    fn log(&mut self, level: invocation::Level, message: String) -> Result<()> {
        let Some(message) = self.gate.pass(&message) else { return Ok(()) };
        let Invocation { provider, speaker, reporter, verbose, .. } = &self.invocation;
        let provider = provider.shown();
        let label = match level {
            invocation::Level::Debug => {
                tracing::debug!("{provider}: {message}");
                return Ok(());
            }
            invocation::Level::Info if !verbose => return Ok(()),
            invocation::Level::Info => "",
            invocation::Level::Warn => "warning: ",
            invocation::Level::Error => "error: ",
        };
        match speaker {
            Some(speaker) => reporter.said(speaker, Said::Message(&format!("{label}{message}"))),
            None => reporter.message(&format!("{provider}: {label}{message}")),
        }
        Ok(())
    }

    fn report(&mut self, event: invocation::Progress) -> Result<()> {
        let text = match &event {
            invocation::Progress::Phase(text) | invocation::Progress::Note(text) => text,
            invocation::Progress::Amount(amount) => &amount.unit,
        };
        let Some(text) = self.gate.pass(text) else { return Ok(()) };
        let said = match &event {
            invocation::Progress::Phase(_) => Said::Phase(&text),
            invocation::Progress::Note(_) => Said::Note(&text),
            invocation::Progress::Amount(invocation::Amount { done, total, .. }) => {
                Said::Amount { done: *done, total: *total, unit: &text }
            }
        };
        let Invocation { speaker, reporter, .. } = &self.invocation;
        match (speaker, said) {
            (Some(speaker), said) => reporter.said(speaker, said),
            (None, Said::Phase(name)) => reporter.phase(name),
            (None, Said::Note(text)) => reporter.note(text),
            (None, Said::Amount { done, total, unit }) => reporter.amount(done, total, unit),
            (None, Said::Message(text)) => reporter.message(text),
        }
        Ok(())
    }

    fn is_cancelled(&mut self) -> Result<bool> {
        Ok(self.invocation.cancel.is_cancelled())
    }

    async fn sleep(&mut self, milliseconds: u32) -> Result<Result<(), types::Error>> {
        self.host_work(async move {
            tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
            Ok::<(), ProviderError>(())
        })
        .await
    }

    fn now(&mut self) -> Result<u64> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Ok(u64::try_from(now.as_millis()).unwrap_or(u64::MAX))
    }

    fn random_bytes(&mut self, length: u32) -> Result<Vec<u8>> {
        let length = length.min(limits::RANDOM_BYTES);
        let mut bytes = vec![0; usize::try_from(length).unwrap_or_default()];
        match getrandom::fill(&mut bytes) {
            Ok(()) => Ok(bytes),
            Err(error) => self.fail(
                &ProviderError::new(
                    crate::domain::ErrorKind::Unavailable,
                    "the operating system gives no random bytes",
                )
                .with_cause(error.to_string()),
            ),
        }
    }

    fn session_secret(&mut self, name: String) -> Result<String> {
        let secret = match self.invocation.key.make() {
            Ok(key) => key.derive(&self.invocation.provider.label_of(&name), &name),
            Err(error) => return self.fail(&error),
        };
        if let Some(changes) = &self.invocation.changes {
            changes.hide(&secret);
        }
        Ok(secret)
    }

    fn created(&mut self, name: String) -> Result<()> {
        // A guest that "creates" without end must not fill our memory.
        if self.created.len() < 1000 && name.len() < 1000 && !self.created.contains(&name) {
            self.created.push(name);
        }
        Ok(())
    }
}

impl State {
    fn project(&self) -> Result<&dyn ProjectFacts> {
        self.invocation
            .request
            .project
            .as_deref()
            .ok_or_else(|| wasmtime::Error::msg("there is no project"))
    }

    fn project_fact<T>(
        &mut self,
        fact: impl FnOnce(&dyn ProjectFacts) -> std::result::Result<T, ProviderError>,
    ) -> Result<T> {
        match fact(self.project()?) {
            Ok(value) => Ok(value),
            Err(error) => self.fail(&error),
        }
    }
}

impl invocation::HostProject for State {
    fn name(&mut self, _: Resource<ProjectHandle>) -> Result<String> {
        self.project_fact(|project| Ok(project.name()))
    }

    fn slug(&mut self, _: Resource<ProjectHandle>) -> Result<String> {
        self.project_fact(|project| Ok(project.slug()))
    }

    fn id(&mut self, _: Resource<ProjectHandle>) -> Result<String> {
        self.project_fact(|project| Ok(project.id()))
    }

    fn branch(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| project.branch())
    }

    fn commit(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| project.commit())
    }

    fn dirty(&mut self, _: Resource<ProjectHandle>) -> Result<bool> {
        self.project_fact(|project| project.dirty())
    }

    fn candidate_image(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| project.candidate_image())
    }

    fn remote_project(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| project.remote_project())
    }

    fn author_name(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| Ok(project.author_name()))
    }

    fn author_email(&mut self, _: Resource<ProjectHandle>) -> Result<Option<String>> {
        self.project_fact(|project| Ok(project.author_email()))
    }

    fn drop(&mut self, handle: Resource<ProjectHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}

impl invocation::HostRequest for State {
    fn project(&mut self, _: Resource<RequestHandle>) -> Result<Option<Resource<ProjectHandle>>> {
        if self.invocation.request.project.is_none() {
            return Ok(None);
        }
        Ok(Some(self.handles.push(ProjectHandle, 0)?))
    }

    fn config(&mut self, _: Resource<RequestHandle>) -> Result<String> {
        Ok(serde_json::to_string(&self.invocation.request.config)?)
    }

    fn option_value(&mut self, _: Resource<RequestHandle>, name: String) -> Result<Option<String>> {
        Ok(self.invocation.request.options.get(&name).cloned())
    }

    fn resources(&mut self, _: Resource<RequestHandle>) -> Result<types::Resources> {
        Ok(resources_to_guest(&self.invocation.request.resources))
    }

    fn session_name(&mut self, _: Resource<RequestHandle>) -> Result<Option<String>> {
        Ok(self.invocation.request.session_name.clone())
    }

    fn wait_timeout(&mut self, _: Resource<RequestHandle>) -> Result<Option<u32>> {
        let timeout = self.invocation.request.wait_timeout;
        Ok(timeout.map(|timeout| u32::try_from(timeout.as_secs()).unwrap_or(u32::MAX)))
    }

    fn image_is_users(&mut self, _: Resource<RequestHandle>) -> Result<bool> {
        Ok(self.invocation.request.image_is_users)
    }

    fn drop(&mut self, handle: Resource<RequestHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}

/// One kind of detail about a session.
macro_rules! detail {
    ($name:ident) => {
        fn $name(
            &mut self,
            handle: Resource<DetailsHandle>,
            session: String,
            text: String,
        ) -> Result<()> {
            self.details(&handle)?.say(&session, &text, |details, text| details.$name = text);
            Ok(())
        }
    };
}

impl invocation::HostDetailsSink for State {
    detail!(reason);
    detail!(expected_start);
    detail!(expected_end);
    detail!(resources);
    detail!(launcher);
    detail!(node);

    fn drop(&mut self, handle: Resource<DetailsHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}

impl invocation::HostLogSink for State {
    fn write(
        &mut self,
        handle: Resource<SinkHandle>,
        bytes: Vec<u8>,
    ) -> Result<std::result::Result<(), types::Error>> {
        Ok(self.sink(&handle)?.write(&bytes).map_err(|error| error_to_guest(&error)))
    }

    fn drop(&mut self, handle: Resource<SinkHandle>) -> Result<()> {
        self.handles.delete(&handle)
    }
}
