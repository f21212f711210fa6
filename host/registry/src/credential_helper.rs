//! Asks a credential helper, a program `docker-credential-NAME` that keeps
//! logins in the system's own safe.
//!
//! Protocol: <https://github.com/docker/docker-credential-helpers#development>:
//! `get`, the registry on standard input, JSON on standard output.

use std::io::{Read, Write};
use std::process::Stdio;
use std::sync::mpsc;
use std::time::{Duration, Instant};

use serde::Deserialize;

use crate::domain::{programs, text};

/// How long a helper may take. It may ask for a password in a window, but a
/// broken one must not block a start.
const PATIENCE: Duration = Duration::from_secs(15);
/// How often it is looked whether the helper has ended.
const PAUSE: Duration = Duration::from_millis(5);
/// More than any login.
const ANSWER_BYTES: u64 = 1024 * 1024;

/// A login as a helper keeps it.
#[derive(Deserialize)]
pub(super) struct Stored {
    #[serde(rename = "Username")]
    pub(super) user: String,
    #[serde(rename = "Secret")]
    pub(super) secret: String,
}

/// The file name of a helper.
pub(super) fn program(helper: &str) -> String {
    format!("docker-credential-{helper}")
}

/// The login that `helper` keeps for `registry`; none when it keeps none.
///
/// # Errors
///
/// Why it cannot be asked, in a few words.
pub(super) async fn get(helper: &str, registry: &str) -> Result<Option<Stored>, String> {
    // The name comes from a file and becomes a program: a bare file name only.
    if helper.is_empty() || helper.contains(['/', '\\']) {
        return Err("its name is not a file name".to_owned());
    }
    let (program, registry) = (program(helper), registry.to_owned());
    let asked = tokio::task::spawn_blocking(move || ask(&program, &registry));
    asked.await.unwrap_or_else(|error| Err(error.to_string()))
}

fn ask(program: &str, registry: &str) -> Result<Option<Stored>, String> {
    let mut child = programs::program(program)
        .arg("get")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| match error.kind() {
            std::io::ErrorKind::NotFound => "it is not installed".to_owned(),
            _ => error.to_string(),
        })?;
    if let Some(mut input) = child.stdin.take() {
        // One that does not read has an opinion of its own; its answer counts.
        let _ = input.write_all(registry.as_bytes());
    }
    let output = child.stdout.take();
    let (sender, answered) = mpsc::channel();
    std::thread::spawn(move || {
        let mut answer = Vec::new();
        let read = output.map(|output| output.take(ANSWER_BYTES).read_to_end(&mut answer));
        let _ = sender.send(read.transpose().map(|_| answer));
    });
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if begin.elapsed() < PATIENCE => std::thread::sleep(PAUSE),
            None => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("no answer within {} s", PATIENCE.as_secs()));
            }
        }
    };
    // A helper may have ended while a program of its own still holds its output.
    let left = PATIENCE.saturating_sub(begin.elapsed()).max(PAUSE);
    let answer = match answered.recv_timeout(left) {
        Ok(Ok(answer)) => answer,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(_) => return Err(format!("no answer within {} s", PATIENCE.as_secs())),
    };
    understand(status.success(), &answer)
}

/// It reports a failure on standard output, in words.
fn understand(success: bool, answer: &[u8]) -> Result<Option<Stored>, String> {
    if !success {
        let said = text::one_line(&String::from_utf8_lossy(answer), 200);
        let nothing = said.contains("credentials not found");
        return match said.as_str() {
            _ if nothing => Ok(None),
            "" => Err("it failed".to_owned()),
            said => Err(said.to_owned()),
        };
    }
    match serde_json::from_slice::<Stored>(answer) {
        Ok(stored) if stored.user.is_empty() && stored.secret.is_empty() => Ok(None),
        Ok(stored) => Ok(Some(stored)),
        // The answer itself is a secret, so it is not shown.
        Err(_) => Err("its answer could not be understood".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn understood(success: bool, answer: &str) -> Result<Option<String>, String> {
        understand(success, answer.as_bytes()).map(|found| found.map(|stored| stored.user))
    }

    #[test]
    fn having_no_login_is_no_failure_of_a_helper() {
        let login = r#"{"ServerURL":"r","Username":"ann","Secret":"s"}"#;
        assert_eq!(understood(true, login), Ok(Some("ann".into())));
        assert_eq!(understood(true, r#"{"Username":"","Secret":""}"#), Ok(None));
        assert_eq!(understood(false, "credentials not found in native keychain\n"), Ok(None));
        assert_eq!(understood(false, "safe is locked\n"), Err("safe is locked".into()));
        assert_eq!(understood(false, ""), Err("it failed".into()));
        assert_eq!(understood(true, "hello"), Err("its answer could not be understood".into()));
    }

    #[tokio::test]
    async fn a_name_that_leaves_the_path_is_refused() {
        for name in ["", "../evil", "/bin/true"] {
            assert!(get(name, "r").await.is_err(), "{name}");
        }
        let missing = get("renku-test-is-not-there", "r").await;
        assert_eq!(missing.err().as_deref(), Some("it is not installed"));
    }
}
