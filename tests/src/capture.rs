//! What a relay keeps of the frames that pass it.

use std::sync::{Arc, Mutex, PoisonError};

use chatty_protocol::envelope::Send;
use chatty_protocol::frame::{MarkRow, RowFrame, ServerFrame, TdItem};
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::forge::bytes;
use crate::person::Device;
use crate::wait::until;

/// Frames that a script put aside, shared with the test.
#[derive(Clone, Default)]
pub struct Kept(Arc<Mutex<Vec<ServerFrame>>>);

impl Kept {
    /// Puts one aside.
    pub fn put(&self, frame: &ServerFrame) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.push(frame.clone());
    }

    /// Everything put aside so far, oldest first.
    pub fn all(&self) -> Vec<ServerFrame> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl Device {
    /// Waits until the engine has committed everything that came before this call: a row of a
    /// conversation that nobody has goes in behind it, and its acknowledgement comes back.
    pub async fn took_all(&self) {
        let conv = ConvId::from_rest(bytes());
        let (user, device) = (self.user, self.id);
        let (seq, n, time) = (1, 1, 0);
        self.link.inject(&ServerFrame::Row(RowFrame::Void {
            conv,
            seq,
            user,
            device,
            n,
            time,
        }));
        let what = format!("{} takes what came", self.handle);
        until(&what, async || self.link.acked(&conv, seq).then_some(())).await;
    }
}

/// Message rows of a device.
pub fn rows(frames: &[ServerFrame], of: DeviceId) -> Vec<RowFrame> {
    let rows = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Row(row @ RowFrame::Message { device, .. }) if *device == of => {
            Some(row.clone())
        }
        _ => None,
    });
    rows.collect()
}

/// Items of a device.
pub fn items(frames: &[ServerFrame], of: DeviceId) -> Vec<TdItem> {
    let items = frames.iter().filter_map(|frame| match frame {
        ServerFrame::TdItem(item) if item.device == of => Some(item.clone()),
        _ => None,
    });
    items.collect()
}

/// Marks of a device.
pub fn marks(frames: &[ServerFrame], of: DeviceId) -> Vec<MarkRow> {
    let marks = frames.iter().filter_map(|frame| match frame {
        ServerFrame::Mark(mark) if mark.device == of => Some(mark.clone()),
        _ => None,
    });
    marks.collect()
}

/// The envelope of a message row.
pub fn envelope(row: &RowFrame) -> Send {
    match row {
        RowFrame::Message { send, .. } => send.clone(),
        other => panic!("no message: {other:?}"),
    }
}

/// The same row with another envelope, number or sender.
pub fn changed(row: &RowFrame, change: impl FnOnce(&mut RowParts)) -> RowFrame {
    let RowFrame::Message {
        conv,
        seq,
        user,
        device,
        time,
        send,
    } = row.clone()
    else {
        panic!("no message: {row:?}");
    };
    let mut parts = RowParts {
        conv,
        seq,
        user,
        device,
        time,
        send,
    };
    change(&mut parts);
    RowFrame::Message {
        conv: parts.conv,
        seq: parts.seq,
        user: parts.user,
        device: parts.device,
        time: parts.time,
        send: parts.send,
    }
}

/// Fields of a message row.
pub struct RowParts {
    /// Conversation of the row.
    pub conv: ConvId,
    /// Stream number.
    pub seq: u64,
    /// Sender as named by the relay.
    pub user: UserId,
    /// Its device.
    pub device: DeviceId,
    /// Time of acceptance.
    pub time: u64,
    /// The envelope.
    pub send: Send,
}
