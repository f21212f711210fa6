//! A folder of an image as an archive, with another owner. Everything else of it stays as
//! it is, so its blocks are copied and two fields of each header are written anew.
//!
//! Format: POSIX ustar and pax (IEEE Std 1003.1, `pax`), as engines write it.

use std::io::{self, Read, Write};

use crate::images::Owner;

const BLOCK: usize = 512;
/// Names and attributes of one file; more is no archive of an engine.
const LONGEST_NOTE: u64 = 1 << 20;

/// Copies the archive `from` into `to`. Everything in it belongs to `owner` then.
///
/// # Errors
///
/// When it is no archive, or cannot be read or written.
pub(super) fn rehome(mut from: impl Read, to: &mut impl Write, owner: Owner) -> io::Result<()> {
    let mut block = [0; BLOCK];
    loop {
        if !fill(&mut from, &mut block)? {
            return Ok(());
        }
        if block.iter().all(|byte| *byte == 0) {
            to.write_all(&block)?;
            continue;
        }
        let mut header = tar::Header::new_old();
        header.as_mut_bytes().copy_from_slice(&block);
        let size = header.entry_size()?;
        let is_note = matches!(header.entry_type().as_byte(), b'x' | b'g');
        if is_note {
            let note = note(&mut from, size)?;
            let note = without_owner(&note);
            header.set_size(note.len() as u64);
            header.set_cksum();
            to.write_all(header.as_bytes())?;
            to.write_all(&note)?;
            to.write_all(&vec![0; padding(note.len() as u64)])?;
            continue;
        }
        header.set_uid(owner.uid.into());
        header.set_gid(owner.gid.into());
        header.set_cksum();
        to.write_all(header.as_bytes())?;
        let blocks =
            if has_contents(header.entry_type()) { size + padding(size) as u64 } else { 0 };
        if io::copy(&mut from.by_ref().take(blocks), to)? < blocks {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}

/// The next block; false at the end.
fn fill(from: &mut impl Read, block: &mut [u8; BLOCK]) -> io::Result<bool> {
    let mut filled = 0;
    while let Some(rest) = block.get_mut(filled..).filter(|rest| !rest.is_empty()) {
        match from.read(rest) {
            Ok(0) if filled == 0 => return Ok(false),
            Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
            Ok(count) => filled += count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(true)
}

/// Folders and links have a size in some archives, and no contents.
fn has_contents(kind: tar::EntryType) -> bool {
    !(kind.is_dir() || kind.is_hard_link() || kind.is_symlink())
}

fn padding(size: u64) -> usize {
    let rest = (size % BLOCK as u64) as usize;
    if rest == 0 { 0 } else { BLOCK - rest }
}

fn note(from: &mut impl Read, size: u64) -> io::Result<Vec<u8>> {
    if size > LONGEST_NOTE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut note = vec![0; size as usize];
    from.read_exact(&mut note)?;
    let mut rest = vec![0; padding(size)];
    from.read_exact(&mut rest)?;
    Ok(note)
}

/// The records `LENGTH KEY=VALUE` of a pax header, without those of the owner: numbers
/// that do not fit the header itself stand there.
fn without_owner(note: &[u8]) -> Vec<u8> {
    let mut kept = Vec::with_capacity(note.len());
    let mut rest = note;
    while let Some((record, after)) = record(rest) {
        let key = record.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
        let key = key.split(|byte| *byte == b'=').next().unwrap_or_default();
        if ![&b"uid"[..], b"gid", b"uname", b"gname"].contains(&key) {
            kept.extend_from_slice(record);
        }
        rest = after;
    }
    kept
}

fn record(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let digits = bytes.split(|byte| *byte == b' ').next()?;
    let length: usize = std::str::from_utf8(digits).ok()?.parse().ok()?;
    if length <= digits.len() { None } else { bytes.split_at_checked(length) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_belongs_to_the_owner_and_nothing_else_changes() {
        let mut builder = tar::Builder::new(Vec::new());
        let mut add = |path: &str, kind, content: &[u8]| {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(kind);
            header.set_mode(0o640);
            header.set_uid(1000);
            header.set_gid(100);
            header.set_size(content.len() as u64);
            builder.append_data(&mut header, path, content).unwrap();
        };
        let long = format!("home/{}", "x".repeat(200));
        add("home", tar::EntryType::Directory, b"");
        add("home/file", tar::EntryType::Regular, &[7; 1300]);
        builder
            .append_pax_extensions([("uid", &b"3000000"[..]), ("SCHILY.xattr.user.a", b"b")])
            .unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        header.set_mode(0o644);
        builder.append_data(&mut header, &long, &b"y"[..]).unwrap();
        let before = builder.into_inner().unwrap();

        let mut after = Vec::new();
        rehome(before.as_slice(), &mut after, Owner { uid: 4_000_000, gid: 7 }).unwrap();
        let mut archive = tar::Archive::new(after.as_slice());
        let mut seen = Vec::new();
        for entry in archive.entries().unwrap() {
            let mut entry = entry.unwrap();
            let notes: Vec<String> = entry
                .pax_extensions()
                .unwrap()
                .into_iter()
                .flatten()
                .map(|note| note.unwrap().key().unwrap().to_owned())
                .collect();
            let mut content = Vec::new();
            entry.read_to_end(&mut content).unwrap();
            let header = entry.header();
            assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (4_000_000, 7));
            let path = entry.path().unwrap().display().to_string();
            seen.push((path, content.len(), notes.join(" ")));
        }
        assert_eq!(
            seen,
            [
                ("home".to_owned(), 0, String::new()),
                ("home/file".to_owned(), 1300, String::new()),
                (long, 1, "SCHILY.xattr.user.a".to_owned()),
            ]
        );
    }

    #[test]
    fn half_an_archive_is_an_error() {
        let mut nothing = Vec::new();
        assert!(rehome(&[1; 100][..], &mut nothing, Owner { uid: 1, gid: 1 }).is_err());
    }
}
