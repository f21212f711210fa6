//! Cells under each other: every column as wide as its widest cell. Nothing is
//! wrapped or cut, so that names and URLs can be copied.
//!
//! Our own because a list of a thousand sessions spent a third of its time in a
//! table that can do more; `docs/performance.md` has the figures.

use unicode_width::UnicodeWidthStr as _;

/// Blanks between two columns.
const GUTTER: usize = 2;

/// Lines of cells, the heading first.
#[derive(Debug, Default)]
pub(super) struct Grid {
    lines: Vec<Vec<String>>,
    widths: Vec<usize>,
}

impl Grid {
    /// With a heading.
    pub(super) fn new<'a>(heading: impl IntoIterator<Item = &'a str>) -> Self {
        let mut grid = Self::default();
        grid.push(heading.into_iter().map(str::to_owned));
        grid
    }

    /// Adds a line. Its cells must be harmless.
    pub(super) fn push(&mut self, cells: impl IntoIterator<Item = String>) {
        let line: Vec<String> = cells.into_iter().collect();
        self.widths.resize(self.widths.len().max(line.len()), 0);
        for (widest, cell) in self.widths.iter_mut().zip(&line) {
            *widest = width(cell).max(*widest);
        }
        self.lines.push(line);
    }

    /// How many columns of a terminal it takes.
    pub(super) fn width(&self) -> usize {
        self.widths.iter().sum::<usize>() + GUTTER * self.widths.len().saturating_sub(1)
    }

    /// Each line as text, without blanks at its end.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        let whole = self.width();
        self.lines.iter().map(move |cells| {
            let mut text = String::with_capacity(whole);
            let mut owed = 0;
            for (cell, widest) in cells.iter().zip(&self.widths) {
                if !cell.is_empty() {
                    text.extend(std::iter::repeat_n(' ', owed));
                    text.push_str(cell);
                    owed = 0;
                }
                owed += widest.saturating_sub(width(cell)) + GUTTER;
            }
            text
        })
    }

    pub(super) fn text(&self) -> String {
        self.lines().fold(String::new(), |text, line| text + &line + "\n")
    }
}

/// How many columns of a terminal a cell takes.
fn width(cell: &str) -> usize {
    if cell.is_ascii() { cell.len() } else { cell.width() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_each_other_and_no_line_ends_in_blanks() {
        let mut grid = Grid::new(["NAME", "URL", "X"]);
        for cells in [["a", "", ""], ["数据", "http://é", ""], ["long name", "", "y"]] {
            grid.push(cells.map(str::to_owned));
        }
        assert_eq!(
            grid.text(),
            "NAME       URL       X\n\
             a\n\
             数据       http://é\n\
             long name            y\n"
        );
        assert_eq!(grid.width(), 22);
    }
}
