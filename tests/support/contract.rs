//! The contract in force.

use std::sync::OnceLock;

/// Its version, which stands in `wit/v0.1/types.wit` alone.
///
/// # Panics
///
/// When it does not.
pub fn contract() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../wit/v0.1/types.wit");
        let text = std::fs::read_to_string(file).unwrap();
        let mut lines = text.lines().filter_map(|line| line.strip_prefix("package renku:session@"));
        lines.next().unwrap().trim_end_matches(';').to_owned()
    })
}
