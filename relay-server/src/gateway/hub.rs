//! Which sockets are here: user and device to route. One per node, fed by the bus.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use chatty_protocol::{ConvId, DeviceId, ErrorCode, UserId, limits};

use tokio::sync::Notify;

use super::Presence;
use super::route::{Route, RowOut};

/// All live sockets of this node.
#[derive(Default)]
pub struct Hub {
    sockets: RwLock<Sockets>,
    next_id: AtomicU64,
    left: Notify,
    /// Who of them is online for whom.
    pub presence: Presence,
}

#[derive(Default)]
struct Sockets {
    users: HashMap<UserId, Vec<Arc<Route>>>,
    /// A device is here at most once; its owner stands in `users`.
    devices: HashMap<DeviceId, Arc<Route>>,
}

/// The user has as many sockets as one may have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooManySockets;

impl Hub {
    /// Registers a socket. A socket of the same device is told to close (bye `conflict`).
    pub fn connect(
        &self,
        user: UserId,
        device: DeviceId,
        session: Box<str>,
    ) -> Result<Arc<Route>, TooManySockets> {
        let id = self.next_id.fetch_add(1, Ordering::Relaxed);
        let route = Arc::new(Route::new(id, user, device, session));
        let mut sockets = self.sockets.write().unwrap_or_else(PoisonError::into_inner);
        let of_user = sockets.users.entry(user).or_default();
        let others = of_user.iter().filter(|other| other.device != device);
        if others.count() >= limits::SOCKETS_PER_USER {
            return Err(TooManySockets);
        }
        of_user.retain(|other| other.device != device);
        of_user.push(Arc::clone(&route));
        let old = sockets.devices.insert(device, Arc::clone(&route));
        drop(sockets);
        if let Some(old) = old {
            old.close(ErrorCode::Conflict);
        }
        Ok(route)
    }

    /// Forgets a socket, unless a newer one of its device took the place.
    pub fn disconnect(&self, route: &Route) {
        let mut sockets = self.sockets.write().unwrap_or_else(PoisonError::into_inner);
        if sockets
            .devices
            .get(&route.device)
            .is_some_and(|r| r.id == route.id)
        {
            sockets.devices.remove(&route.device);
        }
        if let Some(of_user) = sockets.users.get_mut(&route.user) {
            of_user.retain(|other| other.id != route.id);
            if of_user.is_empty() {
                sockets.users.remove(&route.user);
            }
        }
        drop(sockets);
        self.left.notify_waiters();
    }

    fn each(&self, user: &UserId, mut action: impl FnMut(&Arc<Route>)) {
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(routes) = sockets.users.get(user) {
            routes.iter().for_each(&mut action);
        }
    }

    /// Rows to every socket of `users`, except the socket of `skip` (34 answers that one).
    pub fn push_rows<'a>(
        &self,
        users: impl Iterator<Item = &'a UserId>,
        conv: &ConvId,
        rows: &[(RowOut, Option<DeviceId>)],
    ) {
        let all: Vec<RowOut> = rows.iter().map(|(row, _)| row.clone()).collect();
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        for route in users.filter_map(|user| sockets.users.get(user)).flatten() {
            if rows.iter().all(|(_, skip)| *skip != Some(route.device)) {
                route.push_rows(conv, &all);
                continue;
            }
            let theirs = rows.iter().filter(|(_, skip)| *skip != Some(route.device));
            let theirs: Vec<RowOut> = theirs.map(|(row, _)| row.clone()).collect();
            route.push_rows(conv, &theirs);
        }
    }

    /// A mark to every socket of a user, except that of the sender.
    pub fn push_mark(&self, user: &UserId, conv: &ConvId, from: &DeviceId, frame: &Bytes) {
        self.each(user, |route| {
            if route.device != *from {
                route.push_mark(conv, frame.clone());
            }
        });
    }

    /// A flash to the sockets of a user that have the conversation open.
    pub fn push_flash(&self, user: &UserId, conv: &ConvId, from: &DeviceId, frame: &Bytes) {
        self.each(user, |route| {
            if route.device != *from && route.has_open(conv) {
                route.push_flash(frame.clone());
            }
        });
    }

    /// A hint to every socket of a user.
    pub fn push_bell(&self, user: &UserId, frame: &Bytes) {
        self.each(user, |route| route.push_bell(frame.clone()));
    }

    /// A hint to one device.
    pub fn push_bell_device(&self, device: &DeviceId, frame: &Bytes) {
        if let Some(route) = self.device(device) {
            route.push_bell(frame.clone());
        }
    }

    /// Items wait for a device.
    pub fn ring_inbox(&self, device: &DeviceId) {
        if let Some(route) = self.device(device) {
            route.ring_inbox();
        }
    }

    /// The socket of a device.
    pub fn device(&self, device: &DeviceId) -> Option<Arc<Route>> {
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        sockets.devices.get(device).cloned()
    }

    /// Waits until nobody is connected.
    pub async fn empty(&self) {
        loop {
            let mut left = std::pin::pin!(self.left.notified());
            // Registered before the look, so that no departure is missed.
            left.as_mut().enable();
            if self.is_empty() {
                return;
            }
            left.await;
        }
    }

    /// Every socket, for drains and for notices that were lost.
    pub fn all(&self) -> Vec<Arc<Route>> {
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        sockets.devices.values().cloned().collect()
    }

    /// How many sockets there are.
    pub fn len(&self) -> usize {
        let sockets = self.sockets.read().unwrap_or_else(PoisonError::into_inner);
        sockets.devices.len()
    }

    /// Whether nobody is connected.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Closes the sockets that `which` picks.
    pub fn close_where(&self, code: ErrorCode, which: impl Fn(&Route) -> bool) {
        for route in self.all() {
            if which(&route) {
                route.close(code);
            }
        }
    }
}
