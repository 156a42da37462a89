//! Items between devices: encrypted once, numbered in batches, repeated byte for byte.

use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::{CryptoError, identity};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::envelope::Item;
use chatty_protocol::frame::ClientFrame;
use chatty_protocol::{ConvId, limits};

use super::bodies::{self, When};
use crate::engine::{Context, Fault, Work};
use crate::store::item;

/// Puts a body for one device into the outbox. Without a session one is made first.
pub fn push(work: &mut Work<'_>, to: &Peer, body: &ToDeviceBody) -> Result<(), Fault> {
    let own = identity::own_or_fail(&work.crypto)?;
    if own.device == to.device {
        return Ok(());
    }
    if !own.pins_stored && own.user != to.user {
        return bodies::keep(work, to, body, When::Pins);
    }
    match encrypt(work, to, body, None) {
        Err(Fault::Crypto(CryptoError::NoSession(_))) => {
            bodies::keep(work, to, body, When::Session)
        }
        Err(fault) if fault.is_local() => Err(fault),
        Err(fault) => {
            tracing::debug!(device = %to.device, %fault, "an item is not sent");
            Ok(())
        }
        Ok(_) => Ok(()),
    }
}

/// Encrypts a body; the number of its row in the outbox. `key_of` = the conversation whose key it
/// carries.
pub fn encrypt(
    work: &mut Work<'_>,
    to: &Peer,
    body: &ToDeviceBody,
    key_of: Option<ConvId>,
) -> Result<i64, Fault> {
    let expires = work.now_ms().saturating_add(limits::INBOX_MS);
    let made = olm::encrypt(&mut work.crypto, to, body, expires, None)?;
    let id = item::push(work.db, &to.device, &encode(&made), expires)?;
    if let Some(conv) = key_of {
        work.key_item(id, conv, *to);
    }
    work.outbox_changed();
    Ok(id)
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
