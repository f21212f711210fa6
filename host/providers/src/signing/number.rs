//! The number by which people and programs tell keys apart.

/// A key's number as minisign prints it.
pub(super) fn number(keynum: &[u8]) -> String {
    keynum.iter().rev().map(|byte| format!("{byte:02X}")).collect()
}
