//! What was measured, against what was promised: as a table or as JSON.

use anyhow::Result;
use serde::Serialize;

use super::statistics::Spread;

/// One figure and what is wanted of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(super) struct Row {
    /// What was measured.
    pub(super) what: String,
    /// Of `renku`, in `unit`.
    pub(super) ours: f64,
    /// Of what it is compared with, in `unit`.
    pub(super) theirs: Option<f64>,
    /// `ms`, `MiB` or `KiB`.
    pub(super) unit: &'static str,
    /// Ours by theirs: a quarter of the pairs is better, the median, a quarter is
    /// worse.
    pub(super) ratio: Option<[f64; 3]>,
    /// What is wanted.
    pub(super) target: Option<Limit>,
    /// What must not be missed.
    pub(super) limit: Option<Limit>,
}

/// An upper bound.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Limit {
    /// Of our figure.
    Figure(f64),
    Ratio(f64),
}

/// What became of a row's bounds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Verdict {
    /// Within its target, or without one.
    Ok,
    /// Beyond its target.
    Miss,
    /// Beyond what must not be missed.
    Fail,
}

impl Row {
    /// A figure without a comparison.
    pub(super) fn new(what: impl Into<String>, ours: f64, unit: &'static str) -> Self {
        let what = what.into();
        Self { what, ours, theirs: None, unit, ratio: None, target: None, limit: None }
    }

    /// Compared with this figure.
    pub(super) fn beside(self, theirs: f64, ratio: Spread) -> Self {
        let ratio = Some([ratio.lower, ratio.median, ratio.upper]);
        Self { theirs: Some(theirs), ratio, ..self }
    }

    pub(super) fn target(self, target: Limit) -> Self {
        Self { target: Some(target), ..self }
    }

    /// With a bound that must not be missed.
    pub(super) fn limit(self, limit: Limit) -> Self {
        Self { limit: Some(limit), ..self }
    }

    /// Whether it is within its bounds.
    pub(super) fn verdict(&self) -> Verdict {
        let within = |limit: Option<Limit>| match limit {
            None => true,
            Some(Limit::Figure(most)) => self.ours <= most,
            Some(Limit::Ratio(most)) => self.ratio.is_some_and(|[_, median, _]| median <= most),
        };
        match (within(self.limit), within(self.target)) {
            (false, _) => Verdict::Fail,
            (true, false) => Verdict::Miss,
            (true, true) => Verdict::Ok,
        }
    }

    fn cells(&self) -> [String; 7] {
        let bound = |limit: Option<Limit>| match limit {
            None => String::new(),
            Some(Limit::Figure(most)) => format!("≤ {} {}", figure(most), self.unit),
            Some(Limit::Ratio(most)) => format!("≤ {most} ×"),
        };
        let verdict = match (self.verdict(), self.target.or(self.limit)) {
            (Verdict::Ok, None) => "",
            (Verdict::Ok, Some(_)) => "ok",
            (Verdict::Miss, _) => "miss",
            (Verdict::Fail, _) => "FAIL",
        };
        [
            self.what.clone(),
            format!("{} {}", figure(self.ours), self.unit),
            self.theirs
                .map(|theirs| format!("{} {}", figure(theirs), self.unit))
                .unwrap_or_default(),
            self.ratio
                .map(|[lower, median, upper]| format!("{median:.2} ({lower:.2}–{upper:.2})"))
                .unwrap_or_default(),
            bound(self.target),
            bound(self.limit),
            verdict.to_owned(),
        ]
    }
}

/// Three digits that matter.
fn figure(value: f64) -> String {
    match value.abs() {
        size if size < 10.0 => format!("{value:.2}"),
        size if size < 100.0 => format!("{value:.1}"),
        _ => format!("{value:.0}"),
    }
}

/// All rows as a table with a heading. Every line ends.
pub(super) fn table(rows: &[Row]) -> String {
    let heading =
        ["WHAT", "RENKU", "DOCKER", "RATIO (QUARTILES)", "TARGET", "LIMIT", ""].map(String::from);
    let lines: Vec<[String; 7]> =
        std::iter::once(heading).chain(rows.iter().map(Row::cells)).collect();
    let mut widths = [0; 7];
    for line in &lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let mut text = String::new();
    for line in lines {
        let padded: Vec<String> =
            line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        text.push_str(padded.join("  ").trim_end());
        text.push('\n');
    }
    text
}

/// All rows as `{"version":1,"rows":[…]}`.
///
/// # Errors
///
/// When a figure is not a number.
pub(super) fn json(rows: &[Row]) -> Result<String> {
    #[derive(Serialize)]
    struct Judged<'a> {
        #[serde(flatten)]
        row: &'a Row,
        verdict: Verdict,
    }
    #[derive(Serialize)]
    struct Report<'a> {
        version: u32,
        rows: Vec<Judged<'a>>,
    }
    let rows = rows.iter().map(|row| Judged { row, verdict: row.verdict() }).collect();
    Ok(serde_json::to_string_pretty(&Report { version: 1, rows })?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows() -> Vec<Row> {
        let ratio = Spread { lower: 0.4, median: 0.45, upper: 0.5 };
        vec![
            Row::new("session ls", 5.0, "ms")
                .beside(11.5, ratio)
                .target(Limit::Ratio(0.4))
                .limit(Limit::Ratio(0.5)),
            Row::new("docker.wasm", 201.0, "KiB").limit(Limit::Figure(200.0)),
            Row::new("binary", 19.26, "MiB").target(Limit::Figure(25.0)),
            Row::new("load", 1.0, "ms"),
        ]
    }

    #[test]
    fn the_table_says_what_is_within_its_bounds() {
        assert_eq!(
            table(&rows()),
            "\
WHAT         RENKU     DOCKER   RATIO (QUARTILES)  TARGET      LIMIT
session ls   5.00 ms   11.5 ms  0.45 (0.40–0.50)   ≤ 0.4 ×     ≤ 0.5 ×    miss
docker.wasm  201 KiB                                           ≤ 200 KiB  FAIL
binary       19.3 MiB                              ≤ 25.0 MiB             ok
load         1.00 ms
"
        );
    }

    #[test]
    fn a_bound_itself_is_within() {
        let row = Row::new("a", 200.0, "KiB").limit(Limit::Figure(200.0));
        assert_eq!(row.verdict(), Verdict::Ok);
        let row = Row::new("a", 200.1, "KiB").limit(Limit::Figure(200.0));
        assert_eq!(row.verdict(), Verdict::Fail);
    }

    #[test]
    fn a_ratio_that_was_not_measured_is_not_within() {
        let row = Row::new("a", 1.0, "ms").limit(Limit::Ratio(0.5));
        assert_eq!(row.verdict(), Verdict::Fail);
    }

    #[test]
    fn json_has_a_version_and_a_verdict() {
        let text = json(rows().get(..1).unwrap()).unwrap();
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            value,
            serde_json::json!({"version": 1, "rows": [{
                "what": "session ls", "ours": 5.0, "theirs": 11.5, "unit": "ms",
                "ratio": [0.4, 0.45, 0.5], "target": {"ratio": 0.4}, "limit": {"ratio": 0.5},
                "verdict": "miss",
            }]})
        );
    }
}
