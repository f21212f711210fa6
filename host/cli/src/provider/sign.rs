//! `renku session provider sign`.

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::app::App;
use crate::args::SignArgs;
use crate::error::Failure;
use crate::files::{self, Readers};
use crate::providers::signing::{self, SigningKey};
use crate::providers::{About, ProvidersError};

/// Where the password of a key can be given without a terminal.
const PASSWORD: &str = "RENKU_SIGNING_PASSWORD";

#[derive(Serialize)]
struct Signed {
    /// The signature's file; none: only a key was made.
    signature: Option<PathBuf>,
    /// The public key, when one was made.
    public_key: Option<String>,
}

/// Signs a provider's file, after making a key when that was asked for.
pub(super) fn sign(app: &App, args: &SignArgs) -> Result<(), Failure> {
    let key = args.key.clone().unwrap_or_else(|| app.context.configuration().join("signing.key"));
    let public_key = if args.new_key { Some(new_key(app, args, &key)?) } else { None };
    let signature = args.file.as_ref().map(|file| sign_file(app, file, &key)).transpose()?;
    let signed = Signed { signature, public_key };
    app.printer.answer("signed", &signed, |_| {
        let file = signed.signature.as_ref().map(|path| format!("{}\n", path.display()));
        let key = signed.public_key.as_ref().map(|key| format!("{key}\n"));
        [key, file].into_iter().flatten().collect()
    });
    Ok(())
}

fn new_key(app: &App, args: &SignArgs, path: &Path) -> Result<String, Failure> {
    let password = match args.no_password {
        true => None,
        false => Some(password(app, "A password for the new key: ")?),
    };
    let public = signing::new_key(path, password).map_err(ProvidersError::from)?;
    app.printer.message(&format!(
        "The secret key is in `{}`: keep it safe. Users trust you with \
         `renku session provider trust add --name YOU {public}`",
        path.display()
    ));
    Ok(public)
}

fn sign_file(app: &App, file: &Path, key: &Path) -> Result<PathBuf, Failure> {
    let shown = file.display().to_string();
    let (bytes, about) = About::of_file(file)?;
    let key = SigningKey::read(key, || password(app, "The password of the key: "))?;
    let version = about.version.map(|version| format!(" {version}")).unwrap_or_default();
    let name = about.name.unwrap_or(shown);
    let text =
        signing::sign(&key, &bytes, &format!("{name}{version}")).map_err(ProvidersError::from)?;
    let beside = signing::beside(file);
    files::put(&beside, Readers::Everybody, text.as_bytes())?;
    Ok(beside)
}

fn password(app: &App, question: &str) -> Result<String, Failure> {
    match std::env::var(PASSWORD) {
        Ok(password) => Ok(password),
        Err(_) => Ok(app.questions.secret(PASSWORD, question)?),
    }
}
