//! Medians and quartiles: what a few slow runs on a busy machine do not move.

/// Where the middle half of some figures lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Spread {
    /// A quarter of the figures is lower.
    pub(super) lower: f64,
    /// Half of them is lower.
    pub(super) median: f64,
    /// Three quarters of them are lower.
    pub(super) upper: f64,
}

impl Spread {
    /// Of these figures, in any order; none when there are none.
    pub(super) fn of(figures: &[f64]) -> Option<Self> {
        let mut sorted = figures.to_vec();
        sorted.sort_by(f64::total_cmp);
        Some(Self {
            lower: quantile(&sorted, 1)?,
            median: quantile(&sorted, 2)?,
            upper: quantile(&sorted, 3)?,
        })
    }
}

/// The value below which `quarters` quarters of the sorted figures are; between
/// two of them by linear interpolation.
fn quantile(sorted: &[f64], quarters: usize) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let (index, rest) = (last * quarters / 4, last * quarters % 4);
    let here = sorted.get(index)?;
    // At the end there is no next one, and no rest either.
    let next = sorted.get(index + 1).unwrap_or(here);
    let share = rest as f64 / 4.0;
    Some(here + (next - here) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_half_is_found_in_any_order() {
        let spread = Spread::of(&[5.0, 1.0, 4.0, 2.0, 3.0]).unwrap();
        assert_eq!(spread, Spread { lower: 2.0, median: 3.0, upper: 4.0 });
    }

    #[test]
    fn between_two_figures_it_is_interpolated() {
        let spread = Spread::of(&[10.0, 20.0]).unwrap();
        assert_eq!(spread, Spread { lower: 12.5, median: 15.0, upper: 17.5 });
    }

    #[test]
    fn one_figure_is_its_own_median_and_none_has_none() {
        let spread = Spread { lower: 7.0, median: 7.0, upper: 7.0 };
        assert_eq!(Spread::of(&[7.0]), Some(spread));
        assert_eq!(Spread::of(&[]), None);
    }
}
