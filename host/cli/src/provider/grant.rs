//! `renku session provider grant`.

use super::row::{self, Row};
use crate::app::App;
use crate::args::GrantArgs;
use crate::error::{CommandError, Failure};
use crate::project;
use crate::providers::{About, FoundAt, Grant, Limits};
use crate::sandbox::Capability;
use crate::sessions;
use crate::web::origins;

/// Allows a provider what it wants, or a part of it, within bounds: those that are
/// typed, else those that were set before, else those that it wishes itself. Who
/// types this has been asked.
pub(super) fn grant(app: &App, args: &GrantArgs) -> Result<(), Failure> {
    let catalogue = app.context.catalogue();
    let provider = catalogue.find_version(&args.which.provider)?;
    if provider.found_at == FoundAt::Bundled {
        return Err(CommandError::Bundled { name: provider.identity.shown() }.into());
    }
    let about = provider.describe()?;
    let (mut allowed, mut kept) = (Vec::new(), false);
    // What was set before is what is set at this moment.
    app.context.permissions().change(&about.digest, |before| {
        let grant = requested(&provider.shown(), &about, args, before.as_ref())?;
        let lines = about.lines(&grant.limits(), &app.context.known_origins(&provider.identity));
        let granted = lines.into_iter().filter(|it| grant.capabilities.contains(&it.capability));
        allowed = sessions::or_nothing(granted.map(|line| line.text).collect());
        let wished = Limits::wished(&about.manifest);
        kept = before.is_some_and(|before| goes_on(&before, &wished, args));
        Ok::<_, Failure>(Some(grant))
    })?;
    app.printer.message(&format!("Allowed `{}`:\n  {}", provider.shown(), allowed.join("\n  ")));
    if kept {
        app.printer.message(&format!(
            "Earlier permissions stay; `renku session provider revoke {}` revokes them",
            args.which.provider
        ));
    }
    let lock = catalogue.lock()?;
    let row = Row::of_file(app, &provider, lock.as_ref())?;
    app.printer.answer("provider", &row, |_| row::line(&row));
    Ok(())
}

/// Whether bounds that are not those of the provider, and were not typed now, go on
/// from an earlier grant.
fn goes_on(before: &Grant, wished: &Limits, args: &GrantArgs) -> bool {
    args.origin.is_empty() && before.origins != wished.origins
        || args.image.is_empty() && before.images != wished.images
        || args.max_cpu.is_none() && before.max_cpu != wished.max_cpu
        || args.max_memory.is_none() && before.max_memory != wished.max_memory
        || !args.engine_flags && before.engine_flags
}

/// The capabilities that an option of `grant` is about.
fn spoken_of(args: &GrantArgs) -> impl Iterator<Item = Capability> {
    let containers = !args.image.is_empty()
        || args.max_cpu.is_some()
        || args.max_memory.is_some()
        || args.engine_flags;
    let http = (!args.origin.is_empty()).then_some(Capability::Http);
    args.only.iter().copied().chain(http).chain(containers.then_some(Capability::Containers))
}

fn requested(
    shown: &str,
    about: &About,
    args: &GrantArgs,
    before: Option<&Grant>,
) -> Result<Grant, Failure> {
    let wanted = about.capabilities();
    if let Some(other) = spoken_of(args).find(|it| !wanted.contains(it)) {
        return Err(CommandError::NotWanted {
            provider: shown.into(),
            capability: other.as_str(),
            wanted: wanted.iter().map(|it| it.as_str()).collect(),
        }
        .into());
    }
    let mut grant = Grant::wished(about, shown.into());
    if let Some(Grant { origins, images, max_cpu, max_memory, engine_flags, .. }) = before.cloned()
    {
        grant = Grant { origins, images, max_cpu, max_memory, engine_flags, ..grant };
    }
    if !args.only.is_empty() {
        grant.capabilities = args.only.iter().copied().collect();
    }
    if !args.origin.is_empty() {
        args.origin.iter().try_for_each(|name| origins::check_name(name))?;
        grant.origins.clone_from(&args.origin);
    }
    if !args.image.is_empty() {
        grant.images.clone_from(&args.image);
    }
    grant.engine_flags |= args.engine_flags;
    if let Some(text) = &args.max_cpu {
        grant.max_cpu = Some(project::parse_cpu("--max-cpu", text)?);
    }
    if let Some(text) = &args.max_memory {
        grant.max_memory = Some(project::parse_size("--max-memory", text)?);
    }
    Ok(grant)
}
