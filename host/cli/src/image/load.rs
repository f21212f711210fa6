//! `renku session image load`: images from an archive, for sessions without an engine.

use serde::Serialize;

use crate::app::App;
use crate::args::LoadArgs;
use crate::error::Failure;
use crate::sessions::{self, Loaded};

/// An image that was loaded, for programs.
#[derive(Serialize)]
struct Row<'a> {
    names: &'a [String],
    digest: String,
    size_bytes: u64,
    /// Whether it was here before.
    known: bool,
}

/// Loads, and prints what the images are called.
pub(super) async fn load(app: &App, args: &LoadArgs) -> Result<(), Failure> {
    let loaded = sessions::load_images(&app.context, &args.file, args.name.as_deref()).await?;
    let rows: Vec<Row<'_>> = loaded.iter().map(Row::of).collect();
    app.printer.answer("images", &rows, |_| rows.iter().map(Row::lines).collect());
    Ok(())
}

impl<'a> Row<'a> {
    fn of(loaded: &'a Loaded) -> Self {
        Self {
            names: &loaded.names,
            digest: loaded.tree.digest.to_string(),
            size_bytes: loaded.tree.size,
            known: loaded.known,
        }
    }

    /// The names; the digest of one that has none.
    fn lines(&self) -> String {
        match self.names {
            [] => format!("{}\n", self.digest),
            names => names.iter().map(|name| format!("{name}\n")).collect(),
        }
    }
}
