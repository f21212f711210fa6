//! How a program ended, for the end of a sentence.

/// How a program ended.
pub(super) fn exit(exit_code: Option<i32>, out_of_memory: bool) -> String {
    match (exit_code, out_of_memory) {
        (_, true) => "it ran out of memory".to_owned(),
        (Some(127), false) => "exit status 127 (its program was not found)".to_owned(),
        (Some(code), false) => format!("exit status {code}"),
        (None, false) => "no exit status".to_owned(),
    }
}

/// The same for a program whose container is gone.
pub(super) fn exit_of_removed(exit_code: Option<i32>) -> String {
    match exit_code {
        Some(_) => exit(exit_code, false),
        None => "`--rm` removed it at once".to_owned(),
    }
}

/// What a session that does not answer did.
pub(super) fn unanswered(port: u16, seconds: u64) -> String {
    match seconds {
        0 => format!("cannot be reached on port {port}"),
        seconds => format!("did not answer on port {port} within {seconds} s"),
    }
}

/// What helps against an end that its last lines explain.
pub(super) fn hint(exit_code: Option<i32>, log: &[String]) -> Option<String> {
    let says = |words: &[&str]| {
        log.iter().any(|line| {
            let line = line.to_lowercase();
            words.iter().any(|word| line.contains(word))
        })
    };
    let lacks = ["jupyter: not found", "jupyter: command not found", "no module named jupyter"];
    if says(&lacks) {
        return Some(
            "add `RUN pip install jupyterlab` to the Dockerfile, or name the program of the session \
             with `command` in the file after `--config`"
                .to_owned(),
        );
    }
    let rights =
        ["permission denied", "operation not permitted", "must be root", "as root", "not root"];
    (exit_code != Some(0) && says(&rights)).then(|| {
        "if its program has to begin as root, add `--user root`; then new files may belong to root"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_explained_where_its_last_lines_say_why() {
        let hint = |line: &str| hint(Some(1), &[line.to_owned()]).unwrap_or_default();
        assert!(hint("sh: 1: exec: jupyter: not found").contains("pip install jupyterlab"));
        assert!(hint("mkdir: can't create '/run/s6': Permission denied").contains("--user root"));
        assert_eq!(hint("ValueError: x"), "");
    }
}
