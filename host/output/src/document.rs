//! Results for programs: one versioned document, as JSON or YAML.

use serde::Serialize;

use super::errors::Report;
use super::findings::Finding;
use super::format::Format;
use super::pulled::Pulled;
use super::warning::Warning;
use crate::domain::{ImageState, Session};
use crate::settings::SettingRow;

/// The version of all documents. It grows when a key goes or changes its
/// meaning; new keys may come without notice.
const VERSION: u8 = 1;

/// How a value is written as YAML: who reads YAML knows.
pub type Yaml = fn(&serde_json::Value) -> Option<String>;

/// What a command found or did.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Content<'a> {
    /// `ls`; `stop`: those that are gone
    Sessions {
        sessions: &'a [Session],
        warnings: &'a [Warning],
    },
    /// `start`, `open`
    Session {
        session: &'a Session,
    },
    /// `config list`
    Settings {
        settings: &'a [SettingRow],
    },
    /// `config get`, `set`
    Setting {
        setting: &'a SettingRow,
    },
    /// `image`
    Image {
        image: ImageRow<'a>,
    },
    /// `image prune`: the names of those that are gone
    Pruned {
        images: &'a [String],
        freed_bytes: u64,
        builder_cache_bytes: Option<u64>,
    },
    /// `doctor`
    Findings {
        findings: &'a [Finding],
    },
    /// `pull`
    Pulled {
        pulled: &'a Pulled,
    },
    /// Anything else, under a key of its own
    Named(std::collections::BTreeMap<&'static str, serde_json::Value>),
    Error {
        error: &'a Report,
    },
}

/// An image, and where it is.
#[derive(Debug, Serialize)]
pub(super) struct ImageRow<'a> {
    pub(super) name: &'a str,
    pub(super) state: Option<ImageState>,
}

#[derive(Serialize)]
struct Document<'a> {
    version: u8,
    #[serde(flatten)]
    content: Content<'a>,
}

/// The document with a line break at its end; none when the format is for
/// people.
pub(super) fn render(format: Format, content: Content<'_>, yaml: Yaml) -> Option<String> {
    let document = Document { version: VERSION, content };
    match format {
        Format::Table | Format::Tsv | Format::Log => None,
        // All keys are strings and all numbers finite: neither can fail.
        Format::Json => serde_json::to_string_pretty(&document).ok().map(|text| text + "\n"),
        Format::Yaml => yaml(&serde_json::to_value(&document).ok()?),
    }
}

/// The same in one piece of a stream: a line of JSON, or a YAML document with
/// its separator.
pub(super) fn render_piece(format: Format, content: Content<'_>, yaml: Yaml) -> Option<String> {
    match format {
        Format::Json => {
            let document = Document { version: VERSION, content };
            serde_json::to_string(&document).ok().map(|text| text + "\n")
        }
        Format::Yaml => render(format, content, yaml).map(|text| format!("---\n{text}")),
        Format::Table | Format::Tsv | Format::Log => None,
    }
}
