//! How deep a large document is nested, found without reading all of it.
//!
//! The parser behind `document` takes time that grows with the square of the
//! depth, and checks the depth only afterwards: a mebibyte of brackets would
//! keep it busy for minutes. The other parser hands out one event after the
//! other, so it can stop at the first that is too deep.

use saphyr_parser::{Event, Parser};

use super::document::{DEEPEST, Unreadable, too_deep};
use super::position::{marked, position};
use super::text;

/// Smaller documents cannot be deep enough to be slow, in bytes.
const HARMLESS: usize = 4 * 1024;

/// Refuses a large document that is nested too deep.
///
/// # Errors
///
/// [`Unreadable`] at the first list or mapping that is too deep, or where the
/// document is not YAML.
pub(super) fn check(source: &str) -> Result<(), Unreadable> {
    if source.len() <= HARMLESS {
        return Ok(());
    }
    let mut depth = 0_usize;
    for event in Parser::new_from_str(source) {
        match event {
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), _)) if depth < DEEPEST => {
                depth += 1;
            }
            Ok((Event::SequenceStart(..) | Event::MappingStart(..), span)) => {
                return Err(Unreadable { position: Some(position(span)), message: too_deep() });
            }
            Ok((Event::SequenceEnd | Event::MappingEnd, _)) => depth = depth.saturating_sub(1),
            Ok(_) => {}
            Err(error) => {
                let message = match error.info() {
                    // Its own limit, which it may meet while it looks ahead.
                    "recursion limit exceeded" => too_deep(),
                    other => format!("this is not valid YAML: {}", text::shown(other)),
                };
                return Err(Unreadable { position: Some(marked(*error.marker())), message });
            }
        }
    }
    Ok(())
}
