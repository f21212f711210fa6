//! The entries of a tar archive, with the extensions that layers have: long names of GNU,
//! records of POSIX (pax). Unlike `tar::Archive` it reads no header into memory whose
//! length an archive chose.

use std::io::{self, Read};

use tar::{EntryType, Header};

use crate::fault::Bound;

const BLOCK: usize = 512;
/// Bytes of a header that extends the next one.
const EXTENSION_BYTES: u64 = 1 << 20;

/// What an entry is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Folder,
    Link,
    HardLink,
    /// A device, or a pipe with a name.
    Special,
}

/// One entry, before its body.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) kind: Kind,
    /// As it stands there.
    pub(crate) path: Vec<u8>,
    /// Where a link of either kind points to.
    pub(crate) target: Vec<u8>,
    pub(crate) mode: u32,
    /// Seconds since 1970.
    pub(crate) modified: i64,
    /// Bytes of its body.
    pub(crate) size: u64,
}

/// An archive that is read.
pub(crate) struct Entries<R> {
    input: R,
    /// Bytes of the body that were not read yet, and what follows it up to a whole block.
    body: u64,
    padding: u64,
}

/// What headers before an entry said about it.
#[derive(Default)]
struct Extended {
    path: Option<Vec<u8>>,
    target: Option<Vec<u8>>,
    size: Option<u64>,
}

impl<R: Read> Entries<R> {
    pub(crate) fn new(input: R) -> Self {
        Self { input, body: 0, padding: 0 }
    }

    /// What is read, behind the entries.
    pub(crate) fn into_input(self) -> R {
        self.input
    }

    pub(crate) fn input(&mut self) -> &mut R {
        &mut self.input
    }

    /// The next entry; what is left of the body of the one before is skipped.
    pub(crate) fn next(&mut self) -> io::Result<Option<Entry>> {
        self.next_with(skip)
    }

    /// The same, where `over` goes over a body without reading it.
    pub(crate) fn next_with(
        &mut self,
        over: fn(&mut R, u64) -> io::Result<()>,
    ) -> io::Result<Option<Entry>> {
        let mut extended = Extended::default();
        loop {
            over(&mut self.input, self.body.saturating_add(self.padding))?;
            (self.body, self.padding) = (0, 0);
            let Some(block) = self.block()? else { return Ok(None) };
            let header = Header::from_byte_slice(&block);
            if header.cksum().ok().map(u64::from) != Some(sum(&block)) {
                return Err(malformed("a header has a wrong checksum"));
            }
            let size = header.entry_size().map_err(malformed)?;
            match header.entry_type() {
                EntryType::GNULongName => extended.path = Some(ended(self.extension(size)?)),
                EntryType::GNULongLink => extended.target = Some(ended(self.extension(size)?)),
                EntryType::XHeader => extended.read(&self.extension(size)?)?,
                EntryType::XGlobalHeader => self.begin(size),
                kind => return self.entry(kind, header, extended).map(Some),
            }
        }
    }

    /// The body of the entry that came last.
    pub(crate) fn body(&mut self) -> Body<'_, R> {
        Body { entries: self }
    }

    fn entry(&mut self, raw: EntryType, header: &Header, extended: Extended) -> io::Result<Entry> {
        let path = extended.path.unwrap_or_else(|| header.path_bytes().into_owned());
        let kind = match raw {
            // Before POSIX a folder was a file with a `/` at its end.
            EntryType::Regular | EntryType::Continuous if path.ends_with(b"/") => Kind::Folder,
            EntryType::Regular | EntryType::Continuous => Kind::File,
            EntryType::Directory => Kind::Folder,
            EntryType::Symlink => Kind::Link,
            EntryType::Link => Kind::HardLink,
            EntryType::Block | EntryType::Char | EntryType::Fifo => Kind::Special,
            _ => return Err(malformed("it has entries of a kind that layers cannot have")),
        };
        // Only files have a body, whatever the header says.
        let size = match kind {
            Kind::File => {
                extended.size.map_or_else(|| header.entry_size(), Ok).map_err(malformed)?
            }
            _ => 0,
        };
        self.begin(size);
        let target = header.link_name_bytes().map(std::borrow::Cow::into_owned);
        Ok(Entry {
            kind,
            path,
            target: extended.target.or(target).unwrap_or_default(),
            mode: header.mode().map_err(malformed)?,
            modified: header.mtime().ok().and_then(|it| i64::try_from(it).ok()).unwrap_or(0),
            size,
        })
    }

    fn begin(&mut self, size: u64) {
        self.body = size;
        self.padding = size.wrapping_neg() % BLOCK as u64;
    }

    /// The next header; none at the end.
    fn block(&mut self) -> io::Result<Option<[u8; BLOCK]>> {
        let mut block = [0; BLOCK];
        let mut read = 0;
        while let Some(rest) = block.get_mut(read..).filter(|rest| !rest.is_empty()) {
            match self.input.read(rest) {
                Ok(0) if read == 0 => return Ok(None),
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => read += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok((block != [0; BLOCK]).then_some(block))
    }

    fn extension(&mut self, size: u64) -> io::Result<Vec<u8>> {
        if size > EXTENSION_BYTES {
            return Err(Bound::Document(EXTENSION_BYTES).into());
        }
        self.begin(size);
        let mut bytes = Vec::new();
        self.body().read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

/// Reads a body up to its end; an archive that ends before is an error.
pub(crate) struct Body<'a, R> {
    entries: &'a mut Entries<R>,
}

impl<R: Read> Read for Body<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = usize::try_from(self.entries.body).unwrap_or(usize::MAX);
        let most = left.min(buffer.len());
        let Some(room) = buffer.get_mut(..most).filter(|room| !room.is_empty()) else {
            return Ok(0);
        };
        match self.entries.input.read(room)? {
            0 => Err(io::ErrorKind::UnexpectedEof.into()),
            count => {
                self.entries.body -= count as u64;
                Ok(count)
            }
        }
    }
}

impl Extended {
    /// Records as in POSIX, "pax Extended Header": `LENGTH KEY=VALUE\n`.
    fn read(&mut self, mut records: &[u8]) -> io::Result<()> {
        let wrong = || malformed("one of its headers cannot be parsed");
        while !records.is_empty() {
            let space = records.iter().position(|byte| *byte == b' ').ok_or_else(wrong)?;
            let length = std::str::from_utf8(records.get(..space).unwrap_or_default())
                .ok()
                .and_then(|digits| digits.parse::<usize>().ok())
                .ok_or_else(wrong)?;
            let record = records.get(space + 1..length).ok_or_else(wrong)?;
            records = records.get(length..).unwrap_or_default();
            let record = record.strip_suffix(b"\n").ok_or_else(wrong)?;
            let equals = record.iter().position(|byte| *byte == b'=').ok_or_else(wrong)?;
            let (key, value) = record.split_at(equals);
            let value = value.get(1..).unwrap_or_default();
            match key {
                b"path" => self.path = Some(value.to_vec()),
                b"linkpath" => self.target = Some(value.to_vec()),
                b"size" => {
                    let size = std::str::from_utf8(value).ok().and_then(|it| it.parse().ok());
                    self.size = Some(size.ok_or_else(wrong)?);
                }
                // Its body is not the file's.
                key if key.starts_with(b"GNU.sparse.") => {
                    return Err(malformed("it has sparse files, which layers cannot have"));
                }
                _ => {}
            }
        }
        Ok(())
    }
}

/// The sum of a header's bytes, with its own field counted as blanks.
fn sum(block: &[u8; BLOCK]) -> u64 {
    const FIELD: std::ops::Range<usize> = 148..156;
    let of =
        |bytes: Option<&[u8]>| -> u64 { bytes.into_iter().flatten().copied().map(u64::from).sum() };
    let blanks = u64::from(b' ') * FIELD.len() as u64;
    of(block.get(..FIELD.start)) + blanks + of(block.get(FIELD.end..))
}

/// A long name ends with a NUL.
fn ended(mut name: Vec<u8>) -> Vec<u8> {
    if name.last() == Some(&0) {
        name.pop();
    }
    name
}

fn skip<R: Read>(input: &mut R, bytes: u64) -> io::Result<()> {
    let skipped = io::copy(&mut input.take(bytes), &mut io::sink())?;
    if skipped == bytes { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
}

fn malformed(why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}
