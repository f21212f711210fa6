//! One provider in a list, for people and for programs.

use serde::Serialize;

use crate::app::App;
use crate::domain::Digest;
use crate::error::Failure;
use crate::output::{Format, table};
use crate::providers::{FoundAt, Installed, LockFile, Locked, Name, ProviderFile};
use crate::sandbox::Capability;

/// What `list` says about a provider.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) version: Option<String>,
    /// The version of the contract.
    pub(super) api: String,
    /// `bundled`, `installed`, `project`, `system` or `file`.
    pub(super) origin: &'static str,
    /// Where it came from; none for what is bundled.
    pub(super) source: Option<String>,
    pub(super) digest: Digest,
    /// What it wants.
    pub(super) capabilities: Vec<Capability>,
    /// What it may use of that; none: nobody was asked yet.
    pub(super) allowed: Option<Vec<Capability>>,
    /// Who signed it.
    pub(super) signer: Option<String>,
    /// Whether this project's lock names exactly this file.
    pub(super) pinned: bool,
}

impl Row {
    pub(super) fn of_file(
        app: &App,
        provider: &ProviderFile,
        lock: Option<&LockFile>,
    ) -> Result<Self, Failure> {
        let digest = provider.digest();
        let capabilities = provider.sections.capabilities();
        let name = match &provider.found_at {
            FoundAt::Project(name, _) | FoundAt::System(name, _) | FoundAt::Installed(name, _) => {
                Some(name)
            }
            FoundAt::Bundled | FoundAt::File(_) => None,
        };
        let allowed = match provider.needs_no_permission() {
            true => Some(capabilities.clone()),
            false => allowed(app, &digest, &capabilities, false)?,
        };
        Ok(Self {
            name: provider.shown(),
            version: provider.version().map(|version| version.to_string()),
            api: provider.sections.api().unwrap_or_default().to_owned(),
            origin: provider.found_at.as_str(),
            source: provider.source().map(|source| source.to_string()),
            pinned: is_pinned(lock, name, &digest),
            digest,
            capabilities,
            allowed,
            signer: provider.verdict.signer().map(str::to_owned),
        })
    }

    pub(super) fn of_receipt(
        app: &App,
        receipt: &Installed,
        lock: Option<&LockFile>,
    ) -> Result<Self, Failure> {
        let capabilities = receipt.about.capabilities();
        Ok(Self {
            name: receipt.name.to_string(),
            version: Some(receipt.version.to_string()),
            api: receipt.about.api.clone(),
            origin: "installed",
            source: Some(receipt.source.to_string()),
            digest: receipt.about.digest,
            allowed: allowed(app, &receipt.about.digest, &capabilities, true)?,
            capabilities,
            signer: receipt.signer.clone(),
            pinned: is_pinned(lock, Some(&receipt.name), &receipt.about.digest),
        })
    }

    /// What it may do, in few words.
    pub(super) fn may(&self) -> String {
        let Some(allowed) = &self.allowed else { return "nothing yet".into() };
        let names = |wanted: &dyn Fn(&Capability) -> bool| {
            let names = self.capabilities.iter().filter(|it| wanted(it)).map(|it| it.as_str());
            names.collect::<Vec<_>>().join(", ")
        };
        let refused = names(&|it| !allowed.contains(it));
        match (names(&|it| allowed.contains(it)), refused.is_empty()) {
            (may, true) if may.is_empty() => "-".into(),
            (may, true) => may,
            (may, false) if may.is_empty() => format!("not {refused}"),
            (may, false) => format!("{may}, not {refused}"),
        }
    }
}

/// A file without a name is in the lock under any.
fn is_pinned(lock: Option<&LockFile>, name: Option<&Name>, digest: &Digest) -> bool {
    let is_it =
        |locked: &Locked| locked.digest == *digest && name.is_none_or(|name| locked.name == *name);
    lock.is_some_and(|lock| lock.entries().iter().any(is_it))
}

/// What of `wanted` was granted; `free` when what reaches nothing needs no
/// grant.
fn allowed(
    app: &App,
    digest: &Digest,
    wanted: &[Capability],
    free: bool,
) -> Result<Option<Vec<Capability>>, Failure> {
    let is_free = |it: &Capability| *it == Capability::Prompt;
    let grant = app.context.permissions().of(digest)?;
    Ok(match grant {
        Some(grant) => Some(
            wanted
                .iter()
                .copied()
                .filter(|it| is_free(it) || grant.capabilities.contains(it))
                .collect(),
        ),
        None if free && wanted.iter().all(is_free) => Some(wanted.to_vec()),
        None => None,
    })
}

/// Rows as a table.
pub(super) fn text(format: Format, rows: &[Row]) -> String {
    let header = ["NAME", "VERSION", "API", "FROM", "MAY USE", "PINNED", "SOURCE"];
    let cells: Vec<_> = rows
        .iter()
        .map(|row| {
            [
                row.name.clone(),
                row.version.clone().unwrap_or_default(),
                row.api.clone(),
                row.origin.to_owned(),
                row.may(),
                if row.pinned { "yes".into() } else { String::new() },
                row.source.clone().unwrap_or_default(),
            ]
        })
        .collect();
    table(format, header, &cells)
}

/// One provider that something was done with: name, version and digest.
pub(super) fn line(row: &Row) -> String {
    let version = row.version.as_deref().unwrap_or_default();
    [[row.name.as_str(), version, &row.digest.to_string()].join("\t"), "\n".into()]
        .concat()
        .replace("\t\t", "\t")
}
