//! How the files of an image are laid for a box. A folder with a mount below it is made
//! anew of its parts: the place of a mount cannot be made in files that are for reading
//! alone, and no link of an image is the way to one.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};

use crate::files::below::{Folder, Kind};
use crate::mounts::Files;

/// One part of an image at its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Part {
    /// A link that leads to this.
    Link { to: PathBuf, target: OsString },
    /// A folder that is made, for what is mounted in it.
    Folder { target: OsString },
    /// A file or folder of the image.
    Image { source: PathBuf, target: OsString },
}

/// The parts of an image, those further up first.
pub(crate) fn parts(files: &Files) -> io::Result<Vec<Part>> {
    let mut parts = Vec::new();
    lay(files, &Layer::of(&files.root)?, &mut parts)?;
    Ok(parts)
}

/// A folder of the image, and where it is in the box.
struct Layer {
    folder: Folder,
    source: PathBuf,
    target: String,
}

impl Layer {
    fn of(root: &Path) -> io::Result<Self> {
        let (folder, source) = (Folder::at(root)?, root.to_owned());
        Ok(Self { folder, source, target: String::new() })
    }
}

fn lay(files: &Files, layer: &Layer, parts: &mut Vec<Part>) -> io::Result<()> {
    for name in layer.folder.names()? {
        let Some(seen) = layer.folder.look(&name)? else { continue };
        let source = layer.source.join(&name);
        let mut target = OsString::from(format!("{}/", layer.target));
        target.push(&name);
        let place = target.to_string_lossy().into_owned();
        if files.covers(&place) {
            continue;
        }
        match (seen.kind, files.opens(&place)) {
            (Kind::Link, true) => {
                return Err(io::Error::other(format!("`{place}` is a symbolic link in the image")));
            }
            (Kind::Link, false) => {
                parts.push(Part::Link { to: layer.folder.target(&name)?, target });
            }
            (Kind::Folder, true) => {
                parts.push(Part::Folder { target });
                let folder = layer.folder.folder(&name)?;
                lay(files, &Layer { folder, source, target: place }, parts)?;
            }
            _ => parts.push(Part::Image { source, target }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;
    use crate::mounts::Content;

    #[test]
    fn a_link_of_the_image_is_never_the_way_to_a_mount() {
        let image = tempfile::tempdir().unwrap();
        symlink("/etc", image.path().join("home")).unwrap();
        let mut files = Files::of(image.path());
        files.mount("/home/jovyan", Content::Temporary);
        let error = parts(&files).unwrap_err();
        assert_eq!(error.to_string(), "`/home` is a symbolic link in the image");
    }
}
