//! Sizes as people type them, for every room that reads one.

/// Reads a size in bytes as Docker's `--memory` does: a number, perhaps with a
/// fraction, and one of `b k m g t` in any case, with or without `B` or `iB`
/// behind it (`2g`, `2G`, `2Gi`, `2GB`, `2GiB`). All count 1024. Fractions of a
/// byte are dropped.
///
/// # Errors
///
/// In words, for anything else, for nothing at all (`0`), and for more than
/// engines can count (2^63 bytes).
pub fn parse_size(text: &str) -> Result<u64, &'static str> {
    let trimmed = text.trim();
    if trimmed.starts_with('-') {
        return Err("a size cannot be negative");
    }
    let split = trimmed.find(|character: char| !character.is_ascii_digit() && character != '.');
    let (number, unit) =
        trimmed.split_at_checked(split.unwrap_or(trimmed.len())).unwrap_or((trimmed, ""));
    let (Some(number), Some(shift)) = (decimal(number), unit_shift(unit.trim_start())) else {
        return Err("this is not a size");
    };
    let bytes = number
        .and_then(|(digits, scale)| digits.checked_mul(1 << shift)?.checked_div(scale))
        .filter(|bytes| *bytes <= i64::MAX as u128)
        .and_then(|bytes| u64::try_from(bytes).ok())
        .ok_or("no machine has that much")?;
    if bytes == 0 { Err("a size must be greater than zero") } else { Ok(bytes) }
}

/// A size as [`parse_size`] reads it back: in the largest unit that it is a whole
/// number of.
#[must_use]
pub fn size_in_words(bytes: u64) -> String {
    let units = [(40, "Ti"), (30, "Gi"), (20, "Mi"), (10, "Ki")];
    let whole = units.iter().find(|(shift, _)| bytes.trailing_zeros() >= *shift);
    whole.map_or_else(
        || format!("{bytes} bytes"),
        |(shift, unit)| format!("{}{unit}", bytes >> shift),
    )
}

/// `12.34` as (1234, 100). The outer option: whether it is a number at all; the
/// inner: whether it fits.
fn decimal(text: &str) -> Option<Option<(u128, u128)>> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) {
        return None;
    }
    // Digits that far behind the point are less than a byte of a tebibyte.
    let fraction = fraction.get(..fraction.len().min(15)).unwrap_or(fraction);
    let scale = 10_u128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let number = |part: &str| part.parse::<u128>().ok();
    Some(
        number(whole).and_then(|whole| {
            Some((whole.checked_mul(scale)?.checked_add(number(fraction)?)?, scale))
        }),
    )
}

/// How often a unit doubles a byte.
fn unit_shift(unit: &str) -> Option<u32> {
    let unit = unit.to_ascii_lowercase();
    Some(match unit.as_str() {
        "" | "b" => 0,
        "k" | "kb" | "ki" | "kib" => 10,
        "m" | "mb" | "mi" | "mib" => 20,
        "g" | "gb" | "gi" | "gib" => 30,
        "t" | "tb" | "ti" | "tib" => 40,
        _ => return None,
    })
}
