//! What the containers of a session printed: the user's own first.

use renku_session_sdk::invocation::Level;
use renku_session_sdk::{Error, Result};
use serde_json::{Map, Value};

use crate::call::Call;
use crate::model::Found;
use crate::outside::Outside;
use crate::service;

/// The container that runs the user's image.
const OWN: &str = "amalthea-session";

/// Lines of each container when nobody says how many: all that is likely there.
const ALL: u32 = 10_000;

/// Lines that are looked at again and again.
const WINDOW: u32 = 1000;

/// Milliseconds between two looks.
const PAUSE: u32 = 2000;

/// One container and its lines.
type Log = (String, Vec<String>);

/// Sends the logs to `sink`, and with `follow` what comes until the session ends.
///
/// # Errors
///
/// `not-found` without such a session, `cancelled` when the user has seen enough.
pub(crate) fn show(
    outside: &dyn Outside,
    name: &str,
    tail: Option<u32>,
    follow: bool,
    container: Option<&str>,
    sink: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<()> {
    let read =
        |window| read(outside, name, window).map(|logs| logs.map(|all| only(all, container)));
    // What is followed is recognised by what was there before.
    let window = if follow { WINDOW.max(tail.unwrap_or(0)) } else { tail.unwrap_or(ALL) };
    let first = read(window)?.ok_or_else(|| {
        Error::not_found(format!("{} does not have your session `{name}`", outside.base()))
    })??;
    if first.is_empty() {
        let found = service::existing(outside, name)?;
        let over = what_is_over(&found);
        if !follow || over.is_some() {
            let state = &found.status.state;
            let nothing = || format!("`{name}` is {state} and has printed nothing yet");
            outside.say(Level::Warn, &over.unwrap_or_else(nothing));
            return Ok(());
        }
    }
    let headings = first.len() > 1;
    let mut open = String::new();
    for (container, lines) in &first {
        let shown = tail.and_then(|tail| usize::try_from(tail).ok()).unwrap_or(usize::MAX);
        let lines = lines.get(lines.len().saturating_sub(shown)..).unwrap_or_default();
        print(container, lines, headings, &mut open, sink)?;
    }
    if !follow {
        return Ok(());
    }
    let mut seen = first;
    loop {
        outside.sleep(PAUSE)?;
        let Some(now) = read(window)? else { return Ok(()) };
        let now = now?;
        let mut quiet = true;
        for (container, lines) in &now {
            let before = seen.iter().find(|(known, _)| known == container);
            let new = new_lines(before.map_or(&[], |(_, lines)| lines), lines);
            quiet &= new.is_empty();
            print(container, new, headings || now.len() > 1, &mut open, sink)?;
        }
        seen = now;
        if !quiet {
            continue;
        }
        let Some(found) = service::session(outside, name)? else { return Ok(()) };
        if let Some(text) = what_is_over(&found) {
            outside.say(Level::Warn, &text);
            return Ok(());
        }
    }
}

/// The log of one container, when one is named. While there are no logs at all, it may come.
fn only(logs: Vec<Log>, container: Option<&str>) -> Result<Vec<Log>> {
    let Some(wanted) = container else { return Ok(logs) };
    let names: Vec<String> = logs.iter().map(|(name, _)| format!("`{name}`")).collect();
    let found: Vec<Log> = logs.into_iter().filter(|(name, _)| name == wanted).collect();
    if found.is_empty() && !names.is_empty() {
        return Err(Error::not_found(format!("the session has no container `{wanted}`"))
            .help(format!("name one of {} with `--container`", names.join(", "))));
    }
    Ok(found)
}

/// Why nothing more comes of a session, when that is so.
fn what_is_over(found: &Found) -> Option<String> {
    let name = &found.name;
    let status = &found.status;
    match (status.state.as_str(), &status.message) {
        ("hibernated", _) => {
            Some(format!("`{name}` is hibernated, and its log is gone with its containers"))
        }
        ("failed", Some(message)) => Some(format!("`{name}` has failed: {message}")),
        ("failed", None) => Some(format!("`{name}` has failed")),
        ("succeeded", _) => Some(format!("`{name}` has ended")),
        _ => None,
    }
}

/// The last lines of the user's own container.
///
/// # Errors
///
/// When the log cannot be read.
pub(crate) fn last_lines(outside: &dyn Outside, name: &str, count: u32) -> Result<Vec<String>> {
    let logs = read(outside, name, count)?.unwrap_or_default();
    Ok(logs
        .into_iter()
        .find(|(container, _)| container == OWN)
        .map(|(_, lines)| lines)
        .unwrap_or_default())
}

/// The logs, the user's own first; none when there is no such session.
fn read(outside: &dyn Outside, name: &str, lines: u32) -> Result<Option<Vec<Log>>> {
    let call = Call::get(&["sessions", name, "logs"], "read the log").query("max_lines", lines);
    let Some(logs) = service::look::<Map<String, Value>>(outside, &call)? else {
        service::require_login(outside)?;
        return Ok(None);
    };
    let mut logs: Vec<Log> = logs
        .into_iter()
        .map(|(container, text)| {
            let lines = text.as_str().unwrap_or_default().lines().map(str::to_owned).collect();
            (container, lines)
        })
        .collect();
    logs.sort_by_key(|(container, _)| container != OWN);
    Ok(Some(logs))
}

/// Lines, after a heading as `tail` writes it when the container changes.
fn print(
    container: &str,
    lines: &[String],
    headings: bool,
    open: &mut String,
    sink: &mut dyn FnMut(&str) -> Result<()>,
) -> Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    let mut text = String::new();
    if headings && open != container {
        let gap = if open.is_empty() { "" } else { "\n" };
        text = format!("{gap}==> {container} <==\n");
        container.clone_into(open);
    }
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    sink(&text)
}

/// What `now` has after all that `before` ends with.
fn new_lines<'a>(before: &[String], now: &'a [String]) -> &'a [String] {
    let start = (0..=before.len())
        .filter_map(|skipped| before.get(skipped..))
        .find(|rest| now.starts_with(rest))
        .map_or(0, <[String]>::len);
    now.get(start..).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::Script;

    const MISSING: &str = r#"{"error":{"code":1404,"message":"Cannot find session"}}"#;

    fn lines(text: &str) -> Vec<String> {
        text.split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
    }

    fn shown(outside: &Script, tail: Option<u32>, follow: bool) -> String {
        let mut text = String::new();
        show(outside, "a", tail, follow, None, &mut |part| {
            text.push_str(part);
            Ok(())
        })
        .unwrap();
        text
    }

    #[test]
    fn the_users_own_container_comes_first() {
        let outside = Script::new().answer(
            "GET /api/data/sessions/a/logs?max_lines=2",
            200,
            r#"{"authproxy":"p","amalthea-session":"one\ntwo","git-clone":""}"#,
        );
        assert_eq!(
            shown(&outside, Some(2), false),
            "==> amalthea-session <==\none\ntwo\n\n==> authproxy <==\np\n"
        );
    }

    #[test]
    fn one_container_is_named() {
        let request = "GET /api/data/sessions/a/logs?max_lines=10000";
        let shown = |container: &str| {
            let outside =
                Script::new().answer(request, 200, r#"{"git-clone":"x","amalthea-session":"y"}"#);
            let mut text = String::new();
            show(&outside, "a", None, false, Some(container), &mut |part| {
                text.push_str(part);
                Ok(())
            })
            .map(|()| text)
        };
        assert_eq!(shown("git-clone").unwrap(), "x\n");
        let error = shown("proxy").unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.help.as_deref()),
            (
                "the session has no container `proxy`",
                Some("name one of `amalthea-session`, `git-clone` with `--container`")
            )
        );
    }

    #[test]
    fn what_was_shown_is_not_shown_again() {
        for (before, now, new) in [
            ("a b c", "b c d", "d"),
            ("a b", "a b", ""),
            ("", "a b", "a b"),
            ("a b", "x y", "x y"),
            ("a a", "a a a", "a"),
        ] {
            assert_eq!(new_lines(&lines(before), &lines(now)), lines(new), "{before} | {now}");
        }
    }

    #[test]
    fn following_ends_when_nothing_more_comes() {
        let window = "GET /api/data/sessions/a/logs?max_lines=1000";
        let session = "GET /api/data/sessions/a";
        let at = |status: &str| format!(r#"{{"name":"a","status":{status}}}"#);
        let paused = "says: `a` is hibernated, and its log is gone with its containers";
        let hibernated = at(r#"{"state":"hibernated"}"#);
        // From the start.
        let outside = Script::new().answer(window, 200, "{}").answer(session, 200, &hibernated);
        assert_eq!(shown(&outside, None, true), "");
        assert_eq!(outside.lines().last().unwrap(), paused);
        // While it starts, and while it runs silently, somebody waits; then it pauses.
        let outside = Script::new()
            .answer(window, 200, "{}")
            .answer(window, 200, "{}")
            .answer(window, 200, r#"{"amalthea-session":"a"}"#)
            .answer(window, 200, r#"{"amalthea-session":"a"}"#)
            .answer(window, 200, "{}")
            .answer(session, 200, &at(r#"{"state":"starting"}"#))
            .answer(session, 200, &at(r#"{"state":"starting"}"#))
            .answer(session, 200, &at(r#"{"state":"running"}"#))
            .answer(session, 200, &hibernated);
        assert_eq!(shown(&outside, None, true), "a\n");
        assert_eq!(outside.lines().last().unwrap(), paused);
        // The log of one that has failed is still there.
        let outside = Script::new().answer(window, 200, r#"{"amalthea-session":"a"}"#).answer(
            session,
            200,
            &at(r#"{"state":"failed","message":"OOM"}"#),
        );
        assert_eq!(shown(&outside, None, true), "a\n");
        assert_eq!(outside.lines().last().unwrap(), "says: `a` has failed: OOM");
    }

    #[test]
    fn following_ends_with_the_session() {
        let window = "GET /api/data/sessions/a/logs?max_lines=1000";
        let outside = Script::new()
            .answer(window, 200, r#"{"amalthea-session":"a\nb"}"#)
            .answer(window, 200, r#"{"amalthea-session":"a\nb\nc"}"#)
            .answer(window, 404, MISSING)
            .answer("GET /api/data/user", 200, "{}");
        assert_eq!(shown(&outside, Some(1), true), "b\nc\n");
    }
}
