//! Ids, names and times as the real service makes them.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use sha2::{Digest as _, Sha256};

/// Crockford's base 32, the alphabet of ULIDs.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A ULID: 48 bits of time, 80 bits that differ.
pub(super) fn ulid() -> String {
    let time = u128::from(milliseconds()) << 80;
    let noise = random();
    let mut tail = [0; 16];
    tail[6..].copy_from_slice(&noise[..10]);
    let number = time | u128::from_be_bytes(tail);
    (0..26).rev().map(|place| char::from(ALPHABET[(number >> (5 * place)) as usize & 31])).collect()
}

/// Whether a text is a ULID: `^[0-7][0-9A-HJKMNP-TV-Z]{25}$`.
pub(super) fn is_ulid(text: &str) -> bool {
    text.len() == 26
        && text.as_bytes()[0] <= b'7'
        && text.bytes().all(|byte| ALPHABET.contains(&byte))
}

/// Hexadecimal digits of a digest: what a session's name ends with.
pub(super) fn digest(text: &str, digits: usize) -> String {
    let hex = crate::hexadecimal(&Sha256::digest(text));
    hex[..digits].to_owned()
}

/// Letters and digits that nobody can guess from the ones before.
pub(super) fn secret() -> String {
    crate::hexadecimal(&random())
}

/// Now, or so many seconds from now, in UTC to the second.
pub(super) fn time(seconds: u64) -> String {
    let then = SystemTime::now() + std::time::Duration::from_secs(seconds);
    humantime::format_rfc3339_seconds(then).to_string()
}

fn milliseconds() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    u64::try_from(now.as_millis()).unwrap()
}

/// Different in every process and at every call.
fn random() -> [u8; 32] {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_nanos();
    Sha256::digest(format!("{} {count} {nanoseconds}", std::process::id())).into()
}
