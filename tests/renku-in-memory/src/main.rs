//! `renku` on the engine in memory, for whole-program tests: the library is that of the
//! program itself, and no one in it knows which engine it has.
//!
//! The engine is a folder that the test made and names in [`ENGINE`]; every process that
//! is given the same folder sees the same engine. The program of a started session is
//! this program once more ([`SESSION`]), as a small web server. It ends when it is
//! stopped, when its folder is gone, or when the process of the test is.

mod environment;
mod exec;
mod page;
mod programs;
mod server;
mod session;

use std::process::ExitCode;
use std::sync::Arc;

use environment::Environment;
use programs::Processes;
use renku_session_memory::{Kept, Memory, MemoryEngines};

/// The folder of the engine.
const ENGINE: &str = "RENKU_MEMORY_ENGINE";
/// The id of the container whose program this process is.
const SESSION: &str = "RENKU_MEMORY_SESSION";
/// The process of the test, without which nothing goes on.
const TEST: &str = "RENKU_MEMORY_TEST";

fn main() -> ExitCode {
    let environment = match Environment::read() {
        Ok(environment) => environment,
        Err(reason) => return failed(&reason),
    };
    match std::env::var(SESSION) {
        Ok(id) => match session::run(&environment, &id) {
            Ok(code) => code,
            Err(error) => failed(&error.to_string()),
        },
        Err(_) => {
            let kept = Kept::Folder(environment.engine.clone());
            let programs = Arc::new(Processes(environment));
            let memory = Arc::new(Memory::new(kept, programs));
            renku_session::main(Arc::new(MemoryEngines(memory)))
        }
    }
}

#[allow(clippy::print_stderr, reason = "there is no printer here, and a test reads it")]
fn failed(reason: &str) -> ExitCode {
    eprintln!("renku-in-memory: {reason}");
    ExitCode::FAILURE
}
