//! `renku session provider verify`.

use std::collections::BTreeSet;

use serde::Serialize;

use crate::app::App;
use crate::domain::{Diagnostic, Digest};
use crate::error::Failure;
use crate::output::{Format, table};
use crate::providers::{Catalogue, Installed, Locked, Provider, ProviderFile, ProvidersError};

/// What was found about one provider.
#[derive(Serialize)]
struct Checked {
    name: String,
    version: String,
    digest: Digest,
    /// Why it is not what it should be; none: it is.
    problem: Option<String>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Remedy {
    Install,
    Replace,
    Pin,
}

/// Hashes everything that is installed, and looks for everything that is locked.
/// Nothing is repaired.
pub(super) fn verify(app: &App) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let store = catalogue.store()?;
    let found = store.all()?;
    let mut checked: Vec<Checked> = Vec::new();
    let mut remedies = BTreeSet::new();
    for receipt in &found.receipts {
        let loaded = catalogue.load(Provider::Installed(Box::new(receipt.clone())));
        let problem = loaded.err().map(|error| in_words(&error));
        remedies.extend(problem.is_some().then_some(Remedy::Replace));
        checked.push(Checked {
            name: receipt.name.to_string(),
            version: receipt.version.to_string(),
            digest: receipt.about.digest,
            problem,
        });
    }
    remedies.extend((!found.damaged.is_empty()).then_some(Remedy::Replace));
    if let Some(lock) = catalogue.lock()? {
        for locked in lock.entries() {
            if let Some(claim) = unheard_signer(locked, &found.receipts) {
                app.printer.message(&claim);
            }
            let Some((problem, remedy)) = wrong(&catalogue, locked) else { continue };
            // What is wrong with an installed one is in the list already.
            if checked.iter().any(|it| it.problem.as_ref() == Some(&problem)) {
                continue;
            }
            remedies.insert(remedy);
            checked.push(Checked {
                name: locked.name.to_string(),
                version: locked.version.to_string(),
                digest: locked.digest,
                problem: Some(problem),
            });
        }
    }
    let failed = checked.iter().filter(|it| it.problem.is_some()).count() + found.damaged.len();
    let total = checked.len() + found.damaged.len();
    for error in &found.damaged {
        app.printer.warning(error);
    }
    app.printer.answer("checked", &checked, |format| text(format, &checked));
    match failed {
        0 if checked.is_empty() => app.printer.message("No providers are installed"),
        0 => {}
        // What was printed says so already, and is one document.
        failed => {
            app.printer.is_a_problem();
            let hints: Vec<_> =
                remedies.iter().map(|it| format!("hint: {}", it.in_words())).collect();
            app.printer.message(&format!(
                "error: {failed} of {total} providers have problems\n{}",
                hints.join("\n")
            ));
        }
    }
    Ok(())
}

/// What is wrong with an entry of the lock, beside what is wrong with a file of the
/// store: that is in the list already.
fn wrong(catalogue: &Catalogue, locked: &Locked) -> Option<(String, Remedy)> {
    match catalogue.find(locked.name.as_str()) {
        Ok(provider) => misdescribed(locked, &provider).map(|problem| (problem, Remedy::Pin)),
        Err(ProvidersError::Store(_)) => None,
        Err(error @ ProvidersError::LockedMissing { .. }) => {
            Some((in_words(&error), Remedy::Install))
        }
        Err(error) => Some((in_words(&error), Remedy::Replace)),
    }
}

/// A lock is read by people, too: what it says of the file has to be true.
fn misdescribed(locked: &Locked, provider: &ProviderFile) -> Option<String> {
    let mut wrong = Vec::new();
    if provider.version().is_some_and(|version| version != locked.version) {
        wrong.push("version");
    }
    if provider.sections.api() != Some(&locked.api) {
        wrong.push("api");
    }
    let said: BTreeSet<_> = locked.capabilities.iter().copied().collect();
    if said != provider.sections.capabilities().into_iter().collect() {
        wrong.push("capabilities");
    }
    let keys: Vec<String> = wrong.iter().map(|key| format!("`{key}`")).collect();
    (!keys.is_empty()).then(|| {
        format!(
            "the lock file of this project and the provider's file differ in {}",
            keys.join(" and ")
        )
    })
}

/// Who signed it, as the lock says and nothing here does. People call keys as they
/// like, so this is no problem.
fn unheard_signer(locked: &Locked, installed: &[Installed]) -> Option<String> {
    let said = locked.signer.as_ref()?;
    let is_it = |it: &&Installed| it.name == locked.name && it.about.digest == locked.digest;
    let receipt = installed.iter().find(is_it).filter(|it| it.signer.as_ref() != Some(said))?;
    let known = receipt.signer.as_ref().map_or("nobody".into(), |signer| format!("`{signer}`"));
    let Locked { name, version, .. } = locked;
    Some(format!("According to the lock file `{said}` signed `{name}` {version}; here {known} did"))
}

impl Remedy {
    fn in_words(&self) -> &'static str {
        match self {
            Self::Install => "`renku session provider add --locked` installs what is missing",
            Self::Replace => {
                "remove what is damaged with `renku session provider remove`, and add it again"
            }
            Self::Pin => "`renku session provider pin NAME` writes the lock anew",
        }
    }
}

fn in_words(error: &dyn Diagnostic) -> String {
    let causes = error.causes().join("; ");
    if causes.is_empty() { error.to_string() } else { format!("{error}: {causes}") }
}

fn text(format: Format, checked: &[Checked]) -> String {
    let cells: Vec<_> = checked
        .iter()
        .map(|it| {
            let state = it.problem.clone().unwrap_or_else(|| "ok".into());
            [it.name.clone(), it.version.clone(), it.digest.to_string(), state]
        })
        .collect();
    table(format, ["NAME", "VERSION", "DIGEST", "STATE"], &cells)
}
