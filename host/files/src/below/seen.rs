//! What has a name in a folder, without opening it.

use std::fmt;
use std::fs::FileType;
use std::os::unix::fs::FileTypeExt as _;

use rustix::fs::Stat;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe with a name (FIFO).
    Pipe,
    Socket,
    /// A block or character device.
    Device,
}

impl Kind {
    /// Of something that is open.
    #[must_use]
    pub fn of(kind: FileType) -> Self {
        match kind {
            kind if kind.is_file() => Self::File,
            kind if kind.is_dir() => Self::Folder,
            kind if kind.is_symlink() => Self::Link,
            kind if kind.is_fifo() => Self::Pipe,
            kind if kind.is_socket() => Self::Socket,
            _ => Self::Device,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::File => "a file",
            Self::Folder => "a folder",
            Self::Link => "a link",
            Self::Pipe => "a named pipe",
            Self::Socket => "a socket",
            Self::Device => "a device",
        })
    }
}

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// What it is; a link is not followed.
    pub kind: Kind,
    /// Its permissions, with the bits for set-user-id and the like.
    pub mode: u32,
    pub owner: u32,
    /// How many bytes a file has.
    pub len: u64,
    /// When it was changed last: seconds since 1970.
    pub modified: i64,
    /// And the nanoseconds of that second.
    pub modified_nanoseconds: i64,
}

impl Seen {
    #[allow(
        clippy::useless_conversion,
        clippy::unnecessary_fallible_conversions,
        reason = "these numbers have other types on other systems"
    )]
    pub(super) fn of(stat: &Stat) -> Self {
        use rustix::fs::FileType as Raw;
        let kind = match Raw::from_raw_mode(stat.st_mode) {
            Raw::RegularFile => Kind::File,
            Raw::Directory => Kind::Folder,
            Raw::Symlink => Kind::Link,
            Raw::Fifo => Kind::Pipe,
            Raw::Socket => Kind::Socket,
            _ => Kind::Device,
        };
        Self {
            kind,
            mode: u32::from(stat.st_mode) & 0o7777,
            owner: stat.st_uid,
            len: u64::try_from(stat.st_size).unwrap_or_default(),
            modified: stat.st_mtime,
            modified_nanoseconds: i64::try_from(stat.st_mtime_nsec).unwrap_or_default(),
        }
    }
}
