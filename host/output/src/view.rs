//! How a list of sessions is wanted.

use super::columns::{Column, Columns};

/// What of each session is shown.
#[derive(Debug, Clone, Default)]
pub struct View {
    /// The columns of a table; none: the usual ones.
    pub columns: Option<Columns>,
    /// Names alone, one line each, whatever the format.
    pub names_only: bool,
    /// Whether sessions of several projects stand beside each other.
    pub all_projects: bool,
}

impl View {
    /// The columns of a table.
    pub(super) fn columns(&self) -> Vec<Column> {
        if let Some(Columns(columns)) = &self.columns {
            return columns.clone();
        }
        let mut columns = vec![
            Column::Name,
            Column::Provider,
            Column::Status,
            Column::Ports,
            Column::StartTime,
            Column::Url,
        ];
        if self.all_projects {
            columns.insert(1, Column::Project);
        }
        columns
    }

    /// The columns when not all fit: the ports go, because the URL has the one
    /// that matters. What was chosen stays.
    pub(super) fn fewer_columns(&self) -> Vec<Column> {
        let mut columns = self.columns();
        if self.columns.is_none() {
            columns.retain(|column| *column != Column::Ports);
        }
        columns
    }

    /// The message when there is nothing to show.
    pub(super) fn nothing(&self) -> &'static str {
        if self.all_projects {
            "None of your projects has any sessions; `renku session start` in a project starts one"
        } else {
            "This project has no sessions; `renku session start` starts one"
        }
    }
}
