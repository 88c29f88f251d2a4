//! Bytes of an input: opened, counted, and unpacked where they are packed.

use std::cell::Cell;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::rc::Rc;
use std::time::UNIX_EPOCH;

use chrono::DateTime;
use flate2::bufread::MultiGzDecoder;

use super::Input;
use crate::clock::Time;

/// Bytes read at once.
const BUFFER: usize = 256 << 10;
/// How a file packed with gzip begins.
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// An input that is read.
pub(super) struct Source {
    reader: Box<dyn BufRead>,
    bytes: Rc<Cell<u64>>,
    /// When it was last written to, or read where nobody knows that: the time of what has none.
    pub(super) written: Time,
    /// Whether that is the time of a file.
    pub(super) is_file: bool,
}

impl Source {
    pub(super) fn open(input: &Input, now: Time) -> io::Result<Self> {
        let bytes = Rc::new(Cell::new(0));
        let (raw, written): (Box<dyn Read>, Option<Time>) = match input {
            Input::File(path) => {
                let file = File::open(path)?;
                let meta = file.metadata()?;
                if meta.is_dir() {
                    return Err(io::Error::new(io::ErrorKind::IsADirectory, "it is a directory"));
                }
                let written = meta.modified().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
                let written = written.and_then(|at| DateTime::from_timestamp(at.as_secs() as i64, at.subsec_nanos()));
                (Box::new(file), written)
            }
            Input::Stdin => (Box::new(io::stdin()), None),
        };
        let counted = Counted { inner: raw, bytes: Rc::clone(&bytes) };
        let reader = unpacked(BufReader::with_capacity(BUFFER, counted))?;
        Ok(Self { reader, bytes, written: written.unwrap_or(now), is_file: written.is_some() })
    }

    /// Bytes read of it as it lies on the disk, as they are read.
    pub(super) fn counter(&self) -> Rc<Cell<u64>> {
        Rc::clone(&self.bytes)
    }

    pub(super) fn reader(&mut self) -> &mut dyn BufRead {
        &mut self.reader
    }

    #[cfg(test)]
    pub(super) fn of(bytes: Vec<u8>) -> io::Result<Self> {
        let written = DateTime::from_timestamp(1_768_472_887, 0).unwrap_or_default();
        let reader = unpacked(BufReader::new(io::Cursor::new(bytes)))?;
        Ok(Self { reader, bytes: Rc::default(), written, is_file: true })
    }
}

/// What is in it, unpacked where it begins as gzip does; several packed parts one after the other are one.
fn unpacked(mut reader: BufReader<impl Read + 'static>) -> io::Result<Box<dyn BufRead>> {
    if reader.fill_buf()?.starts_with(&GZIP) {
        return Ok(Box::new(BufReader::with_capacity(BUFFER, MultiGzDecoder::new(reader))));
    }
    Ok(Box::new(reader))
}

/// Counts what is read.
struct Counted<R> {
    inner: R,
    bytes: Rc<Cell<u64>>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.bytes.set(self.bytes.get() + count as u64);
        Ok(count)
    }
}
