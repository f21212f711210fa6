//! How a user says that a command should end: Ctrl-C, a polite kill, or by closing
//! the terminal.

use crate::sandbox::Cancel;

/// Asks the command to end at the first signal. Ctrl-C or a kill after that ends the
/// program at once; a terminal that closes may say so twice, and has nobody who waits.
#[expect(clippy::exit, reason = "a second Ctrl-C means: now")]
pub(super) fn watch(cancel: Cancel) {
    // Before anything asks for the signal: that is no longer ignored then.
    let hears_hangup = !ignores_hangup();
    tokio::spawn(async move {
        tokio::select! {
            () = interrupt() => {}
            () = hangup(), if hears_hangup => {}
        }
        cancel.cancel();
        interrupt().await;
        std::process::exit(130);
    });
}

#[cfg(unix)]
async fn interrupt() {
    use tokio::signal::unix::SignalKind;
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = signalled(SignalKind::terminate()) => {}
    }
}

#[cfg(unix)]
async fn hangup() {
    signalled(tokio::signal::unix::SignalKind::hangup()).await;
}

/// Never, where the signal cannot be asked for.
#[cfg(unix)]
async fn signalled(kind: tokio::signal::unix::SignalKind) {
    match tokio::signal::unix::signal(kind) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn interrupt() {
    let _ = tokio::signal::ctrl_c().await;
}

#[cfg(not(unix))]
async fn hangup() {
    std::future::pending().await
}

/// Whether we were started to outlive the terminal, as by `nohup`. Only Linux says
/// which signals are ignored; elsewhere `nohup` is known by what it does to standard
/// error.
fn ignores_hangup() -> bool {
    use std::io::IsTerminal as _;
    match std::fs::read_to_string("/proc/self/status") {
        Ok(status) => is_ignored(&status, 1),
        Err(_) => !std::io::stderr().is_terminal(),
    }
}

/// Whether the signal of this number is in the mask `SigIgn` (proc(5)).
fn is_ignored(status: &str, signal: u32) -> bool {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    mask >> (signal - 1) & 1 == 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nohup_ignores_is_seen() {
        let status =
            |mask: &str| format!("SigBlk:\t0000000000000001\nSigIgn:\t{mask}\nSigCgt:\t1\n");
        assert!(is_ignored(&status("0000000000000001"), 1));
        assert!(is_ignored(&status("0000000000001007"), 1));
        assert!(!is_ignored(&status("0000000000001006"), 1));
        assert!(!is_ignored("", 1));
    }
}
