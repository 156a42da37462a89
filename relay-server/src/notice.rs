//! What the REST side tells live sockets. The gateway subscribes; nobody waits for it.

use chatty_protocol::sign::Head;
use chatty_protocol::{DeviceId, UserId};
use tokio::sync::broadcast;

/// Notices that a slow subscriber may be behind before it has to compare everything again.
const BACKLOG: usize = 4_096;

/// Something that concerns live sockets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The refresh family died: its sockets close within 5 s (D2).
    SessionEnded {
        /// Id of the session (the claim `sid`).
        session: String,
    },
    /// Every session of the account died, except one.
    AccountSessionsEnded {
        /// The account.
        user: UserId,
        /// Session that goes on.
        except: Option<String>,
    },
    /// The device was revoked: its socket gets 47 `device_revoked`.
    DeviceRevoked {
        /// Its account.
        user: UserId,
        /// The device.
        device: DeviceId,
    },
    /// One of two users blocked the other or took that back: what they know of each other's presence
    /// is judged again.
    Block {
        /// Who did.
        user: UserId,
        /// The other.
        other: UserId,
    },
    /// Frame 40 with a user: own devices, co-members and contacts compare the log. Also announces
    /// a new wait to the own devices.
    DeviceLog {
        /// The account.
        user: UserId,
        /// Its device-log head.
        head: Head,
    },
    /// Frame 43 for one device.
    Keys {
        /// The device.
        device: DeviceId,
        /// One-time keys at the relay.
        one_time_left: u64,
        /// Whether the fallback key was given away.
        fallback_used: bool,
    },
    /// Frame 44 for the devices of an account.
    Link {
        /// The account.
        user: UserId,
        /// Mailbox with something new.
        id: [u8; 16],
    },
    /// Frame 46 for everybody, then the sockets close.
    Drain {
        /// Reconnect after this time.
        after_ms: u64,
    },
}

/// The hook between REST and sockets.
#[derive(Debug, Clone)]
pub struct Notices(broadcast::Sender<Notice>);

impl Default for Notices {
    fn default() -> Self {
        Self(broadcast::channel(BACKLOG).0)
    }
}

impl Notices {
    /// Tells all subscribers; without any the notice is gone, which is fine: it is a hint.
    pub fn send(&self, notice: Notice) {
        let _nobody_listens = self.0.send(notice);
    }

    /// From now on. After `Lagged` compare everything with the store again.
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.0.subscribe()
    }
}
