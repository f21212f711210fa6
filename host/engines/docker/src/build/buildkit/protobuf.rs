//! As much of the protobuf wire format as BuildKit's messages here need.
//!
//! Format: <https://protobuf.dev/programming-guides/encoding/>.

/// One field of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    /// A number, a truth value.
    Number(u64),
    /// A text, bytes, or a message inside.
    Bytes(&'a [u8]),
    /// A fixed-width value: nothing here needs one.
    Fixed,
}

impl Value<'_> {
    /// The bytes as text; empty when it is none.
    pub(super) fn text(&self) -> String {
        match self {
            Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Value::Number(_) | Value::Fixed => String::new(),
        }
    }
}

/// The fields of a message in the order in which they were sent: their number
/// and value. Ends where the message is damaged.
pub(super) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    /// Of an encoded message.
    pub(super) fn of(message: &'a [u8]) -> Self {
        Self(message)
    }

    fn number(&mut self) -> Option<u64> {
        let mut number = 0_u64;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn bytes(&mut self, length: u64) -> Option<&'a [u8]> {
        let (bytes, rest) = self.0.split_at_checked(usize::try_from(length).ok()?)?;
        self.0 = rest;
        Some(bytes)
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = (u64, Value<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.number()?;
        let value = match key & 7 {
            0 => Value::Number(self.number()?),
            1 => self.bytes(8).map(|_| Value::Fixed)?,
            2 => {
                let length = self.number()?;
                Value::Bytes(self.bytes(length)?)
            }
            5 => self.bytes(4).map(|_| Value::Fixed)?,
            _ => return None,
        };
        Some((key >> 3, value))
    }
}

/// Appends a text field; nothing for an empty text, which is the default.
pub(super) fn put_text(message: &mut Vec<u8>, field: u64, text: &str) {
    if !text.is_empty() {
        put_bytes(message, field, text.as_bytes());
    }
}

/// Appends a field of bytes.
pub(super) fn put_bytes(message: &mut Vec<u8>, field: u64, bytes: &[u8]) {
    put_number(message, field << 3 | 2);
    put_number(message, bytes.len() as u64);
    message.extend_from_slice(bytes);
}

fn put_number(message: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        message.push((number & 0x7f) as u8 | 0x80);
        number >>= 7;
    }
    message.push(number as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_read() {
        // `Test1 { a: 150 }` and `Test2 { b: "testing" }`.
        let message = [0x08, 0x96, 0x01, 0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6e, 0x67];
        let fields: Vec<_> = Fields::of(&message).collect();
        assert_eq!(fields, [(1, Value::Number(150)), (2, Value::Bytes(b"testing"))]);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let long = "x".repeat(300);
        let mut message = Vec::new();
        put_text(&mut message, 1, "");
        put_text(&mut message, 2, &long);
        let fields: Vec<_> =
            Fields::of(&message).map(|(field, value)| (field, value.text())).collect();
        assert_eq!(fields, [(2, long)]);
    }

    #[test]
    fn a_damaged_message_ends_early() {
        for message in [&[0x12, 0x07, 0x74][..], &[0x80; 12], &[0x0b], &[0x09, 1]] {
            assert_eq!(Fields::of(message).count(), 0, "{message:?}");
        }
    }
}
