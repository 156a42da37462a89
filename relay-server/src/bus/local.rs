//! The bus of a relay that is one process: straight into its own hub.

use std::sync::Arc;

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, UserId};

use super::{Bus, Ring};
use crate::gateway::Hub;

/// Delivers at once, in the caller's task.
pub struct LocalBus(pub Arc<Hub>);

impl Bus for LocalBus {
    fn ring(&self, ring: Ring<'_>) {
        self.0.push_rows(ring.users.iter(), &ring.conv, ring.rows);
    }

    fn mark(&self, conv: &ConvId, from: &DeviceId, users: &[UserId], frame: &Bytes) {
        for user in users {
            self.0.push_mark(user, conv, from, frame);
        }
    }

    fn flash(&self, conv: &ConvId, from: &DeviceId, users: &[UserId], frame: &Bytes) {
        for user in users {
            self.0.push_flash(user, conv, from, frame);
        }
    }

    fn presence(&self, user: &UserId, socket: u64, here: bool) {
        self.0.presence.share(*user, socket, here);
    }

    fn members(&self, conv: &ConvId, users: &[UserId]) {
        self.0.presence.members_changed(conv, users);
    }

    fn inbox(&self, devices: &[DeviceId]) {
        for device in devices {
            self.0.ring_inbox(device);
        }
    }
}
