//! Whether a start could work, without one: what a provider finds out before it begins.

use std::sync::{Arc, Mutex};

use crate::context::{Context, Means};
use crate::domain::changes::ReadOnly;
use crate::domain::{Asker, ErrorKind, ProviderError, Reporter, Said};
use crate::failure::Failure;
use crate::provider_options::ProviderOptions;
use crate::providers::ProviderFile;

/// Lets a provider check what a start needs, where nothing may be changed and nobody is
/// asked. What it reports.
///
/// # Errors
///
/// Whatever the user has to change before a start can work.
pub async fn check(
    context: &Context,
    package: &ProviderFile,
    options: &ProviderOptions,
) -> Result<Vec<String>, Failure> {
    context.permit(package).await?;
    let loaded = context.load(package)?;
    let mut request = context.project_request()?;
    options.add_to(&mut request, package)?;
    let heard = Arc::new(Heard::default());
    let mut invocation = context.invocation(package, request, &Means::default());
    let changes = Arc::new(ReadOnly { option: "doctor" });
    invocation.http = invocation.http.map(|http| http.withholding(Some(changes)));
    invocation.reporter = Arc::clone(&heard) as Arc<dyn Reporter>;
    invocation.asker = Arc::new(NobodyAsked);
    invocation.verbose = true;
    let prefix = format!("{}: ", package.identity.shown());
    let mut instance = loaded.instantiate(invocation).await?;
    if let Some(image) = context.unless_interrupted(instance.pre_start_checks(None)).await? {
        context.unless_interrupted(instance.find_image(&image)).await?;
    }
    let lines = heard.0.lock().map(|lines| lines.clone()).unwrap_or_default();
    let own = |line: String| line.strip_prefix(&prefix).map_or(line.clone(), str::to_owned);
    Ok(lines.into_iter().map(own).collect())
}

/// Keeps what stays on the screen otherwise.
#[derive(Default)]
struct Heard(Mutex<Vec<String>>);

impl Heard {
    fn keep(&self, text: &str) {
        if let Ok(mut lines) = self.0.lock() {
            lines.push(text.to_owned());
        }
    }
}

impl Reporter for Heard {
    fn phase(&self, _: &str) {}

    fn amount(&self, _: u64, _: u64, _: &str) {}

    fn note(&self, _: &str) {}

    fn message(&self, text: &str) {
        self.keep(text);
    }

    fn finish(&self) {}

    fn said(&self, _: &str, said: Said<'_>) {
        if let Said::Message(text) = said {
            self.keep(text);
        }
    }
}

/// A question has no answer here, as where there is no terminal.
struct NobodyAsked;

impl NobodyAsked {
    fn refuse<T>(text: &str) -> Result<T, ProviderError> {
        Err(ProviderError::new(ErrorKind::InvalidInput, format!("nobody is asked here: {text}")))
    }
}

impl Asker for NobodyAsked {
    fn confirm(&self, _: &str, _: &str, text: &str) -> Result<bool, ProviderError> {
        Self::refuse(text)
    }

    fn ask(&self, _: &str, _: &str, text: &str, _: bool) -> Result<String, ProviderError> {
        Self::refuse(text)
    }
}
