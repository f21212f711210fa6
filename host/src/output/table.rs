//! Columns for people, and lines for programs that like tabs.

use comfy_table::{ContentArrangement, Table, presets};

use super::format::Format;
use super::sanitize::sanitize;

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
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Disabled);
    table.set_header(header);
    table.add_rows(rows);
    for column in table.column_iter_mut() {
        column.set_padding((0, 2));
    }
    table.trim_fmt() + "\n"
}
