//! The binary `renku`. Everything is in the library.

use std::process::ExitCode;

fn main() -> ExitCode {
    renku_session::main()
}
