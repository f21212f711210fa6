//! Archives whose headers have the right sums: an input that libFuzzer changed by a bit
//! would else end at the first header.

use tar::Header;

const BLOCK: usize = 512;
const SUM: std::ops::Range<usize> = 148..156;

/// The archive with the sum of every header mended.
pub(super) fn summed(bytes: &[u8]) -> Vec<u8> {
    let mut archive = bytes.to_vec();
    let mut at = 0_usize;
    while let Some(block) = archive.get_mut(at..at.saturating_add(BLOCK)) {
        if block.iter().all(|byte| *byte == 0) {
            break;
        }
        block[SUM].fill(b' ');
        let sum: u32 = block.iter().copied().map(u32::from).sum();
        block[SUM].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        let size = Header::from_byte_slice(block).entry_size().unwrap_or_default();
        let body = usize::try_from(size).unwrap_or(usize::MAX);
        let Some(padded) = body.checked_next_multiple_of(BLOCK) else { break };
        at = at.saturating_add(BLOCK).saturating_add(padded);
    }
    archive
}
