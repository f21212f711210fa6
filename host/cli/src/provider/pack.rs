//! `renku session provider pack`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::app::App;
use crate::args::PackArgs;
use crate::config::Schema;
use crate::domain::{Diagnostic as _, Digest, quoted};
use crate::error::Failure;
use crate::files::{self, Readers};
use crate::provider_options;
use crate::providers::{Metadata, PackError, pack as make, signing};
use crate::sandbox::limits::PACKAGE_BYTES;

/// What was made.
#[derive(Serialize)]
struct Made {
    name: String,
    version: String,
    path: PathBuf,
    digest: Digest,
    size: u64,
    /// The interfaces it imports.
    imports: Vec<String>,
}

/// Makes a provider's file, beside which nothing else is changed.
pub(super) fn pack(app: &App, args: &PackArgs) -> Result<(), Failure> {
    let folder = args.manifest.parent().filter(|folder| *folder != Path::new(""));
    let mut metadata = Metadata::beside(folder.unwrap_or(Path::new(".")))?;
    for (option, value) in [
        (&args.name, &mut metadata.name),
        (&args.version, &mut metadata.version),
        (&args.description, &mut metadata.description),
    ] {
        if option.is_some() {
            value.clone_from(option);
        }
    }
    let packed = make(&args.file, &args.manifest, &metadata)?;
    provider_options::refuse_clashes(&args.manifest.display().to_string(), &packed.about.manifest)?;
    if let Some(schema) = &packed.about.manifest.config {
        Schema::parse(schema).map_err(|error| PackError::Manifest {
            path: args.manifest.clone(),
            reason: format!("`config`: {}", error.causes().join(", ")),
        })?;
    }
    let path = match &args.output {
        Some(path) => path.clone(),
        None => PathBuf::from(format!("{}.wasm", packed.name.file_stem())),
    };
    let before = std::fs::read(&path);
    write(&args.file, &path, &packed.bytes)?;
    if before.is_ok_and(|before| before != packed.bytes) {
        forget_signature(app, &path);
    }
    if packed.bytes.len() > PACKAGE_BYTES {
        app.printer.message(&format!(
            "It is {} MiB: its users have to set `RENKU_MAX_PROVIDER_SIZE=64Mi`",
            packed.bytes.len().div_ceil(1 << 20)
        ));
    }
    let made = Made {
        name: packed.name.to_string(),
        version: packed.about.version.as_ref().map(ToString::to_string).unwrap_or_default(),
        digest: packed.about.digest,
        size: packed.about.size,
        imports: packed.about.interfaces.imports,
        path,
    };
    app.printer.answer("packed", &made, |_| format!("{}\t{}\n", made.path.display(), made.digest));
    Ok(())
}

/// A signature of the file that was there before would be published with this one.
fn forget_signature(app: &App, path: &Path) {
    let signature = signing::beside(path);
    if std::fs::remove_file(&signature).is_ok() {
        app.printer.message(&format!(
            "Removed `{}`, the signature of the previous file; `renku session provider sign {}` creates a new one",
            signature.display(),
            quoted(path)
        ));
    }
}

/// In one step: whoever runs the old file meanwhile goes on reading it.
fn write(input: &Path, path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let is_input = match (input.canonicalize(), path.canonicalize()) {
        (Ok(input), Ok(path)) => input == path,
        _ => false,
    };
    if is_input {
        return Err(PackError::Itself { path: path.into() }.into());
    }
    Ok(files::put(path, Readers::AsBefore, bytes)?)
}
