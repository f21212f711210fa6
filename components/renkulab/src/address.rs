//! Projects as people give them: an id, `namespace/slug`, or the address of a page
//! of the project, pasted from the browser.

use renku_session_sdk::{Error, Result};

/// The id, or `namespace/slug`, that `text` stands for at the RenkuLab `base`.
///
/// # Errors
///
/// `invalid-input` for the address of another RenkuLab, or of no project.
pub(crate) fn reference(base: &str, text: &str) -> Result<String> {
    let text = text.trim();
    let Some((host, path)) = address(base, text) else { return Ok(text.to_owned()) };
    let (own_host, own_path) = split(base);
    if !host.eq_ignore_ascii_case(own_host) {
        return Err(Error::invalid_input(format!("`{text}` is not a page of {base}"))
            .help(format!("run `renku login https://{host}` if that is your RenkuLab, or name the project as NAMESPACE/SLUG")));
    }
    let path = path.strip_prefix(own_path).unwrap_or(path);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let words = path.split('/').filter(|word| !word.is_empty());
    let words: Vec<&str> =
        words.skip_while(|word| !["p", "projects"].contains(word)).skip(1).collect();
    match words.as_slice() {
        [id, ..] if is_id(id) => Ok((*id).to_owned()),
        [namespace, slug, ..] => Ok(format!("{namespace}/{slug}")),
        _ => Err(Error::invalid_input(format!("`{text}` is not the page of a project"))
            .help(format!("open the project in the browser: its address begins with `{base}/p/`"))),
    }
}

/// A ULID: `^[0-7][0-9A-HJKMNP-TV-Z]{25}$`.
pub(crate) fn is_id(text: &str) -> bool {
    text.len() == 26
        && text.starts_with(|first: char| ('0'..='7').contains(&first))
        && text.bytes().all(|byte| {
            byte.is_ascii_digit() || (byte.is_ascii_uppercase() && !b"ILOU".contains(&byte))
        })
}

/// Host and path of a text that is an address: with a scheme, or the host of this
/// RenkuLab at its beginning.
fn address<'a>(base: &str, text: &'a str) -> Option<(&'a str, &'a str)> {
    let (host, path) = split(text);
    let is_own = host.eq_ignore_ascii_case(split(base).0);
    (text.contains("://") || (is_own && !path.is_empty())).then_some((host, path))
}

/// Host and path, without the scheme.
fn split(url: &str) -> (&str, &str) {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or((rest, ""), |at| rest.split_at(at))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BASE: &str = "https://renkulab.example";

    #[test]
    fn a_pasted_address_is_the_project_it_shows() {
        for (typed, expected) in [
            ("jane/demo", "jane/demo"),
            ("https://renkulab.example/p/jane/demo", "jane/demo"),
            ("https://RenkuLab.example/p/jane/demo/?tab=x#y", "jane/demo"),
            ("renkulab.example/p/jane/demo/sessions/show/a", "jane/demo"),
            ("https://renkulab.example/v2/projects/jane/demo", "jane/demo"),
            ("https://renkulab.example/p/01M85163697YWZ8XKR9S0YBR9J", "01M85163697YWZ8XKR9S0YBR9J"),
        ] {
            assert_eq!(reference(BASE, typed).unwrap(), expected, "{typed}");
        }
    }

    #[test]
    fn an_id_is_told_from_a_name() {
        assert!(is_id("01M85163697YWZ8XKR9S0YBR9J"));
        for name in ["jane/demo", "81M85163697YWZ8XKR9S0YBR9J", "01M85163697YWZ8XKR9S0YBR9U"] {
            assert!(!is_id(name), "{name}");
        }
    }

    #[test]
    fn an_address_of_something_else_is_refused() {
        let error = reference(BASE, "https://other.example/p/jane/demo").unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.help.as_deref()),
            (
                "`https://other.example/p/jane/demo` is not a page of https://renkulab.example",
                Some(
                    "run `renku login https://other.example` if that is your RenkuLab, or name the project as NAMESPACE/SLUG"
                )
            )
        );
        let error = reference(BASE, "https://renkulab.example/search").unwrap_err();
        assert_eq!(error.message, "`https://renkulab.example/search` is not the page of a project");
    }
}
