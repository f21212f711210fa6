//! Everything of the project that a build can see, in the order of names.

use std::io;

use crate::ImageError;
use crate::dockerfile::Sources;
use crate::files::ProjectTree;
use crate::files::below::{Entry, Kind};
use crate::ignore::{IgnoreFile, Matched};

/// Calls `visit` for everything in `tree` that is not ignored and that `sources` take,
/// with its path from the root as patterns see it.
///
/// # Errors
///
/// [`ImageError::File`], also for what `visit` fails with.
pub(crate) fn walk(
    tree: &ProjectTree,
    ignore: &IgnoreFile,
    sources: &Sources,
    visit: &mut dyn FnMut(&Entry, &str) -> io::Result<()>,
) -> Result<(), ImageError> {
    let mut look = |entry: &Entry, parent: &Matched| {
        let relative = entry.path().to_string_lossy();
        let (excluded, matched) = ignore.excludes(&relative, parent);
        if !excluded && sources.take(&relative) {
            visit(entry, &relative)?;
        }
        let is_of_interest = entry.seen().kind == Kind::Folder
            && (!excluded || ignore.may_contain_exception(&relative))
            && sources.may_take_below(&relative);
        Ok(is_of_interest.then_some(matched))
    };
    Ok(tree.walk(Matched::new(), &mut look)?)
}
