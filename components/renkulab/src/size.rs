//! Sizes in the service's unit, whole gigabytes. `2G` and `2Gi` are both 2³⁰ bytes
//! twice for whoever types them, and two for the service.

const GIBIBYTE: u64 = 1 << 30;
const GIGABYTE: u64 = 1_000_000_000;

/// Gigabytes, rounded up.
pub(crate) fn gigabytes(bytes: u64) -> u64 {
    bytes.div_ceil(GIBIBYTE).max(1)
}

/// Whether a user who typed this many bytes gets more than that.
pub(crate) fn is_rounded(bytes: u64) -> bool {
    !bytes.is_multiple_of(GIBIBYTE) && !bytes.is_multiple_of(GIGABYTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up() {
        assert_eq!([2 * GIBIBYTE, 2 * GIGABYTE, 1, 2 * GIBIBYTE + 1].map(gigabytes), [2, 2, 1, 3]);
        assert!(is_rounded(1_500_000_000) && !is_rounded(2 * GIGABYTE) && !is_rounded(GIBIBYTE));
    }
}
