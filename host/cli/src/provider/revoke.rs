//! `renku session provider revoke`.

use std::collections::BTreeSet;

use serde::Serialize;

use super::named::parsed;
use crate::app::App;
use crate::args::RevokeArgs;
use crate::domain::{Digest, Identity};
use crate::error::{CommandError, Failure};
use crate::output::{Format, table};
use crate::providers::{Grant, Name, ProvidersError, Versions, Wanted, is_bundled};
use crate::sandbox::Capability;

/// What is left of a grant.
#[derive(Serialize)]
struct Left {
    name: String,
    version: Option<String>,
    digest: Digest,
    capabilities: Vec<Capability>,
}

/// Takes back all, or a part, of what was granted: to the file that is named, or
/// to every file of the name, under whatever name it was allowed. It need not exist
/// any more.
pub(super) async fn revoke(app: &App, args: &RevokeArgs) -> Result<(), Failure> {
    let typed = &args.which.provider;
    let grants = meant(app, typed)?;
    let takes = |it: &Capability| args.only.is_empty() || args.only.contains(it);
    let (mut left, mut taken) = (Vec::new(), Vec::new());
    for digest in grants.iter().map(|grant| grant.digest) {
        app.context.permissions().change(&digest, |before| {
            let Some(mut grant) = before else { return Ok(None) };
            let before = grant.capabilities.len();
            grant.capabilities.retain(|it| !takes(it));
            if !args.only.is_empty() && grant.capabilities.len() == before {
                return Ok(Some(grant));
            }
            taken.push(digest);
            left.push(Left {
                name: grant.name.clone(),
                version: grant.version.as_ref().map(ToString::to_string),
                digest,
                capabilities: grant.capabilities.iter().copied().collect(),
            });
            Ok::<_, Failure>((!args.only.is_empty()).then_some(grant))
        })?;
    }
    let others = other_names(app, typed, &taken)?;
    say(app, args, taken.is_empty(), &others);
    if takes(&Capability::Containers) {
        tell_what_runs(app, typed, &taken, others).await?;
    }
    app.printer.answer("revoked", &left, |format| match format {
        Format::Tsv => {
            let cells: Vec<_> =
                left.iter().map(|it| [it.name.clone(), it.digest.to_string()]).collect();
            table(format, ["NAME", "DIGEST"], &cells)
        }
        _ => String::new(),
    });
    Ok(())
}

/// The grants of the files that `typed` means: grants belong to files, and what
/// they are called is only what was typed when they were given.
fn meant(app: &App, typed: &str) -> Result<Vec<Grant>, Failure> {
    let mut grants = app.context.permissions().all()?;
    match parsed(typed)? {
        Wanted::Path(_) => {
            let file = app.context.catalogue().find(typed);
            let digest = file.as_ref().ok().map(|it| it.digest());
            grants.retain(|grant| Some(grant.digest) == digest || grant.name == typed);
            // It need not exist any more, but it must have been something.
            if let (Err(error), true) = (file, grants.is_empty()) {
                return Err(error.into());
            }
        }
        Wanted::Named(name, _) if is_bundled(&name) => {
            return Err(CommandError::Bundled { name: name.to_string() }.into());
        }
        Wanted::Named(name, versions) => {
            let files = app.context.catalogue().files_of(&name, &versions)?;
            let digests: Vec<Digest> = files.iter().map(|file| file.digest()).collect();
            let has_version = |grant: &Grant| {
                versions == Versions::Any
                    || grant.version.as_ref().is_some_and(|version| versions.allow(version))
            };
            grants.retain(|grant| {
                digests.contains(&grant.digest)
                    || (grant.name == name.as_str() && has_version(grant))
            });
            if grants.is_empty() && digests.is_empty() {
                let known = app.context.catalogue().known();
                return Err(ProvidersError::Unknown { name: typed.to_owned(), known }.into());
            }
        }
    }
    Ok(grants)
}

/// Other names under which these files are installed.
fn other_names(app: &App, typed: &str, digests: &[Digest]) -> Result<BTreeSet<Name>, Failure> {
    let mut names = BTreeSet::new();
    for receipt in app.context.catalogue().store()?.all()?.receipts {
        let is_it = typed.split('@').next() == Some(receipt.name.as_str());
        if digests.contains(&receipt.about.digest) && !is_it {
            names.insert(receipt.name);
        }
    }
    Ok(names)
}

fn say(app: &App, args: &RevokeArgs, nothing: bool, others: &BTreeSet<Name>) {
    let typed = &args.which.provider;
    if nothing {
        let only: Vec<String> = args.only.iter().map(|it| format!("`{}`", it.as_str())).collect();
        let what = if only.is_empty() { "anything".into() } else { only.join(" and ") };
        return app.printer.message(&format!("`{typed}` had no permission for {what}"));
    }
    app.printer.message(&format!("Revoked from `{typed}`"));
    if !others.is_empty() {
        let names: Vec<String> = others.iter().map(|name| format!("`{name}`")).collect();
        app.printer.message(&format!("The same file is installed as {}", names.join(" and ")));
    }
}

/// Sessions go on without the permission, and nobody shows them.
async fn tell_what_runs(
    app: &App,
    typed: &str,
    taken: &[Digest],
    others: BTreeSet<Name>,
) -> Result<(), Failure> {
    let files: Vec<Identity> = taken.iter().copied().map(Identity::of_file).collect();
    let mut names = others;
    if let Wanted::Named(name, _) = parsed(typed)? {
        names.insert(name);
    }
    names.retain(|name| !taken.is_empty() && !app.context.shows_sessions_of(name, taken));
    let named = names.iter().map(|name| Identity::named(name.as_str()));
    let all: Vec<Identity> = named.chain(files.iter().cloned()).collect();
    for left in app.context.left_behind(&all).await {
        let left = if files.contains(left.identity()) { left.called(typed) } else { left };
        app.printer.warning(&left.warning());
    }
    Ok(())
}
