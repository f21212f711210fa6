//! What is wrong while a layer is unpacked, before anybody knows of which image it is.

use std::fmt;
use std::io;
use std::path::PathBuf;

use crate::domain::{Digest, sanitize, text};
use crate::limits::{DEPTH, NAME_BYTES, PATH_BYTES};

/// Why a layer is not unpacked.
#[derive(Debug)]
pub(crate) enum Fault {
    /// An entry that no image needs, or that nothing can be made of.
    Entry {
        /// Its name, as it stands in the archive.
        path: Vec<u8>,
        /// What is wrong with it.
        why: Wrong,
    },
    /// There is more than is taken.
    Bound(Bound),
    /// The bytes are not those that were promised.
    Digest {
        what: &'static str,
        /// What it should be.
        promised: Digest,
        found: Digest,
    },
    /// The layer cannot be read: it is damaged, or cut short.
    Read(io::Error),
    /// The tree cannot be written.
    Write(PathBuf, io::Error),
    /// Nobody waits for it any more.
    Cancelled,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wrong {
    /// `..` in its name.
    Upwards,
    /// A name longer than a file can have.
    TooLong,
    /// More folders in each other than are followed.
    TooDeep,
    /// A character that no name can have.
    Nul,
    /// Links in it lead in a circle.
    Circle,
    /// What would have to be a folder is none.
    InTheWay,
    /// A hard link to nothing, or to a folder.
    NoTarget,
    /// A link that points nowhere.
    EmptyLink,
    /// A whiteout of nothing that a folder can have in it.
    Whiteout,
}

impl fmt::Display for Wrong {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Upwards => formatter.write_str("its name has `..` in it"),
            Self::TooLong => write!(
                formatter,
                "its name is too long: a name can have {NAME_BYTES} bytes, a path {PATH_BYTES}"
            ),
            Self::TooDeep => write!(formatter, "it is more than {DEPTH} folders deep"),
            Self::Nul => formatter.write_str("its name has a NUL in it"),
            Self::Circle => formatter.write_str("the links on the way to it lead in a circle"),
            Self::InTheWay => formatter.write_str("a file is where its folder should be"),
            Self::NoTarget => formatter
                .write_str("it is a hard link to something that is not a file of the image"),
            Self::EmptyLink => formatter.write_str("it is a link that points nowhere"),
            Self::Whiteout => formatter.write_str("it removes something that cannot have a name"),
        }
    }
}

/// A bound that an image goes over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bound {
    Layers(usize),
    Entries(u64),
    Bytes(u64),
    /// Bytes of names.
    Names(u64),
    /// More comes out than was ever put in.
    Ratio(u64),
    /// A header of an archive, or a document, that has no end.
    Document(u64),
}

impl fmt::Display for Bound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Layers(most) => write!(formatter, "it has more than {most} layers"),
            Self::Entries(most) => write!(formatter, "it has more than {most} files and folders"),
            Self::Bytes(most) => write!(formatter, "unpacked it has more than {} GiB", most >> 30),
            Self::Names(most) => {
                write!(formatter, "the names of its files have more than {} MiB", most >> 20)
            }
            Self::Ratio(most) => write!(
                formatter,
                "a layer of it unpacks to more than {most} times its size, as only made-up data does"
            ),
            Self::Document(most) => {
                write!(formatter, "a description in it has more than {} MiB", most >> 20)
            }
        }
    }
}

impl std::error::Error for Bound {}

impl From<Bound> for io::Error {
    fn from(bound: Bound) -> Self {
        Self::other(bound)
    }
}

impl Fault {
    /// What a reader says: a bound that one of the readers below noticed, or damage.
    pub(crate) fn reading(error: io::Error) -> Self {
        match error.get_ref().and_then(|inner| inner.downcast_ref::<Bound>()) {
            Some(bound) => Self::Bound(*bound),
            None => Self::Read(error),
        }
    }
}

/// How a name of an archive is shown: whatever it is, on one line, and not all of a long one.
pub(crate) fn shown(path: &[u8]) -> String {
    const CHARACTERS: usize = 80;
    text::shorten(&sanitize(&String::from_utf8_lossy(path)), CHARACTERS)
}
