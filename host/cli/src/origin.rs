//! `renku session origin`: the web services that providers may use.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::sync::Arc;

use serde::Serialize;

use super::app::App;
use super::args::{AddOriginArgs, OriginCommand, RemoveOriginArgs};
use super::error::{CommandError, Failure};
use crate::domain::{Digest, Identity, Secret, file_digits, shown_label};
use crate::output::{self, Format};
use crate::sessions::SessionsError;
use crate::web::http::OriginUrl;
use crate::web::origins::{self, CredentialKind, OriginsError, StoredCredential, StoredOrigin};

/// A secret is one line; more than this is something else.
const SECRET_BYTES: u64 = 64 * 1024;

/// One origin as it is shown.
#[derive(Serialize)]
struct Row {
    name: String,
    url: String,
    /// The kind of its credential, never the secret.
    credential: String,
    providers: BTreeSet<String>,
    /// Headers of providers that pass beyond the usual ones.
    headers: BTreeSet<String>,
}

impl Row {
    fn of(name: &str, entry: &StoredOrigin) -> Self {
        Self {
            name: name.to_owned(),
            url: entry.url.clone(),
            credential: entry.credential.kind().to_string(),
            providers: entry.providers.iter().map(|it| shown_label(it).to_owned()).collect(),
            headers: entry.headers.clone(),
        }
    }
}

/// Adds, lists or removes origins.
pub(super) async fn origin(app: &App, command: &OriginCommand) -> Result<(), Failure> {
    match command {
        OriginCommand::Add(args) => add(app, args).await,
        OriginCommand::List(_) => list(app),
        OriginCommand::Remove(args) => remove(app, args),
    }
}

async fn add(app: &App, args: &AddOriginArgs) -> Result<(), Failure> {
    origins::check_name(&args.name)?;
    let url = OriginUrl::parse(&args.url)?;
    let store = app.context.origin_store();
    let known = store.load()?.get(&args.name).cloned();
    let typed = args.credential.clone();
    let says_secret = args.secret_stdin || args.secret_env.is_some();
    // None: the one that there is. A second `add` for another provider needs no
    // secret again; a secret stays with the place it was given for.
    let credential = match (&known, typed) {
        (Some(entry), None) if !says_secret && entry.url == url.as_str() => None,
        (Some(entry), None) => Some(secret(app, args, entry.credential.kind()).await?),
        (_, kind) => Some(secret(app, args, kind.unwrap_or_default()).await?),
    };
    let url = match credential.as_ref().or(known.as_ref().map(|entry| &entry.credential)) {
        None | Some(StoredCredential::None) => url,
        Some(_) => url.for_secrets()?,
    };
    let mut given = Vec::new();
    for provider in &args.providers {
        given.push(identity(app, provider)?);
    }
    // Questions were answered meanwhile: what is kept is what there is now.
    let entry = store.change(|origins| {
        let kept = origins.get(&args.name).filter(|entry| entry.url == url.as_str());
        let credential = match (credential, kept) {
            (Some(credential), _) => credential,
            (None, Some(kept)) => kept.credential.clone(),
            (None, None) => return Err(OriginsError::Changed { name: args.name.clone() }),
        };
        let mut providers = kept.map(|entry| entry.providers.clone()).unwrap_or_default();
        for identity in &given {
            // What was given to its first twelve digits is given to all of them now.
            if let Some(before) = identity.label_before() {
                providers.remove(&before);
            }
            providers.insert(identity.label());
        }
        let mut headers: BTreeSet<String> = args.headers.iter().cloned().collect();
        headers.extend(kept.map(|entry| entry.headers.clone()).unwrap_or_default());
        let entry = StoredOrigin { url: url.as_str().to_owned(), credential, providers, headers };
        origins.insert(args.name.clone(), entry.clone());
        Ok(entry)
    })?;
    let row = Row::of(&args.name, &entry);
    app.printer.answer("origin", &row, |format| match format {
        Format::Table => String::new(),
        _ => tsv(std::slice::from_ref(&row)),
    });
    let users: Vec<&str> = row.providers.iter().map(String::as_str).collect();
    app.printer.message(&match users.is_empty() {
        true => format!(
            "Origin `{}` is `{}`; no provider may use it until you name one with `--for PROVIDER`",
            row.name, row.url
        ),
        false => format!("Origin `{}` is `{}`, for {}", row.name, row.url, users.join(", ")),
    });
    Ok(())
}

fn list(app: &App) -> Result<(), Failure> {
    let origins: BTreeMap<String, StoredOrigin> = app.context.origin_store().load()?;
    let rows: Vec<Row> = origins.iter().map(|(name, entry)| Row::of(name, entry)).collect();
    app.printer.answer("origins", &rows, |format| match format {
        Format::Table => table(&rows),
        _ => tsv(&rows),
    });
    if rows.is_empty() {
        app.printer.message("There are no origins; `renku session origin add NAME URL` adds one");
    }
    Ok(())
}

fn remove(app: &App, args: &RemoveOriginArgs) -> Result<(), Failure> {
    let removed = app.context.origin_store().change(|origins| {
        let removed = origins.remove(&args.name);
        removed.ok_or_else(|| OriginsError::Unknown {
            name: args.name.clone(),
            known: origins.keys().cloned().collect(),
        })
    })?;
    let row = Row::of(&args.name, &removed);
    app.printer.answer("origin", &row, |format| match format {
        Format::Table => String::new(),
        _ => tsv(std::slice::from_ref(&row)),
    });
    app.printer.message(&format!("Removed the origin `{}` and its secret", row.name));
    Ok(())
}

/// What a provider is known by. All digits of a file's digest are taken as they
/// are; twelve, as lists show them, could be those of two files.
fn identity(app: &App, provider: &str) -> Result<Identity, Failure> {
    match file_digits(provider).map(|digits| format!("sha256:{digits}").parse::<Digest>()) {
        Some(Ok(digest)) => Ok(Identity::of_file(digest)),
        Some(Err(_)) => Err(OriginsError::FewDigits { provider: provider.to_owned() }.into()),
        None => Ok(app.context.catalogue().find(provider)?.identity),
    }
}

/// The credential of this kind: its secret is typed, piped, or in a variable.
async fn secret(
    app: &App,
    args: &AddOriginArgs,
    kind: CredentialKind,
) -> Result<StoredCredential, Failure> {
    if !kind.wants_secret() {
        return Ok(kind.with(&Secret::new(""))?);
    }
    let text = if let Some(variable) = &args.secret_env {
        std::env::var(variable).map_err(|_| OriginsError::Credential {
            reason: format!("the environment variable `{variable}` is not set"),
            example: "export it, or leave out `--secret-env` to be asked",
        })?
    } else if args.secret_stdin {
        piped()?
    } else {
        let questions = Arc::clone(&app.questions);
        let text = format!("The secret for `{}` ({kind})", args.url);
        let asked =
            tokio::task::spawn_blocking(move || questions.ask_secret("--secret-stdin", &text));
        match asked.await {
            Ok(answer) => answer?,
            Err(_) => return Err(SessionsError::Interrupted.into()),
        }
    };
    Ok(kind.with(&Secret::new(text.trim_end_matches(['\r', '\n'])))?)
}

/// One line of standard input.
fn piped() -> Result<String, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(OriginsError::Credential {
            reason: "`--secret-stdin` reads from a pipe, but standard input is not one".to_owned(),
            example: "leave it out to be asked, or pipe the secret: `pass show cluster | renku session origin add …`",
        }
        .into());
    }
    let mut line = String::new();
    let mut limited = input.lock().take(SECRET_BYTES);
    limited.read_line(&mut line).map_err(CommandError::Runtime)?;
    Ok(line)
}

fn table(rows: &[Row]) -> String {
    let cells: Vec<[String; 4]> = rows
        .iter()
        .map(|row| {
            let providers: Vec<&str> = row.providers.iter().map(String::as_str).collect();
            [row.name.clone(), row.url.clone(), row.credential.clone(), providers.join(", ")]
        })
        .collect();
    output::table(Format::Table, ["NAME", "URL", "CREDENTIAL", "PROVIDERS"], &cells)
}

fn tsv(rows: &[Row]) -> String {
    let line = |row: &Row| {
        let providers: Vec<&str> = row.providers.iter().map(String::as_str).collect();
        format!("{}\t{}\t{}\t{}\n", row.name, row.url, row.credential, providers.join(","))
    };
    rows.iter().map(line).collect()
}
