//! What the REST side tells live sockets.

use std::sync::Arc;
use std::time::Duration;

use chatty_protocol::ErrorCode;
use chatty_protocol::codec::Fixed;
use chatty_protocol::frame::ServerFrame;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

use super::{Live, encode};
use crate::notice::Notice;

/// People who hear of a change in somebody's device log.
const CO_MEMBERS: usize = 10_000;

/// Passes notices on until the relay stops.
pub async fn listen(live: Arc<Live>, mut notices: Receiver<Notice>) {
    loop {
        match notices.recv().await {
            Ok(notice) => pass_on(&live, notice).await,
            Err(RecvError::Lagged(_)) => {
                // Something was missed: every socket authenticates and compares anew.
                live.hub.close_where(ErrorCode::Busy, |_| true);
            }
            Err(RecvError::Closed) => return,
        }
    }
}

async fn pass_on(live: &Live, notice: Notice) {
    let hub = &live.hub;
    match notice {
        Notice::SessionEnded { session } => {
            hub.close_where(ErrorCode::Unauthorised, |route| *route.session == *session);
        }
        Notice::AccountSessionsEnded { user, except } => {
            hub.close_where(ErrorCode::Unauthorised, |route| {
                route.user == user && except.as_deref() != Some(&*route.session)
            });
        }
        Notice::DeviceRevoked { device, .. } => {
            if let Some(route) = hub.device(&device) {
                route.close(ErrorCode::DeviceRevoked);
            }
        }
        Notice::Block { user, other } => hub.presence.block_changed(user, other),
        Notice::DeviceLog { user, head } => {
            let bell = encode::bell_user(user, head);
            hub.push_bell(&user, &bell);
            let store = &live.conversations.store;
            match store.co_members(user, CO_MEMBERS).await {
                Ok(others) => {
                    let others = others.iter().filter(|other| **other != user);
                    others.for_each(|other| hub.push_bell(other, &bell));
                }
                Err(error) => tracing::warn!(%error, "a device-log doorbell was lost"),
            }
        }
        Notice::Keys {
            device,
            one_time_left,
            fallback_used,
        } => {
            let keys = ServerFrame::Keys {
                one_time_left,
                fallback_used,
            };
            hub.push_bell_device(&device, &encode::frame(&keys));
        }
        Notice::Link { user, id } => {
            let link = ServerFrame::Link { id: Fixed(id) };
            hub.push_bell(&user, &encode::frame(&link));
        }
        Notice::Drain { after_ms } => {
            hub.all().iter().for_each(|route| route.drain(after_ms));
            let hub = Arc::clone(hub);
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(after_ms)).await;
                hub.close_where(ErrorCode::Draining, |_| true);
            });
        }
    }
}
