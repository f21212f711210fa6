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
