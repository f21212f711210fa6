//! Which signals this process was started to ignore.

/// Whether we were started to outlive the terminal, as by `nohup`. Only Linux says
/// which signals are ignored; elsewhere `nohup` is known by what it does to standard
/// error.
pub(super) fn ignores_hangup() -> bool {
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
