//! Archives without an end.

use std::io::{self, Read, Write as _};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use flate2::Compression;
use flate2::write::GzEncoder;
use tar::EntryType;

use super::made::{Around, Made};
use crate::domain::Digest;
use crate::fault::{Bound, Fault};
use crate::files::below::Folder;
use crate::layer::{Budget, Layer, Promised};
use crate::limits::Limits;
use crate::tree::Writer;

fn bound(around: &Around, stream: impl Read) -> Bound {
    let root = Folder::at(&around.at("")).unwrap();
    let mut writer = Writer::new(root, around.at(""), Arc::new(AtomicBool::new(false)));
    let mut budget = Budget::new(around.limits);
    let promised = Promised { packed: None, unpacked: Digest::of(b"") };
    let laid = Layer::new(stream, &mut budget).and_then(|layer| writer.lay(layer, &promised));
    match laid.unwrap_err() {
        Fault::Bound(bound) => bound,
        other => panic!("{other:?}"),
    }
}

/// A file of a gigabyte of zeros in gzip, in parts that are all the same.
fn bomb() -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.set_path("zeros").unwrap();
    header.set_mode(0o644);
    header.set_size(1 << 30);
    header.set_cksum();
    let part = |bytes: &[u8]| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let zeros = part(&vec![0; 8 << 20]);
    [part(header.as_bytes()), zeros.repeat(128)].concat()
}

#[test]
fn a_gigabyte_of_zeros_is_not_written() {
    let around = Around::new();
    let bomb = bomb();
    assert!(bomb.len() < 2 << 20, "{}", bomb.len());
    assert_eq!(bound(&around, &bomb[..]), Bound::Ratio(200));
    let written = around.at("zeros").metadata().unwrap().len();
    assert!(written < 300 << 20, "{written}");
}

#[test]
fn entries_without_an_end_are_ended() {
    assert_eq!(Limits::default().entries, 1_000_000);
    let mut around = Around::new();
    around.limits.entries = 20_000;
    // Devices: counted like everything else, and quicker than files.
    let one = Made::new().special("d", EntryType::Char).bytes()[..512].to_vec();
    struct Again(Vec<u8>, usize);
    impl Read for Again {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let rest = &self.0[self.1 % 512..];
            let count = rest.len().min(buffer.len());
            buffer[..count].copy_from_slice(&rest[..count]);
            self.1 += count;
            Ok(count)
        }
    }
    assert_eq!(bound(&around, Again(one, 0)), Bound::Entries(20_000));
    assert!(around.all().is_empty());
}

#[test]
fn bytes_and_names_end_as_well() {
    let mut around = Around::new();
    around.limits = Limits { bytes: 100_000, names: 1000, ..Limits::default() };
    let big = Made::new().file("big", &"x".repeat(200_000));
    assert_eq!(bound(&around, &big.bytes()[..]), Bound::Bytes(100_000));
    let many =
        (0..20).fold(Made::new(), |made, at| made.file(format!("{at}{}", "n".repeat(60)), ""));
    assert_eq!(bound(&around, &many.bytes()[..]), Bound::Names(1000));
    // A header that only announces a name is read no further than any name can be.
    let endless = Made::new().raw(EntryType::GNULongName, b"l", b"", 0, &vec![b'n'; 2 << 20]);
    let around = Around::new();
    assert_eq!(bound(&around, &endless.bytes()[..]), Bound::Document(1 << 20));
}
