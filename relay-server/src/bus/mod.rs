//! Doorbells: what one node tells the others about streams and inboxes. A hint, never a record:
//! whoever misses one finds the rows in the store (ARCHITECTURE.md §5).

mod local;

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, UserId};

use crate::gateway::RowOut;

pub use local::LocalBus;

/// New rows of one stream.
#[derive(Debug, Clone, Copy)]
pub struct Ring<'a> {
    /// The stream.
    pub conv: ConvId,
    /// Its head now.
    pub head: u64,
    /// The rows in order, each with the device that gets 34 instead.
    pub rows: &'a [(RowOut, Option<DeviceId>)],
    /// Whose sockets hear of it.
    pub users: &'a [UserId],
}

/// Who carries doorbells to the nodes where people are connected. Order per stream is kept.
pub trait Bus: Send + Sync {
    /// New rows.
    fn ring(&self, ring: Ring<'_>);

    /// A mark (frame 42) of `from` for the users' sockets.
    fn mark(&self, conv: &ConvId, from: &DeviceId, users: &[UserId], frame: &Bytes);

    /// A flash (frame 39) of `from` for the users' sockets that have the conversation open.
    fn flash(&self, conv: &ConvId, from: &DeviceId, users: &[UserId], frame: &Bytes);

    /// A socket of `user` shares presence and lives, or it ended or takes that back.
    fn presence(&self, user: &UserId, socket: u64, here: bool);

    /// Who belongs to a conversation changed: presence there is judged again.
    fn members(&self, conv: &ConvId, users: &[UserId]);

    /// Items wait for these devices.
    fn inbox(&self, devices: &[DeviceId]);
}
