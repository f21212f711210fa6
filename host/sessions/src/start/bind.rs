//! After a start with `--project`: whether the folder belongs to that project from now on, so
//! that other commands find its sessions without the option.

use super::provider::StartProvider;
use crate::context::Context;
use crate::domain::{Session, shell_word};
use crate::failure::Failure;
use crate::project::{Binding, NewBinding, Project};
use crate::providers::{FoundAt, ProviderFile};
use crate::web::login::{self, Given, LoginError};

/// The provider's option that names a project at the service.
const OPTION: &str = "project";

/// Whether a folder can belong to a project of this provider.
pub(super) fn can_bind(file: &ProviderFile) -> bool {
    file.found_at == FoundAt::Bundled
        && file.manifest.remote
        && file.manifest.options_of("start").any(|option| option.name == OPTION)
}

/// Writes the binding when the user wants it, else says how the sessions of that project are
/// listed. What goes wrong with it is a warning: the session runs.
pub(super) async fn offer(
    context: &Context,
    provider: &StartProvider,
    session: &Session,
    is_typed: bool,
) {
    let is_named = provider.options.contains_key(OPTION);
    let Some(path) = session.project.as_deref().filter(|_| can_bind(&provider.file)) else {
        return;
    };
    if !is_typed && !is_named {
        return;
    }
    if let Err(failure) = bind(context, path, is_typed).await {
        context.notices().warning(failure.0.as_ref());
    }
}

async fn bind(context: &Context, path: &str, is_typed: bool) -> Result<(), Failure> {
    let project = context.project()?;
    let known = project.binding()?;
    let (url, id) = context.unless_interrupted(place(context, path)).await?;
    if known.as_ref().is_some_and(|known| is_of(known, path, id.as_deref())) {
        return Ok(());
    }
    let question = format!(
        "This folder is not known to belong to {path}. Write that to `.renku/config.toml`, so that `ls`, `open` and `stop` find its sessions?"
    );
    let wanted = is_typed
        || (known.is_none()
            && context.can_ask()
            && context.confirm_by_option("--bind", question).await?);
    match (id, path.rsplit_once('/')) {
        (Some(id), Some((namespace, slug))) if wanted => {
            write(context, &project, &NewBinding { url: &url, id: &id, namespace, slug })
        }
        _ => {
            context.reporter().message(&format!(
                "`renku session ls --project {}` lists the sessions of that project from here",
                shell_word(path)
            ));
            Ok(())
        }
    }
}

fn is_of(known: &Binding, path: &str, id: Option<&str>) -> bool {
    known.project == path || Some(known.project.as_str()) == id
}

fn write(context: &Context, project: &Project, binding: &NewBinding<'_>) -> Result<(), Failure> {
    project.bind(binding)?;
    context.reporter().message(&format!(
        "Wrote `.renku/config.toml`: this folder belongs to {}/{} now; commit the file to tell others",
        binding.namespace, binding.slug
    ));
    Ok(())
}

/// The RenkuLab that was used, and the id of the project there.
async fn place(context: &Context, path: &str) -> Result<(String, Option<String>), LoginError> {
    let store = context.logins();
    let given = Given::from_environment()?;
    let bound = context.bound_renkulab();
    let url = login::choose(&given, bound.as_deref(), &store.load()?)?;
    let credential = login::credential(&store, &given.only_for(&url), &url)?;
    let id = login::project_id(credential, &url, path).await?;
    Ok((url.as_str().to_owned(), id))
}
