//! Items between devices: encrypted once, numbered in batches, repeated byte for byte.

use chatty_crypto::CryptoError;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::{self, Peer};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::envelope::Item;
use chatty_protocol::frame::ClientFrame;
use chatty_protocol::{ConvId, limits};

use super::claim;
use crate::engine::{Context, Fault, Work};
use crate::store::{account, item};

/// Puts a body for one device into the outbox. Without a session one is made first.
pub fn push(work: &mut Work<'_>, to: &Peer, body: ToDeviceBody) -> Result<(), Fault> {
    if account::get(work.db)?.is_some_and(|own| own.device == to.device) {
        return Ok(());
    }
    match encrypt(work, to, body.clone(), None) {
        Err(Fault::Crypto(CryptoError::NoSession(_))) => push_on_new_session(work, to, body),
        Err(fault) if fault.is_local() => Err(fault),
        Err(fault) => {
            tracing::debug!(device = %to.device, %fault, "an item is not sent");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// The body goes out as soon as a key for the device was claimed.
pub fn push_on_new_session(
    work: &mut Work<'_>,
    to: &Peer,
    body: ToDeviceBody,
) -> Result<(), Fault> {
    work.needs_session(to, body);
    Ok(())
}

/// Encrypts a body; the number of its row in the outbox. `key_of` = the conversation whose key it
/// carries.
pub fn encrypt(
    work: &mut Work<'_>,
    to: &Peer,
    body: ToDeviceBody,
    key_of: Option<ConvId>,
) -> Result<Option<i64>, Fault> {
    let expires = work.now_ms().saturating_add(limits::INBOX_MS);
    let made = olm::encrypt(&mut work.crypto, to, &body, expires, None)?;
    let id = item::push(work.db, &to.device, &encode(&made), expires)?;
    if let Some(conv) = key_of {
        work.key_item(id, conv, *to);
    }
    work.outbox_changed();
    Ok(Some(id))
}

/// Makes the sessions that bodies wait for, and encrypts these.
pub async fn on_new_sessions(
    context: &Context,
    waiting: Vec<(Peer, ToDeviceBody)>,
) -> Result<(), Fault> {
    let mut peers: Vec<Peer> = waiting.iter().map(|(peer, _)| *peer).collect();
    peers.sort_unstable();
    peers.dedup();
    claim::claim(context, &peers).await?;
    context.batch(|batch| {
        for (peer, body) in waiting {
            match batch.input(|work| encrypt(work, &peer, body, None)) {
                Err(fault) if fault.is_local() => return Err(fault),
                Err(fault) => tracing::debug!(%fault, "an item is not sent"),
                Ok(_) => {}
            }
        }
        Ok(())
    })
}

/// Sends the next batch, if none is on its way. The wait until it may be tried again.
pub async fn step(context: &Context) -> Result<Option<u64>, Fault> {
    let now = context.platform.now_ms();
    let (out, not_before) = {
        let link = context.link.borrow();
        (link.out.clone(), link.items_not_before_ms)
    };
    let Some(out) = out.filter(|_| context.link.borrow().batch.is_none()) else {
        return Ok(None);
    };
    if now < not_before {
        return Ok(Some(not_before - now));
    }
    if context.read(|db| item::count(db))? == 0 {
        return Ok(None);
    }
    let batch = context.input(|work| Ok(item::batch(work.db, now)?))?;
    let Some(n0) = batch.first().and_then(|item| item.n) else {
        return Ok(None);
    };
    let items: Result<Vec<Item>, _> = batch.iter().map(|row| decode_exact(&row.item)).collect();
    let items = items.map_err(|_| Fault::Bug("an item of ours does not decode"))?;
    context.link.borrow_mut().batch = Some(n0);
    crate::kill_point!("items.before-send");
    out.send(&ClientFrame::ToDevice { n0, items }).await?;
    Ok(None)
}
