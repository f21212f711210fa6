//! Chance that comes again: SplitMix64 (Steele, Lea and Flood, 2014).

use std::time::Duration;

/// A row of numbers that a seed decides.
pub struct Random(u64);

impl Random {
    /// Each phase has a row of its own, so that none shifts another one.
    pub fn new(seed: u64, phase: &str) -> Self {
        let phase = phase.bytes().fold(0_u64, |sum, byte| sum.wrapping_mul(31) + u64::from(byte));
        Self(seed.wrapping_mul(0x2545_f491_4f6c_dd1d) ^ phase)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Below `bound`.
    pub fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).expect("it is smaller")
    }

    /// A moment of the next `time`.
    pub fn moment(&mut self, time: Duration) -> Duration {
        let micros = usize::try_from(time.as_micros()).expect("a short time");
        Duration::from_micros(self.below(micros) as u64)
    }

    /// The same in another order.
    pub fn shuffled<T>(&mut self, mut all: Vec<T>) -> Vec<T> {
        for index in (1..all.len()).rev() {
            all.swap(index, self.below(index + 1));
        }
        all
    }

    pub fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }
}
