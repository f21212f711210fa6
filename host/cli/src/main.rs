//! The binary `renku`. Everything is in the library.

use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use renku_session_choice::{Installed, SUPERVISE, supervise};

fn main() -> ExitCode {
    let mut arguments = std::env::args_os().skip(1);
    // Not for people: the process beside a session that no engine keeps.
    if let (Some(word), Some(session)) = (arguments.next(), arguments.next())
        && word == SUPERVISE
    {
        return supervise(Path::new(&session));
    }
    let program = std::env::current_exe().unwrap_or_default();
    renku_session::main(Arc::new(Installed::from_environment(program)))
}
