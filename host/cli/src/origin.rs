//! `renku session origin`: the web services that providers may use.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, IsTerminal as _, Read as _};
use std::sync::Arc;

use serde::Serialize;

use super::app::App;
use super::args::{AddOriginArgs, OriginCommand, RemoveOriginArgs};
use super::error::{CommandError, Failure};
use crate::domain::Secret;
use crate::output::{self, Format};
use crate::web::http::OriginUrl;
use crate::web::origins::{self, CredentialKind, Entry, OriginsError, StoredCredential};

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
    fn of(name: &str, entry: &Entry) -> Self {
        Self {
            name: name.to_owned(),
            url: entry.url.clone(),
            credential: entry.credential.kind().to_string(),
            providers: entry.providers.clone(),
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
    let store = app.origin_store();
    let known = store.load()?.get(&args.name).cloned();
    let typed = args.credential.clone();
    let says_secret = args.secret_stdin || args.secret_env.is_some();
    let credential = match (&known, typed) {
        // A second `add` for another provider needs no secret again; a secret
        // stays with the place it was given for.
        (Some(entry), None) if !says_secret && entry.url == url.as_str() => {
            entry.credential.clone()
        }
        (Some(entry), None) => secret(app, args, entry.credential.kind()).await?,
        (_, kind) => secret(app, args, kind.unwrap_or_default()).await?,
    };
    let url = match credential {
        StoredCredential::None => url,
        _ => url.for_secrets()?,
    };
    let mut users = BTreeSet::new();
    for provider in &args.providers {
        users.insert(identity(app, provider)?);
    }
    let mut headers: BTreeSet<String> = args.headers.iter().cloned().collect();
    if let Some(kept) = known.filter(|entry| entry.url == url.as_str()) {
        users.extend(kept.providers);
        headers.extend(kept.headers);
    }
    let entry = Entry { url: url.as_str().to_owned(), credential, providers: users, headers };
    let row = Row::of(&args.name, &entry);
    store.change(|origins| origins.insert(args.name.clone(), entry))?;
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
    let origins: BTreeMap<String, Entry> = app.origin_store().load()?;
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
    let removed = app.origin_store().change(|origins| {
        let removed = origins.remove(&args.name);
        removed.ok_or_else(|| OriginsError::Unknown {
            name: args.name.clone(),
            known: origins.keys().cloned().collect(),
        })
    })??;
    let row = Row::of(&args.name, &removed);
    app.printer.answer("origin", &row, |format| match format {
        Format::Table => String::new(),
        _ => tsv(std::slice::from_ref(&row)),
    });
    app.printer.message(&format!("Removed the origin `{}` and its secret", row.name));
    Ok(())
}

/// What a provider is known by; `file:<digest>`, as lists and hints show it, is
/// taken as it is.
fn identity(app: &App, provider: &str) -> Result<String, Failure> {
    let digest = provider
        .strip_prefix("file:")
        .filter(|digest| digest.len() == 12 && digest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    Ok(match digest {
        Some(_) => provider.to_owned(),
        None => app.catalogue().find(provider)?.identity,
    })
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
            Err(_) => return Err(CommandError::Interrupted.into()),
        }
    };
    Ok(kind.with(&Secret::new(text.trim_end_matches(['\r', '\n'])))?)
}

/// One line of standard input.
fn piped() -> Result<String, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        return Err(OriginsError::Credential {
            reason: "`--secret-stdin` reads from a pipe, and there is none".to_owned(),
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
