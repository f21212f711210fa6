//! `--env` and `--env-file`, as Docker's command line reads them.

use super::EngineOptions;
use super::caller::Caller;

/// `VAR=VALUE`, or `VAR` alone: the value that it has where the command was
/// typed. One that has no value there is left out, and said so.
pub(super) fn variable(
    it: &mut EngineOptions,
    text: &str,
    around: &Caller<'_>,
) -> Result<(), String> {
    let (name, value) = match text.split_once('=') {
        Some((name, value)) => (name, Some(value.to_owned())),
        None => (text, (around.variable)(text)),
    };
    check(name)?;
    match value {
        Some(value) if value.contains('\0') => return Err("the value has a zero byte".to_owned()),
        Some(value) => it.environment.push((name.to_owned(), value)),
        None => {
            it.warnings.push(format!("`--env {name}` is ignored: your environment has no `{name}`"))
        }
    }
    Ok(())
}

/// A line is `VAR=VALUE` or `VAR`; empty lines and those that begin with `#` are
/// skipped. Quotes mean nothing. Lines of the files come before `--env`.
pub(super) fn file(it: &mut EngineOptions, text: &str, around: &Caller<'_>) -> Result<(), String> {
    let mut own = EngineOptions::default();
    let content = around.read(text)?;
    let lines = content.strip_prefix('\u{feff}').unwrap_or(&content).lines();
    for (number, line) in lines.enumerate() {
        let line = line.trim_start();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        variable(&mut own, line, around)
            .map_err(|reason| format!("line {}: {reason}", number + 1))?;
    }
    it.file_environment.append(&mut own.environment);
    it.warnings.append(&mut own.warnings);
    Ok(())
}

fn check(name: &str) -> Result<(), String> {
    if name.is_empty() {
        Err("the name of the variable is missing".to_owned())
    } else if name.contains(|c: char| c.is_whitespace() || c == ',' || c.is_control()) {
        Err(format!("`{name}` cannot be the name of a variable"))
    } else {
        Ok(())
    }
}
