//! The binary `renku`. Everything is in the library.

use std::process::ExitCode;
use std::sync::Arc;

use renku_session_choice::Installed;

fn main() -> ExitCode {
    renku_session::main(Arc::new(Installed::from_environment()))
}
