//! The engine as another user of the machine sees it: through its own client.

use std::process::Command;

/// What a program printed and how it ended.
pub struct Output {
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
    /// Whether it ended with 0.
    pub success: bool,
}

/// Runs the engine's own client.
///
/// # Panics
///
/// When there is no such client.
#[must_use]
pub fn docker(arguments: &[&str]) -> Output {
    let output = Command::new("docker").args(arguments).output().expect("`docker` is installed");
    Output {
        stdout: String::from_utf8_lossy(&output.stdout).into(),
        stderr: String::from_utf8_lossy(&output.stderr).into(),
        success: output.status.success(),
    }
}

/// Runs it and wants success; its standard output, trimmed.
///
/// # Panics
///
/// When it fails.
#[must_use]
#[track_caller]
pub fn docker_ok(arguments: &[&str]) -> String {
    let output = docker(arguments);
    assert!(output.success, "docker {arguments:?}: {}", output.stderr);
    output.stdout.trim().into()
}

/// A container that is none of our business. Removed when dropped.
pub struct Foreign {
    /// The engine's id, 64 hexadecimal digits.
    pub id: String,
    pub name: String,
}

impl Foreign {
    /// Starts one from the small web server image, with more arguments for
    /// `docker run`.
    #[must_use]
    pub fn start(arguments: &[&str]) -> Self {
        Self::start_with(arguments, &[])
    }

    /// The same with another program than the image's.
    #[must_use]
    pub fn start_with(arguments: &[&str], program: &[&str]) -> Self {
        let mut all = vec!["run", "-d", "--label", "renku-test=foreign"];
        all.extend(arguments);
        let image = crate::httpd_image();
        all.push(&image);
        all.extend(program);
        let id = docker_ok(&all);
        let name = docker_ok(&["inspect", "-f", "{{.Name}}", &id]);
        Self { name: name.trim_start_matches('/').into(), id }
    }

    /// Whether it still runs.
    #[must_use]
    pub fn runs(&self) -> bool {
        docker(&["inspect", "-f", "{{.State.Running}}", &self.id]).stdout.trim() == "true"
    }
}

impl Drop for Foreign {
    fn drop(&mut self) {
        let _ = docker(&["rm", "-f", "-v", &self.id]);
    }
}
