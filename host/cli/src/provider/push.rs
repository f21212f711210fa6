//! `renku session provider push`.

use std::path::Path;

use serde::Serialize;

use super::named::parsed;
use super::sources::trusted;
use crate::app::App;
use crate::args::PushArgs;
use crate::domain::{Diagnostic as _, Digest};
use crate::error::{CommandError, Failure};
use crate::providers::signing::{self, beside};
use crate::providers::sources::read_signature;
use crate::providers::{About, ProvidersError, Source};
use crate::registry::UsersLogins;
use crate::registry::artifacts::{Artifact, OciReference, Purpose, Registry, Which, version_of};

#[derive(Serialize)]
struct Published {
    reference: String,
    /// The digest of its manifest, which pins the version.
    digest: String,
    /// The digest of the file in it.
    file: Digest,
    /// Whether exactly this was there already.
    unchanged: bool,
}

/// Publishes a provider's file, with the signature that lies beside it.
pub(super) async fn push(app: &App, args: &PushArgs) -> Result<(), Failure> {
    let source: Source = parsed(&args.to)?;
    let Source::Oci(reference) = source else {
        return Err(CommandError::NoRegistry { place: args.to.clone() }.into());
    };
    let place: OciReference =
        reference.parse().map_err(|reason| ProvidersError::Name { reason })?;
    let artifact = artifact(app, &args.file)?;
    let named = match &place.which {
        Which::Tag(tag) => Some((tag.clone(), version_of(tag))),
        Which::Version(version) => Some((version.to_string(), Some(version.clone()))),
        Which::Newest | Which::Range(_) | Which::Digest(_) => None,
    };
    if let (Some((tag, named)), Some(version)) = (named, artifact.annotations.get("version"))
        && named.is_none_or(|named| named.to_string() != *version)
    {
        return Err(CommandError::OtherVersion { tag, version: version.clone() }.into());
    }
    app.context.reporter().phase(&format!("Publishing {}", args.file.display()));
    let registry = Registry::connect(&place, &UsersLogins, Purpose::Push)
        .await
        .map_err(ProvidersError::from)?;
    let pushed = registry.push(&artifact).await.map_err(ProvidersError::from)?;
    app.context.reporter().finish();
    let published = Published {
        reference: format!("oci://{}", pushed.reference),
        digest: pushed.manifest,
        file: Digest::of(&artifact.bytes),
        unchanged: pushed.unchanged,
    };
    app.printer.message(&format!("Manifest: {}\nFile:     {}", published.digest, published.file));
    if artifact.signature.is_none() {
        app.printer.message("It is not signed; `renku session provider sign` does that");
    }
    app.printer.answer("published", &published, |_| {
        format!("{}\t{}\n", published.reference, published.digest)
    });
    Ok(())
}

/// A file on its way to a registry.
fn artifact(app: &App, file: &Path) -> Result<Artifact, Failure> {
    let (bytes, about) = About::of_file(file)?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut annotations = about.texts.clone();
    let signature = signature(app, file, &bytes)?;
    annotations.extend(about.version.as_ref().map(|it| ("version".to_owned(), it.to_string())));
    Ok(Artifact {
        name: about.name.clone().unwrap_or(stem),
        bytes,
        imports: about.interfaces.imports.clone(),
        exports: about.interfaces.exports.clone(),
        annotations,
        signature,
    })
}

/// The signature beside a file. One that its users would be refused with is not
/// published: nobody can take it back.
fn signature(app: &App, file: &Path, bytes: &[u8]) -> Result<Option<String>, Failure> {
    let signature = read_signature(file)?;
    let own = std::fs::read_to_string(app.context.configuration().join("signing.pub"));
    let keys = trusted(app)?.and("you", &own.unwrap_or_default());
    let shown = file.display().to_string();
    match signing::verify(&shown, bytes, signature.as_deref(), &keys) {
        Ok(_) => Ok(signature),
        Err(error) => Err(CommandError::WrongSignature {
            file: shown,
            signature: beside(file).display().to_string(),
            causes: error.causes(),
        }
        .into()),
    }
}
