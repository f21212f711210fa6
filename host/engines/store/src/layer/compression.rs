//! How a layer is compressed: its first bytes say it, whatever its media type claims.
//!
//! Formats: RFC 1952 (gzip), RFC 8878 (zstd). Both may have several parts one after the
//! other, which tools that make layers to be read piece by piece use.

use std::io::{self, BufRead, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

const GZIP: [u8; 2] = [0x1f, 0x8b];
const ZSTD: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
/// A frame of zstd that holds something else: sixteen numbers, which differ in their last
/// four bits.
const SKIPPED: [u8; 3] = [0x2a, 0x4d, 0x18];

/// What comes out of a stream that may be compressed.
pub(crate) enum Decompressed<R: BufRead> {
    Plain(R),
    Gzip(Box<MultiGzDecoder<R>>),
    Zstd(Box<Frames<R>>),
}

impl<R: BufRead> Decompressed<R> {
    /// Looks at the first bytes. `input` gives at least four at once, if it has them.
    pub(crate) fn new(mut input: R) -> io::Result<Self> {
        let begin = input.fill_buf()?;
        let is_skipped =
            begin.get(1..4) == Some(&SKIPPED) && begin.first().is_some_and(|it| it >> 4 == 5);
        Ok(if begin.starts_with(&GZIP) {
            Self::Gzip(Box::new(MultiGzDecoder::new(input)))
        } else if begin.starts_with(&ZSTD) || is_skipped {
            Self::Zstd(Box::new(Frames { input, decoder: FrameDecoder::new(), inside: false }))
        } else {
            Self::Plain(input)
        })
    }

    /// Whether it is compressed at all.
    pub(crate) fn is_plain(&self) -> bool {
        matches!(self, Self::Plain(_))
    }

    /// What it is read from.
    pub(crate) fn input(&self) -> &R {
        match self {
            Self::Plain(input) => input,
            Self::Gzip(decoder) => decoder.get_ref(),
            Self::Zstd(frames) => &frames.input,
        }
    }
}

impl<R: BufRead> Read for Decompressed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            Self::Plain(input) => input.read(buffer),
            Self::Gzip(decoder) => decoder.read(buffer),
            Self::Zstd(frames) => frames.read(buffer),
        }
    }
}

/// All frames of a zstd stream, one after the other.
pub(crate) struct Frames<R> {
    input: R,
    decoder: FrameDecoder,
    inside: bool,
}

impl<R: BufRead> Frames<R> {
    /// Begins the next frame; whether there is one.
    fn begin(&mut self) -> io::Result<bool> {
        loop {
            if self.input.fill_buf()?.is_empty() {
                return Ok(false);
            }
            match self.decoder.reset(&mut self.input) {
                Ok(()) => return Ok(true),
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
                    length,
                    ..
                })) => self.skip(length.into())?,
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
    }

    fn skip(&mut self, length: u64) -> io::Result<()> {
        let skipped = io::copy(&mut (&mut self.input).take(length), &mut io::sink())?;
        if skipped == length { Ok(()) } else { Err(io::ErrorKind::UnexpectedEof.into()) }
    }
}

impl<R: BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.inside {
                if !self.begin()? {
                    return Ok(0);
                }
                self.inside = true;
            }
            let count = self.decoder.read(buffer)?;
            if count > 0 {
                return Ok(count);
            }
            if self.decoder.is_finished() {
                self.inside = false;
                continue;
            }
            let one = BlockDecodingStrategy::UptoBlocks(1);
            let decoded = self.decoder.decode_blocks(&mut self.input, one);
            decoded.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Write as _};

    use super::*;

    fn all(bytes: &[u8]) -> io::Result<Vec<u8>> {
        let mut out = Vec::new();
        Decompressed::new(BufReader::new(bytes))?.read_to_end(&mut out).map(|_| out)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zstd(bytes: &[u8]) -> Vec<u8> {
        ruzstd::encoding::compress_to_vec(bytes, ruzstd::encoding::CompressionLevel::Fastest)
    }

    #[test]
    fn the_first_bytes_say_how_it_is_compressed_and_every_part_is_read() {
        let text = b"the quick brown fox ".repeat(20_000);
        let skipped = [&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0][..], b"abc"].concat();
        let half = text.len() / 2;
        let (first, second) = text.split_at(half);
        for packed in [
            text.clone(),
            gzip(&text),
            [gzip(first), gzip(second)].concat(),
            zstd(&text),
            [skipped.clone(), zstd(first), skipped, zstd(second)].concat(),
        ] {
            assert!(all(&packed).unwrap() == text);
        }
        assert!(all(b"").unwrap().is_empty());
    }

    #[test]
    fn what_is_cut_short_or_damaged_is_an_error() {
        let text = b"the quick brown fox ".repeat(20_000);
        for packed in [gzip(&text), zstd(&text)] {
            assert!(all(&packed[..packed.len() - 5]).is_err());
            assert!(all(&[&packed[..], b"garbage"].concat()).is_err());
        }
        assert!(all(&[0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1]).is_err());
    }
}
