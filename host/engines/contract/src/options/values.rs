//! Numbers and sizes, and small helpers of the tables.

use super::option::Bounds;
use crate::domain::parse_size;

/// A whole number within bounds.
pub(super) fn number(text: &str, bounds: Bounds) -> Result<i64, String> {
    match text.trim().parse::<i64>() {
        Ok(number) if bounds.range().contains(&number) => Ok(number),
        Ok(_) if bounds.1 == i64::MAX => Err(format!("it must be at least {}", bounds.0)),
        Ok(_) => Err(format!("it must be between {} and {}", bounds.0, bounds.1)),
        Err(_) => Err("this is not a whole number".to_owned()),
    }
}

/// A size in bytes.
pub(super) fn size(text: &str) -> Result<i64, String> {
    let bytes = parse_size(text)?;
    i64::try_from(bytes).map_err(|_| "no machine has that much".to_owned())
}

/// `NAME=VALUE` with a name that is not empty.
pub(super) fn pair(text: &str) -> Result<(&str, &str), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.trim().is_empty() => Ok((name.trim(), value)),
        Some(_) => Err("the name before `=` is missing".to_owned()),
        None => Err("there is no `=`".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_bounds() {
        assert_eq!(number("10", Bounds(0, 10)), Ok(10));
        assert_eq!(number("11", Bounds(0, 10)).unwrap_err(), "it must be between 0 and 10");
        assert_eq!(number("0", Bounds(1, i64::MAX)).unwrap_err(), "it must be at least 1");
        assert_eq!(number("1.5", Bounds(0, 10)).unwrap_err(), "this is not a whole number");
    }

    #[test]
    fn pairs_have_a_name() {
        assert_eq!(pair("a=b=c"), Ok(("a", "b=c")));
        assert!(pair("=b").is_err());
        assert!(pair("a").is_err());
    }
}
