//! Settings for people and programs.

use serde::Serialize;

use super::grid::Grid;
use crate::domain::sanitize;

/// One setting: what it is now, and who says so. Serialised, it is
/// `{key, value, level, file}`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SettingRow {
    pub key: String,
    /// Its value; none when nobody set it.
    pub value: Option<String>,
    /// `environment`, `project`, `user` or `default`.
    pub level: &'static str,
    /// The file, or the variable, that says so.
    #[serde(rename = "file")]
    pub place: Option<String>,
}

impl SettingRow {
    /// Without anything that could harm a terminal.
    pub(super) fn harmless(&self) -> Self {
        let clean = |text: &Option<String>| text.as_deref().map(sanitize);
        Self {
            key: sanitize(&self.key),
            value: clean(&self.value),
            level: self.level,
            place: clean(&self.place),
        }
    }
}

/// Columns for people.
pub(super) fn table(rows: &[SettingRow]) -> String {
    let mut grid = Grid::new(["KEY", "VALUE", "FROM"]);
    for row in rows {
        let from = match &row.place {
            Some(place) => format!("{} ({place})", row.level),
            None => row.level.to_owned(),
        };
        grid.push([row.key.clone(), row.value.clone().unwrap_or_default(), from]);
    }
    grid.text()
}

/// One line each: key, value, level, place.
pub(super) fn tsv(rows: &[SettingRow]) -> String {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    rows.iter()
        .map(|row| {
            format!("{}\t{}\t{}\t{}\n", row.key, text(&row.value), row.level, text(&row.place))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_say_who_set_them() {
        let row = |key: &str, value: Option<&str>, level, place: Option<&str>| SettingRow {
            key: key.into(),
            value: value.map(str::to_owned),
            level,
            place: place.map(str::to_owned),
        };
        let rows = [
            row("cpu_request", Some("2"), "project", Some(".renku/renku.ini")),
            row("image", None, "default", None),
        ];
        insta::assert_snapshot!(table(&rows), @r"
        KEY          VALUE  FROM
        cpu_request  2      project (.renku/renku.ini)
        image               default
        ");
        assert_eq!(tsv(&rows), "cpu_request\t2\tproject\t.renku/renku.ini\nimage\t\tdefault\t\n");
    }
}
