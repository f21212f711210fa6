//! A scope of the user's systemd (systemd.scope(5)): a session in one goes on when its
//! user logs out and lingers, and is limited by it.

use std::os::unix::fs::FileTypeExt as _;
use std::path::PathBuf;
use std::process::Command;

use crate::domain::programs::program;
use crate::record::Limits;

/// Whether this user has a systemd that makes scopes.
pub(crate) fn is_here() -> bool {
    let Some(runtime) = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from) else {
        return false;
    };
    let manager = runtime.join("systemd/private").metadata();
    manager.is_ok_and(|it| it.file_type().is_socket())
        && program("systemd-run").get_program() != "systemd-run"
}

/// Whether what this user runs goes on when they are gone, loginctl(1).
pub(crate) fn lingers() -> bool {
    let user = rustix::process::getuid().as_raw().to_string();
    let mut show = program("loginctl");
    show.args(["show-user", &user, "--property=Linger", "--value"]);
    show.output().is_ok_and(|output| output.stdout.starts_with(b"yes"))
}

/// The same command, in a scope of its own.
pub(crate) fn around(command: &Command, name: &str, limits: &Limits) -> Command {
    let mut scope = program("systemd-run");
    scope.args(["--user", "--scope", "--quiet", "--collect", "--property=Delegate=yes"]);
    scope.arg(format!("--description=renku session {name}"));
    scope.args(properties(limits)).arg("--");
    scope.arg(command.get_program()).args(command.get_args());
    for (variable, value) in command.get_envs() {
        match value {
            Some(value) => scope.env(variable, value),
            None => scope.env_remove(variable),
        };
    }
    scope
}

/// systemd.resource-control(5).
fn properties(limits: &Limits) -> Vec<String> {
    let cpu = limits.cpu.map(|cpu| format!("--property=CPUQuota={:.0}%", cpu * 100.0));
    let memory = limits.memory.map(|bytes| {
        [format!("--property=MemoryMax={bytes}"), "--property=MemorySwapMax=0".to_owned()]
    });
    cpu.into_iter().chain(memory.into_iter().flatten()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_wrapped_with_its_limits_and_its_environment() {
        let mut command = Command::new("/usr/bin/renku");
        command.args(["supervise-session", "/state/x"]).env("RENKU_DATA_DIR", "/data");
        let limits = Limits { cpu: Some(0.5), memory: Some(1024) };
        let scope = around(&command, "x-1", &limits);
        let words: Vec<_> = scope.get_args().map(|it| it.to_str().unwrap()).collect();
        assert_eq!(
            words.join(" "),
            "--user --scope --quiet --collect --property=Delegate=yes \
             --description=renku session x-1 --property=CPUQuota=50% \
             --property=MemoryMax=1024 --property=MemorySwapMax=0 -- \
             /usr/bin/renku supervise-session /state/x"
        );
        assert!(scope.get_envs().any(|(name, _)| name == "RENKU_DATA_DIR"));
    }
}
