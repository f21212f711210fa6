//! `renku man`: the manual pages, one for every command, made from the same words
//! as `--help`. For packages; people read `renku session start --help`.

use std::path::Path;

use super::error::{CommandError, Failure};
use super::parse;

/// Writes `renku.1`, `renku-session.1`, `renku-session-ls.1` … into `directory`,
/// which is made when it is not there.
pub(super) fn write(directory: &Path) -> Result<(), Failure> {
    std::fs::create_dir_all(directory)
        .and_then(|()| clap_mangen::generate_to(parse::documented(), directory))
        .map_err(|source| CommandError::Manual { directory: directory.into(), source }.into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::Command;

    use super::*;

    /// The page of every command that people see, with its options.
    fn expected(command: &Command, page: &str, found: &mut Vec<(String, Vec<String>)>) {
        let options = command.get_arguments().filter(|argument| !argument.is_hide_set());
        let options = options.filter_map(|option| option.get_long().map(str::to_owned));
        found.push((format!("{page}.1"), options.collect()));
        for inner in command.get_subcommands().filter(|inner| !inner.is_hide_set()) {
            expected(inner, &format!("{page}-{}", inner.get_name()), found);
        }
    }

    #[test]
    fn every_command_has_a_page_with_every_option() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path()).is_ok());
        let mut pages = Vec::new();
        expected(&parse::documented(), "renku", &mut pages);
        for (page, options) in &pages {
            let text = std::fs::read_to_string(folder.path().join(page)).unwrap();
            // In roff, a dash that stays one is written `\-`.
            let text = text.replace("\\-", "-");
            for option in options {
                assert!(text.contains(&format!("--{option}")), "{page} lacks --{option}");
            }
        }
        let written: BTreeSet<String> = std::fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(written, pages.into_iter().map(|(page, _)| page).collect());
    }

    #[test]
    fn the_page_of_start_has_the_options_of_the_usual_provider() {
        let folder = tempfile::tempdir().unwrap();
        assert!(write(folder.path()).is_ok());
        let page = std::fs::read_to_string(folder.path().join("renku-session-start.1")).unwrap();
        assert!(page.contains("default\\-url"), "{page}");
    }
}
