//! A Dockerfile, read for what it takes of the project. Input: the path of a file, a zero
//! byte, the Dockerfile.

use renku_session_images::fuzzing::takes;

use super::texts;

pub(super) fn check(bytes: &[u8]) {
    let Some([path, dockerfile]) = texts(bytes) else { return };
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let (is_taken, is_entered) = takes(dockerfile, path, folder);
    // Otherwise a change of that file would not change the name of the image.
    let is_a_path = path.split('/').all(|part| !matches!(part, "" | "." | ".."));
    assert!(!is_taken || is_entered || !is_a_path || folder.is_empty(), "{path:?} {dockerfile:?}");
}
