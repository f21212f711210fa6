//! What we build on: git, the project, and the providers.

use std::process::Stdio;

use crate::domain::{Diagnostic as _, programs};
use crate::output::Finding;
use crate::project::Project;
use crate::providers::Catalogue;

pub(super) fn examine() -> Vec<Finding> {
    let mut findings = vec![git(), project()];
    let here = std::env::current_dir().ok();
    let project = here.and_then(|here| Project::locate(&here).ok());
    let catalogue = Catalogue::new(project.as_ref().map(Project::root));
    findings.extend(catalogue.known().iter().map(|name| provider(&catalogue, name)));
    findings
}

fn git() -> Finding {
    let output = programs::program("git").arg("--version").stdin(Stdio::null()).output();
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            Finding::ok("git", text.trim().trim_start_matches("git version "))
        }
        Ok(output) => {
            let said = String::from_utf8_lossy(&output.stderr);
            Finding::problem("git", format!("`git` does not work: {}", said.trim()), None)
        }
        Err(error) => {
            let hint = Some("install git; on Debian and Ubuntu `apt-get install git`");
            Finding::problem("git", format!("`git` cannot be started: {error}"), hint)
        }
    }
}

fn project() -> Finding {
    let here = std::env::current_dir();
    let found = here
        .map_err(|error| error.to_string())
        .and_then(|here| Project::locate(&here).map_err(|error| error.to_string()));
    match found {
        Ok(project) => Finding::ok("project", format!("`{}`", project.root().display())),
        // A doctor may be asked anywhere.
        Err(reason) => Finding::ok("project", format!("none here: {reason}")),
    }
}

fn provider(catalogue: &Catalogue, name: &str) -> Finding {
    match catalogue.find(name) {
        Ok(provider) => {
            let digest = provider.digest().short();
            let version = provider.version().map_or_else(String::new, |it| format!(" {it}"));
            let api = provider.sections.api().unwrap_or("unknown");
            Finding::ok("provider", format!("{name}{version}, API {api}, sha256:{digest}…"))
        }
        Err(error) => Finding::problem("provider", error.to_string(), error.hint().as_deref()),
    }
}
