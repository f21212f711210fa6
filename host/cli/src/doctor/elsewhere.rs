//! A provider whose sessions run elsewhere, named with `-p`: whether its service answers, who
//! we are there, and whether a session of this project could start.

use crate::app::App;
use crate::args::DoctorArgs;
use crate::domain::{Advice, Diagnostic};
use crate::error::Failure;
use crate::login;
use crate::output::Finding;
use crate::providers::{FoundAt, ProviderFile};
use crate::sessions;
use crate::web::http::OriginUrl;

/// What was found about the provider that was named; nothing when its sessions run here.
pub(super) async fn examine(app: &App, args: &DoctorArgs) -> Result<Vec<Finding>, Failure> {
    let Some(name) = &args.common.provider else { return Ok(Vec::new()) };
    let package = app.context.catalogue().find(name)?;
    if !package.manifest.remote {
        return Ok(Vec::new());
    }
    let mut findings = Vec::new();
    // Only what is ours uses the logins.
    if package.found_at == FoundAt::Bundled {
        match login(app).await {
            Ok(found) => findings.extend(found),
            // Without a login nothing else can be known.
            Err(failure) => {
                findings.push(problem("login", failure.0.as_ref()));
                return Ok(findings);
            }
        }
    }
    findings.extend(start(app, args, &package).await);
    Ok(findings)
}

/// Where the service is, and who we are there for how long.
async fn login(app: &App) -> Result<Vec<Finding>, Failure> {
    let (url, given) = login::place(app)?;
    let row = login::interruptible(app, login::who(&app.context.logins(), &given, &url)).await?;
    let until = row.expires_at.as_ref().map(|end| format!(", until {end}")).unwrap_or_default();
    Ok(vec![
        Finding::ok("RenkuLab", OriginUrl::as_str(&url)),
        Finding::ok("login", format!("{}{until}", login::person(&row.account))),
    ])
}

/// Project, launcher, class and image, as the provider finds them.
async fn start(app: &App, args: &DoctorArgs, package: &ProviderFile) -> Vec<Finding> {
    if app.context.project().is_err() {
        let message = "not checked outside of a project";
        return vec![Finding::warning("start", message, "go to your project with `cd`")];
    }
    let options = args.project.options("doctor");
    match sessions::check(&app.context, package, &options).await {
        Ok(lines) => lines.iter().map(|line| Finding::ok("start", line)).collect(),
        Err(failure) => vec![problem("start", failure.0.as_ref())],
    }
}

fn problem(topic: &'static str, error: &dyn Diagnostic) -> Finding {
    let Advice { hint, causes, .. } = Advice::of(error);
    let message = [error.to_string()].into_iter().chain(causes).collect::<Vec<_>>().join("; ");
    Finding::problem(topic, message, hint.as_deref())
}
