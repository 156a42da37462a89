//! Frames to the client. Hot ones are put together around bytes that are encoded already.

use bytes::Bytes;
use chatty_protocol::codec::{Any, Encode, Encoder, encode as canonical};
use chatty_protocol::frame::ServerFrame;
use chatty_protocol::sign::{Hash32, Head};
use chatty_protocol::{ConvId, DeviceId, ErrorCode, MsgId, UserId};

use crate::service::conversation::Refusal;
use crate::store::inbox::StoredItem;
use crate::store::stream::{RowKind, StoredMark, StoredRow};

/// Room for everything in a row but its body: 5 numbers and 3 ids with their headers.
const ROW_OVERHEAD: usize = 128;

/// Encodes a frame.
pub fn frame(frame: &ServerFrame) -> Bytes {
    canonical(frame).into()
}

/// Starts an array of `count` elements whose first is the frame's number.
fn start(count: u64, number: u64, capacity: usize) -> Vec<u8> {
    let mut out = Vec::with_capacity(capacity);
    let mut encoder = Encoder::new(&mut out);
    // Writing into a Vec cannot fail.
    let _infallible = encoder.array(count).and_then(|e| e.u64(number));
    out
}

fn put<T: Encode<()>>(out: &mut Vec<u8>, value: &T) {
    // Writing into a Vec cannot fail.
    let _infallible = value.encode(&mut Encoder::new(out), &mut ());
}

/// 34.
pub fn accepted(msg: &MsgId, conv: &ConvId, seq: u64, time: u64, ct_hash: &Hash32) -> Bytes {
    let mut out = start(6, 34, ROW_OVERHEAD);
    put(&mut out, msg);
    put(&mut out, conv);
    put(&mut out, &seq);
    put(&mut out, &time);
    put(&mut out, ct_hash);
    out.into()
}

/// 35 for a send.
pub fn refused(msg: &MsgId, refusal: Refusal) -> Bytes {
    refused_any(Any(canonical(msg)), refusal)
}

/// 35 for a batch.
pub fn refused_batch(n0: u64, refusal: Refusal) -> Bytes {
    refused_any(Any(canonical(&n0)), refusal)
}

fn refused_any(what: Any, refusal: Refusal) -> Bytes {
    frame(&ServerFrame::Refused {
        what,
        code: refusal.code,
        retry_ms: refusal.retry_ms,
        heads: refusal.heads,
    })
}

/// 36 around the encoded `send`.
pub fn message(
    conv: &ConvId,
    seq: u64,
    user: &UserId,
    device: &DeviceId,
    time: u64,
    send: &[u8],
) -> Bytes {
    let mut out = start(7, 36, ROW_OVERHEAD + send.len());
    put(&mut out, conv);
    put(&mut out, &seq);
    put(&mut out, user);
    put(&mut out, device);
    put(&mut out, &time);
    out.extend_from_slice(send);
    out.into()
}

/// 41 around the signed entry.
pub fn entry(conv: &ConvId, seq: u64, signed: &[u8]) -> Bytes {
    let mut out = start(4, 41, ROW_OVERHEAD + signed.len());
    put(&mut out, conv);
    put(&mut out, &seq);
    out.extend_from_slice(signed);
    out.into()
}

fn void(conv: &ConvId, row: &StoredRow) -> Bytes {
    let mut out = start(7, 49, ROW_OVERHEAD);
    put(&mut out, conv);
    put(&mut out, &row.seq);
    put(&mut out, &row.user);
    put(&mut out, &row.device);
    put(&mut out, &u64::try_from(row.n).unwrap_or(0));
    put(&mut out, &row.time);
    out.into()
}

/// 36, 41 or 49 of a stored row.
pub fn row(conv: &ConvId, row: &StoredRow) -> Bytes {
    match row.kind {
        RowKind::Message => message(conv, row.seq, &row.user, &row.device, row.time, &row.body),
        RowKind::Log => entry(conv, row.seq, &row.body),
        RowKind::Void => void(conv, row),
    }
}

/// 39 (flash) or 42 (mark) around the encoded `send`.
pub fn mark(
    number: u64,
    conv: &ConvId,
    user: &UserId,
    device: &DeviceId,
    time: u64,
    send: &[u8],
) -> Bytes {
    let mut out = start(6, number, ROW_OVERHEAD + send.len());
    put(&mut out, conv);
    put(&mut out, user);
    put(&mut out, device);
    put(&mut out, &time);
    out.extend_from_slice(send);
    out.into()
}

/// 42 of a stored mark.
pub fn stored_mark(conv: &ConvId, row: &StoredMark) -> Bytes {
    mark(42, conv, &row.user, &row.device, row.time, &row.body)
}

/// 37 around the encoded item.
pub fn item(item: &StoredItem) -> Bytes {
    let mut out = start(5, 37, ROW_OVERHEAD + item.body.len());
    put(&mut out, &item.user);
    put(&mut out, &item.device);
    put(&mut out, &item.n);
    out.extend_from_slice(&item.body);
    out.into()
}

/// 40 that names a user.
pub fn bell_user(user: UserId, head: Head) -> Bytes {
    use chatty_protocol::frame::Doorbell;
    frame(&ServerFrame::Doorbell(Doorbell::User(user, head)))
}

/// 47.
pub fn bye(code: ErrorCode) -> Bytes {
    frame(&ServerFrame::Bye { code })
}

#[cfg(test)]
mod tests {
    use chatty_protocol::codec::{Ext, Fixed, decode_exact};
    use chatty_protocol::envelope::{Item, Send};
    use chatty_protocol::frame::{MarkRow, RowFrame, TdItem};

    use super::*;

    fn send() -> Send {
        Send {
            conv: ConvId::from_rest([1; 32]),
            msg: MsgId::from_rest([2; 16]),
            session: Fixed([3; 32]),
            log_seq: 4,
            lane: 1,
            n: 5,
            ct: vec![6; 300].into(),
            ext: Ext::default(),
        }
    }

    #[test]
    fn frames_around_bytes_are_the_frames_of_the_protocol() {
        let (user, device) = (UserId::from_rest([7; 32]), DeviceId::from_rest([8; 16]));
        let send = send();
        let bytes = canonical(&send);
        let row = message(&send.conv, 9, &user, &device, 10, &bytes);
        let expected = ServerFrame::Row(RowFrame::Message {
            conv: send.conv,
            seq: 9,
            user,
            device,
            time: 10,
            send: send.clone(),
        });
        assert_eq!(decode_exact::<ServerFrame>(&row).unwrap(), expected);
        let row = mark(42, &send.conv, &user, &device, 10, &bytes);
        let expected = ServerFrame::Mark(MarkRow {
            conv: send.conv,
            user,
            device,
            time: 10,
            send: send.clone(),
        });
        assert_eq!(decode_exact::<ServerFrame>(&row).unwrap(), expected);
        let answer = accepted(&send.msg, &send.conv, 1, 2, &Fixed([3; 32]));
        assert!(matches!(
            decode_exact::<ServerFrame>(&answer),
            Ok(ServerFrame::Accepted {
                seq: 1,
                time: 2,
                ..
            })
        ));
    }

    #[test]
    fn an_item_keeps_its_bytes() {
        let (user, device) = (UserId::from_rest([7; 32]), DeviceId::from_rest([8; 16]));
        let inner = Item {
            id: Fixed([1; 16]),
            to: DeviceId::from_rest([9; 16]),
            suite: 1,
            kind: 0,
            hint: Fixed([2; 8]),
            olm: vec![3; 40].into(),
            expires: 4,
            ext: Ext::default(),
        };
        let stored = StoredItem {
            place: 1,
            user,
            device,
            n: 6,
            body: canonical(&inner).into(),
        };
        let expected = ServerFrame::TdItem(TdItem {
            user,
            device,
            n: 6,
            item: inner,
        });
        assert_eq!(
            decode_exact::<ServerFrame>(&item(&stored)).unwrap(),
            expected
        );
    }
}
