//! The next page of a list (RFC 8288).

/// The target of `rel="next"`.
pub(super) fn next<'a>(mut headers: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    headers.find_map(|header| {
        let mut rest = header;
        while let Some((_, after)) = rest.split_once('<') {
            let (target, after) = after.split_once('>')?;
            // The next link begins at its own `<`.
            let parameters = after.split('<').next().unwrap_or_default();
            if parameters.split([';', ',']).any(is_next) {
                return Some(target);
            }
            rest = after;
        }
        None
    })
}

fn is_next(parameter: &str) -> bool {
    let Some((name, value)) = parameter.split_once('=') else { return false };
    let mut relations = value.trim().trim_matches('"').split_ascii_whitespace();
    name.trim().eq_ignore_ascii_case("rel") && relations.any(|it| it.eq_ignore_ascii_case("next"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_page_is_found_among_links() {
        for (header, target) in [
            (r#"</v2/a/tags/list?last=b&n=2>; rel="next""#, Some("/v2/a/tags/list?last=b&n=2")),
            ("<x>;rel=next", Some("x")),
            (r#"<p>; rel="prev", <n>; title="a"; REL="last Next""#, Some("n")),
            (r#"<p>; rel="prev""#, None),
            ("", None),
            ("<broken; rel=next", None),
        ] {
            assert_eq!(next([header].into_iter()), target, "{header}");
        }
        assert_eq!(next(["<a>; rel=prev", "<b>; rel=next"].into_iter()), Some("b"));
    }
}
