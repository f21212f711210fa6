//! Columns for people, and lines for programs that like tabs.

use super::format::Format;
use super::grid::Grid;
use crate::domain::sanitize;

/// Rows under a header, or tab-separated without one. Every cell is made
/// harmless. Without rows there is nothing.
#[must_use]
pub fn table<const N: usize>(format: Format, header: [&str; N], rows: &[[String; N]]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let rows = rows.iter().map(|row| row.each_ref().map(|cell| sanitize(cell)));
    if format == Format::Tsv {
        return rows.map(|row| row.join("\t") + "\n").collect();
    }
    let mut grid = Grid::new(header);
    rows.for_each(|row| grid.push(row));
    grid.text()
}
