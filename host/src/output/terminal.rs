//! What the terminal can do.

use std::io::IsTerminal as _;

/// Whether standard error may be coloured: a terminal, and nobody objects
/// (<https://no-color.org>, `TERM=dumb`).
pub(super) fn colour() -> bool {
    let set = |name: &str| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    live() && !set("NO_COLOR")
}

/// Whether standard error is a terminal that can redraw a line.
pub(super) fn live() -> bool {
    std::io::stderr().is_terminal() && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
}

/// Whether somebody is there to answer a question.
pub(super) fn can_ask() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Whether the locale can show more than ASCII (POSIX: `LC_ALL` over `LC_CTYPE`
/// over `LANG`).
pub(super) fn unicode() -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
        .is_some_and(|locale| locale.to_uppercase().replace('-', "").contains("UTF8"))
}

/// The width of standard output when it is a terminal.
pub(super) fn width() -> Option<usize> {
    let stdout = console::Term::stdout();
    if !stdout.is_term() {
        return None;
    }
    stdout.size_checked().map(|(_, columns)| usize::from(columns))
}

/// Whether standard output is a terminal.
pub(super) fn stdout() -> bool {
    std::io::stdout().is_terminal()
}
