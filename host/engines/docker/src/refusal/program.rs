//! That an image does not have the program that was to be started, in the words of the
//! programs below an engine: runc, crun.

/// The program that was not found; none: the answer is about something else.
pub(crate) fn missing(message: &str) -> Option<&str> {
    let quoted = |before: &str, quote: char, after: &str| {
        let (_, rest) = message.split_once(before)?;
        let (program, rest) = rest.split_once(quote)?;
        rest.trim_start().starts_with(after).then_some(program)
    };
    quoted("exec: \"", '"', ": executable file not found")
        .or_else(|| quoted("exec: \"", '"', ": stat "))
        .or_else(|| quoted("executable file `", '`', "not found"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_named_by_every_runtime() {
        for message in [
            "OCI runtime create failed: container_linux.go:380: starting container process caused: \
             exec: \"jupyter\": executable file not found in $PATH: unknown",
            "crun: executable file `jupyter` not found in $PATH: No such file or directory: OCI \
             runtime attempted to invoke a command that was not found",
        ] {
            assert_eq!(missing(message), Some("jupyter"), "{message}");
        }
        assert_eq!(missing("network x not found"), None);
    }
}
