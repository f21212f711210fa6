//! Images as a result.

use super::Printer;
use crate::amount;
use crate::document::{Content, ImageRow};
use crate::domain::{ImageState, sanitize};
use crate::format::Format;

impl Printer {
    /// The name of an image: for people it alone, for programs also where it is.
    pub fn image(&self, name: &str, state: Option<ImageState>) {
        let name = sanitize(name);
        self.result(Content::Image { image: ImageRow { name: &name, state } }, |format| {
            match (format, state) {
                (Format::Tsv, Some(state)) => format!("{name}\t{}\n", state.as_str()),
                _ => format!("{name}\n"),
            }
        });
    }

    /// The images that are gone now, how many bytes that freed, and how many the builder
    /// keeps for itself until `prune_builder` is typed.
    pub fn pruned(
        &self,
        names: &[String],
        freed_bytes: u64,
        builder_cache_bytes: Option<u64>,
        prune_builder: Option<&str>,
    ) {
        let images: Vec<String> = names.iter().map(|name| sanitize(name)).collect();
        let content = Content::Pruned { images: &images, freed_bytes, builder_cache_bytes };
        let is_document = self.result(content, |format| match format {
            Format::Tsv => images.iter().map(|name| format!("{name}\n")).collect(),
            _ => String::new(),
        });
        if is_document {
            return;
        }
        if images.is_empty() {
            self.screen.lines("This project has no unused images");
            return;
        }
        for name in &images {
            self.screen.lines(&format!("Removed `{name}`"));
        }
        let amount = |bytes| amount::describe(bytes, 0, "bytes");
        let kept = builder_cache_bytes.unwrap_or(0);
        if freed_bytes > 0 {
            let freed = amount(freed_bytes);
            self.screen.lines(&format!("Freed {freed} of disk space"));
        } else if kept == 0 {
            self.screen.lines("This freed no disk space: other images use their layers");
        }
        if kept > 0 {
            let kept = amount(kept);
            let frees =
                prune_builder.map(|command| format!("; `{command}` frees it")).unwrap_or_default();
            self.screen.lines(&format!(
                "The builder's cache keeps {kept} for the next builds of all projects{frees}"
            ));
        }
    }
}
