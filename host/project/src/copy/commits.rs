//! Commits made in a session.
//!
//! The session's repository is not trusted: of its archive only objects and
//! branches are unpacked, into a fresh repository with settings of our own, and
//! git checks the objects while it fetches them.

use std::io;
use std::path::Path;

use super::super::error::ProjectError;
use super::super::git;
use super::REPOSITORY;
use super::archive::Archive;

/// More than a `HEAD` has; the session wrote it.
const HEAD_BYTES: u64 = 64 * 1024;

/// What has become of a session's commits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Brought {
    /// There were none.
    Nothing,
    /// The current branch has them.
    Branch(String),
    /// They are under this reference: the branch has others, too.
    Beside(String),
}

/// Brings the commits of the archive's current branch.
///
/// # Errors
///
/// When git refuses them.
pub fn bring(archive: &Archive, root: &Path, session: &str) -> Result<Brought, ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: REPOSITORY.into(), source };
    let bare = tempfile::tempdir().map_err(unreadable)?;
    git::output(bare.path(), &["init", "--quiet", "--bare", "."])?;
    unpack(archive, bare.path()).map_err(unreadable)?;
    let head = crate::files::read(&bare.path().join("HEAD"), HEAD_BYTES)?;
    let Some(head) = head
        .and_then(|head| String::from_utf8(head).ok())
        .and_then(|head| head.trim().strip_prefix("ref: refs/heads/").map(str::to_owned))
    else {
        return Ok(Brought::Nothing);
    };
    let theirs = git::ask(bare.path(), &["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
    let commit = String::from_utf8_lossy(&theirs.stdout).trim().to_owned();
    if !theirs.success || commit.is_empty() {
        return Ok(Brought::Nothing);
    }
    let known = git::ask(root, &["merge-base", "--is-ancestor", &commit, "HEAD"])?;
    if known.success {
        return Ok(Brought::Nothing);
    }
    let beside = format!("refs/renku/{session}/{head}");
    let from = bare.path().display().to_string();
    git::output(
        root,
        &[
            "-c",
            "fetch.fsckObjects=true",
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            &from,
            &format!("+refs/heads/{head}:{beside}"),
        ],
    )?;
    let ours = git::ask(root, &["symbolic-ref", "--short", "--quiet", "HEAD"])?;
    let branch = String::from_utf8_lossy(&ours.stdout).trim().to_owned();
    let ahead = git::ask(root, &["merge-base", "--is-ancestor", "HEAD", &commit])?;
    if branch != head || !ahead.success {
        return Ok(Brought::Beside(beside));
    }
    // The files have come already: only the branch and the index follow.
    git::output(root, &["reset", "--quiet", "--mixed", &commit])?;
    git::output(root, &["update-ref", "-d", &beside])?;
    Ok(Brought::Branch(branch))
}

/// Objects, branches and `HEAD`, as plain files.
fn unpack(archive: &Archive, bare: &Path) -> io::Result<()> {
    for (path, content) in archive.repository() {
        let text = path.to_string_lossy();
        let wanted = matches!(&*text, "HEAD" | "packed-refs")
            || text.starts_with("refs/heads/")
            || (text.starts_with("objects/") && !text.starts_with("objects/info/"));
        if !wanted {
            continue;
        }
        let place = bare.join(path);
        if let Some(folder) = place.parent() {
            std::fs::create_dir_all(folder)?;
        }
        io::copy(&mut archive.open(content)?, &mut std::fs::File::create(&place)?)?;
    }
    Ok(())
}
