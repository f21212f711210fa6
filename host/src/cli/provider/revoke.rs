//! `renku session provider revoke`.

use serde::Serialize;

use super::parsed;
use crate::cli::app::App;
use crate::cli::args::RevokeArgs;
use crate::cli::error::Failure;
use crate::output::{Format, table};
use crate::providers::{Digest, Grant, Versions, Wanted};
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
/// to every version of the name. It need not exist any more.
pub(super) fn revoke(app: &App, args: &RevokeArgs) -> Result<(), Failure> {
    let wanted: Wanted = parsed(&args.which.provider)?;
    let digest = match &wanted {
        Wanted::Path(_) => app.catalogue().find(&args.which.provider).ok().map(|it| it.digest()),
        Wanted::Named(..) => None,
    };
    let is_meant = |grant: &Grant| match &wanted {
        Wanted::Path(_) => {
            digest.as_ref() == Some(&grant.digest) || grant.name == args.which.provider
        }
        Wanted::Named(name, versions) => {
            grant.name == name.as_str()
                && (*versions == Versions::Any
                    || grant.version.as_ref().is_some_and(|version| versions.allow(version)))
        }
    };
    let mut left = Vec::new();
    for mut grant in app.permissions.all()?.into_iter().filter(is_meant) {
        grant.capabilities.retain(|it| !args.only.is_empty() && !args.only.contains(it));
        left.push(Left {
            name: grant.name.clone(),
            version: grant.version.as_ref().map(ToString::to_string),
            digest: grant.digest,
            capabilities: grant.capabilities.iter().copied().collect(),
        });
        match args.only.is_empty() {
            true => app.permissions.remove(&grant.digest)?,
            false => app.permissions.put(grant)?,
        }
    }
    match left.is_empty() {
        true => app.printer.message(&format!("`{}` was not allowed anything", args.which.provider)),
        false => app.printer.message(&format!("Taken back from `{}`", args.which.provider)),
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
