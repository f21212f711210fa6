//! How far long work is, in words.

use crate::domain::sanitize;

/// `12.3 of 45.6 MB`, `3 of 7 steps`; without a total only what is done.
pub(super) fn describe(done: u64, total: u64, unit: &str) -> String {
    let unit = sanitize(unit);
    match (unit.as_str(), total) {
        ("bytes", 0) => format!("{} MB", megabytes(done)),
        ("bytes", total) => format!("{} of {} MB", megabytes(done), megabytes(total)),
        (unit, 0) => format!("{done} {unit}"),
        (unit, total) => format!("{done} of {total} {unit}"),
    }
}

/// Millions of bytes with one digit after the point.
fn megabytes(bytes: u64) -> String {
    format!("{}.{}", bytes / 1_000_000, bytes % 1_000_000 / 100_000)
}
