//! Numbers compared as numbers, whether or not they are written with a fraction.

use serde_json::{Number, Value};

/// Whether `left` is less than `right`.
pub(crate) fn is_less(left: &Number, right: &Number) -> bool {
    match (left.as_i128(), right.as_i128()) {
        // Exact, where floating point could not tell neighbours apart.
        (Some(left), Some(right)) => left < right,
        _ => match (left.as_f64(), right.as_f64()) {
            (Some(left), Some(right)) => left < right,
            _ => false,
        },
    }
}

/// Whether the values are the same: `1` and `1.0` are.
pub(crate) fn equal(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            !is_less(left, right) && !is_less(right, left)
        }
        _ => left == right,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn large_neighbours_differ() {
        assert!(!equal(&json!(u64::MAX), &json!(u64::MAX - 1)));
        assert!(equal(&json!(1), &json!(1.0)));
        assert!(!equal(&json!(1), &json!("1")));
    }

    #[test]
    fn a_fraction_is_compared_with_a_whole_number() {
        let (Value::Number(half), Value::Number(one)) = (json!(0.5), json!(1)) else {
            panic!("these are numbers");
        };
        assert!(is_less(&half, &one));
        assert!(!is_less(&one, &half));
    }
}
