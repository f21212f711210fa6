//! `renku session provider new`.

use std::path::PathBuf;

use serde::Serialize;

use crate::app::App;
use crate::args::NewArgs;
use crate::error::Failure;
use crate::providers::scaffold;

#[derive(Serialize)]
struct Made {
    name: String,
    directory: PathBuf,
}

/// Makes a project for an author.
pub(super) fn new(app: &App, args: &NewArgs) -> Result<(), Failure> {
    let directory = args.directory.clone().unwrap_or_else(|| PathBuf::from(&args.name));
    scaffold(&args.name, args.lang, &directory)?;
    app.printer.message(&format!(
        "Created the provider `{}`; `README.md` in `{}` explains how to build and test it",
        args.name,
        directory.display()
    ));
    let made = Made { name: args.name.clone(), directory };
    app.printer.answer("project", &made, |_| format!("{}\n", made.directory.display()));
    Ok(())
}
