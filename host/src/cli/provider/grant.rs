//! `renku session provider grant`.

use super::row::{self, Row};
use crate::cli::app::App;
use crate::cli::args::GrantArgs;
use crate::cli::error::{CommandError, Failure};
use crate::cli::permission;
use crate::project;
use crate::providers::{Description, Grant, Origin};

/// Allows a provider what it wants, or a part of it, with bounds. Who types this
/// has been asked.
pub(super) fn grant(app: &App, args: &GrantArgs) -> Result<(), Failure> {
    let catalogue = app.catalogue();
    let package = catalogue.find(&args.provider)?;
    if package.origin == Origin::Bundled {
        return Err(CommandError::Bundled { name: package.identity }.into());
    }
    let about = package.describe()?;
    let grant = requested(&package.shown(), &about, args)?;
    let allowed: Vec<String> = match args.only.is_empty() {
        true => permission::wishes(&about),
        false => grant.capabilities.iter().flat_map(|it| about.wishes_of(*it)).collect(),
    };
    app.permissions.put(grant)?;
    app.printer.message(&format!("Allowed `{}`:\n  {}", package.shown(), allowed.join("\n  ")));
    let lock = catalogue.lock()?;
    let row = Row::of_package(app, &package, lock.as_ref())?;
    app.printer.answer("provider", &row, |_| row::line(&row));
    Ok(())
}

fn requested(shown: &str, about: &Description, args: &GrantArgs) -> Result<Grant, Failure> {
    let wanted = about.capabilities();
    if let Some(other) = args.only.iter().find(|it| !wanted.contains(it)) {
        return Err(CommandError::NotWanted {
            provider: shown.into(),
            capability: other.as_str(),
            wanted: wanted.iter().map(|it| it.as_str()).collect(),
        }
        .into());
    }
    let capabilities = if args.only.is_empty() { wanted } else { args.only.clone() };
    let mut grant = Grant::new(about.digest, shown.into(), about.version.clone(), capabilities);
    grant.origins.clone_from(&args.origin);
    grant.images.clone_from(&args.image);
    grant.engine_flags = args.engine_flags;
    if let Some(text) = &args.max_cpu {
        grant.max_cpu = Some(project::parse_cpu("--max-cpu", text)?);
    }
    if let Some(text) = &args.max_memory {
        grant.max_memory = Some(project::parse_size("--max-memory", text)?);
    }
    Ok(grant)
}
