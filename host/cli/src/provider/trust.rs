//! `renku session provider trust`: whose signatures count.

use std::path::Path;

use serde::Serialize;

use super::sources;
use crate::app::App;
use crate::args::{TrustAddArgs, TrustCommand, TrustRemoveArgs};
use crate::error::Failure;
use crate::output::{Format, table};
use crate::providers::ProvidersError;
use crate::providers::signing::TrustedKey;

#[derive(Serialize)]
struct Row {
    name: String,
    /// As minisign prints it.
    id: String,
    key: String,
}

impl From<&TrustedKey> for Row {
    fn from(key: &TrustedKey) -> Self {
        Self { name: key.name.clone(), id: key.id(), key: key.key.clone() }
    }
}

/// Runs one of the commands.
pub(super) fn trust(app: &App, command: &TrustCommand) -> Result<(), Failure> {
    match command {
        TrustCommand::Add(args) => add(app, args),
        TrustCommand::List(_) => list(app),
        TrustCommand::Remove(args) => remove(app, args),
    }
}

fn add(app: &App, args: &TrustAddArgs) -> Result<(), Failure> {
    // A key, or a file with one.
    let text = match std::fs::read_to_string(Path::new(&args.key)) {
        Ok(text) => text,
        Err(_) => args.key.clone(),
    };
    let mut trusted = sources::trusted(app)?;
    let key = trusted.add(&args.name, &text).map_err(ProvidersError::from)?;
    show(app, &[Row::from(&key)]);
    Ok(())
}

fn list(app: &App) -> Result<(), Failure> {
    let trusted = sources::trusted(app)?;
    show(app, &trusted.keys().iter().map(Row::from).collect::<Vec<_>>());
    Ok(())
}

fn remove(app: &App, args: &TrustRemoveArgs) -> Result<(), Failure> {
    let mut trusted = sources::trusted(app)?;
    let key = trusted.remove(&args.name).map_err(ProvidersError::from)?;
    app.printer.message(&format!("Signatures of `{}` are no longer trusted", key.name));
    show(app, &[Row::from(&key)]);
    Ok(())
}

fn show(app: &App, rows: &[Row]) {
    app.printer.answer("keys", &rows, |format: Format| {
        let cells: Vec<_> =
            rows.iter().map(|row| [row.name.clone(), row.id.clone(), row.key.clone()]).collect();
        table(format, ["NAME", "ID", "KEY"], &cells)
    });
}
