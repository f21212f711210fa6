//! `renku session ls`.

use super::app::App;
use super::args::LsArgs;
use super::error::Failure;
use super::select::Providers;
use crate::config;
use crate::output::Warning;

/// Lists the sessions of this project. A provider that does not answer is a
/// warning, unless it was named.
pub(super) async fn ls(app: &mut App, args: &LsArgs) -> Result<(), Failure> {
    let mut request = app.project_request()?;
    let mut providers = Providers::of(args.common.provider.as_deref())?;
    providers.limit = args.timeout;
    if let (Some(file), Some(package)) = (&args.config, providers.packages.first()) {
        request.config = config::load_for(package.manifest.config.as_ref(), file)?;
    }
    let (answers, silent) = providers.list(app, &request).await?;
    let sessions = answers
        .into_iter()
        .flat_map(|answer| {
            // The program ends now: taking the sandbox apart, with its gigabytes
            // of reserved addresses, is quicker for the kernel than for us.
            std::mem::forget(answer.instance);
            answer.sessions
        })
        .collect();
    let warnings: Vec<_> =
        silent.iter().map(|failed| Warning::new(&failed.provider, &failed.error)).collect();
    app.printer.sessions(sessions, &warnings);
    Ok(())
}
