//! Commits made in a session.
//!
//! The session's repository is not trusted: of its archive only objects and
//! branches are unpacked, into a fresh repository with settings of our own, and
//! git checks the objects while it fetches them.

use std::io;
use std::path::Path;

use super::super::error::ProjectError;
use super::super::git::Repository;
use super::REPOSITORY;
use super::archive::Archive;

/// How the session's branch is known until it has a name here.
const THEIRS: &str = "refs/renku/theirs";

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
pub(in super::super) fn bring(
    archive: &Archive,
    repository: &Repository,
    session: &str,
) -> Result<Brought, ProjectError> {
    let unreadable = |source| ProjectError::Unreadable { path: REPOSITORY.into(), source };
    let theirs = repository.alike()?;
    unpack(archive, theirs.path()).map_err(unreadable)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    let head = text(&theirs.ask(&["symbolic-ref", "--quiet", "HEAD"])?.stdout);
    let Some(head) = head.strip_prefix("refs/heads/") else { return Ok(Brought::Nothing) };
    let commit = theirs.ask(&["rev-parse", "--verify", "--quiet", "HEAD^{commit}"])?;
    let commit = text(&commit.stdout);
    if commit.is_empty() {
        return Ok(Brought::Nothing);
    }
    let mut copy = repository.copy()?;
    let known = copy.ask(&["merge-base", "--is-ancestor", &commit, "HEAD"])?;
    if known.success {
        return Ok(Brought::Nothing);
    }
    copy.keep_objects(&repository.objects())?;
    copy.fetch(theirs.path(), &format!("refs/heads/{head}"), THEIRS)?;
    let ahead = copy.ask(&["merge-base", "--is-ancestor", "HEAD", &commit])?;
    repository.take_objects(&copy)?;
    let branch = copy.head().branch.as_deref();
    if branch != Some(head) || !ahead.success {
        let beside = format!("refs/renku/{session}/{head}");
        repository.set_reference(&beside, None, &commit)?;
        return Ok(Brought::Beside(beside));
    }
    // The files have come already: only the index and the branch follow.
    repository.reset(&commit)?;
    let before = copy.head().commit.as_deref();
    repository.set_reference(&format!("refs/heads/{head}"), before, &commit)?;
    Ok(Brought::Branch(head.to_owned()))
}

/// Objects, branches and `HEAD`, as plain files.
fn unpack(archive: &Archive, bare: &Path) -> io::Result<()> {
    for (path, content) in archive.repository() {
        let text = path.to_string_lossy();
        let wanted = matches!(&*text, "HEAD" | "packed-refs")
            || text.starts_with("refs/heads/")
            || text.starts_with("reftable/")
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
