//! A `send` that is encoded once; each message changes only number, id and time stamp.

use chatty_protocol::ConvId;
use chatty_protocol::codec::{Encode, Encoder};

/// Bytes of the time stamp at the start of the ciphertext.
const STAMP: usize = 8;
/// FIN and binary.
const WS_BINARY: u8 = 0x82;
/// Client frames are masked; a key of zeros leaves the bytes as they are.
const WS_MASK: u8 = 0x80;

/// Frame 2 of one sender.
pub struct Template {
    /// Array headers, conversation; then the message id.
    head: Vec<u8>,
    /// Session, log_seq, lane; then n.
    middle: Vec<u8>,
    ct: Vec<u8>,
}

fn put<T: Encode<()>>(out: &mut Vec<u8>, value: &T) {
    // Writing into a Vec cannot fail.
    let _infallible = value.encode(&mut Encoder::new(out), &mut ());
}

fn bytes(out: &mut Vec<u8>, value: &[u8]) {
    // Writing into a Vec cannot fail.
    let _infallible = Encoder::new(out).bytes(value);
}

impl Template {
    /// A sender in a conversation whose newest entry is `log_seq`.
    pub fn new(conv: &ConvId, log_seq: u64, size: usize) -> Self {
        // Frame: array of 2, number 2; send: array of 8.
        let mut head = vec![0x82, 0x02, 0x88];
        put(&mut head, conv);
        let mut middle = Vec::new();
        bytes(&mut middle, &[7; 32]);
        put(&mut middle, &log_seq);
        put(&mut middle, &1u64);
        Self {
            head,
            middle,
            ct: vec![0x5a; size.max(STAMP)],
        }
    }

    /// Appends one WebSocket frame with message `n`, stamped with `micros`.
    pub fn write(&mut self, out: &mut Vec<u8>, n: u64, micros: u64) {
        let start = out.len();
        // The longest header: two bytes, 64-bit length, mask key. Filled in below.
        out.extend_from_slice(&[0; 8]);
        let payload = out.len();
        out.extend_from_slice(&self.head);
        let mut msg = [4; 17];
        msg[9..].copy_from_slice(&n.to_be_bytes());
        bytes(out, &msg);
        out.extend_from_slice(&self.middle);
        put(out, &n);
        self.ct[..STAMP].copy_from_slice(&micros.to_le_bytes());
        bytes(out, &self.ct);
        out.push(0xa0);
        let len = out.len() - payload;
        // All frames of a bench are between 126 bytes and 64 KiB, so the length has 16 bits.
        let len = u16::try_from(len).unwrap_or(u16::MAX).to_be_bytes();
        out[start..start + 8].copy_from_slice(&[
            WS_BINARY,
            WS_MASK | 126,
            len[0],
            len[1],
            0,
            0,
            0,
            0,
        ]);
    }

    /// The stamp of a row with this payload.
    pub fn stamp(row: &[u8], size: usize) -> Option<u64> {
        let end = row.len().checked_sub(1)?;
        let at = end.checked_sub(size.max(STAMP))?;
        let stamp = row.get(at..at + STAMP)?;
        stamp.try_into().ok().map(u64::from_le_bytes)
    }
}

#[cfg(test)]
mod tests {
    use chatty_protocol::codec::decode_exact;
    use chatty_protocol::frame::ClientFrame;

    use super::*;

    #[test]
    fn a_template_writes_frames_of_the_protocol() {
        let conv = ConvId::from_rest([3; 32]);
        let mut template = Template::new(&conv, 1, 1024);
        for n in [1, 23, 24, 70_000] {
            let mut out = Vec::new();
            template.write(&mut out, n, 99);
            let len = usize::from(u16::from_be_bytes([out[2], out[3]]));
            assert_eq!(out.len(), 8 + len);
            let frame = decode_exact::<ClientFrame>(&out[8..]).unwrap();
            let ClientFrame::Send(send) = frame else {
                panic!("not a send")
            };
            assert_eq!((send.conv, send.n, send.log_seq), (conv, n, 1));
            assert_eq!(send.ct.0.len(), 1024);
            assert_eq!(Template::stamp(&out, 1024), Some(99));
        }
    }
}
