//! What an own full device knows of other people, given to a new one (type 11).

use chatty_crypto::approval::Label;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::{self, Peer};
use chatty_crypto::trust::{self, Imported};
use chatty_crypto::{conversation as logs, device_log, identity, megolm, profile};
use chatty_protocol::DeviceId;
use chatty_protocol::codec::{decode_exact, encode};

use super::{label, setting};
use crate::conversation::contact;
use crate::engine::{Context, Fault, Work};
use crate::message::read::own_others;
use crate::outbox::{claim, items};
use crate::store::{Db, Store, StoreError, account, body, meta};

/// Sends what a new own device needs beside the log: all pins and conversation heads, the keys of
/// the titles, the settings, the own name. Titles outlive generations, so their keys would come
/// only with the next one.
pub fn give(work: &mut Work<'_>, to: &Peer) -> Result<(), Fault> {
    for part in trust::export(&mut work.crypto)? {
        items::push(work, to, &ToDeviceBody::Trust(part))?;
    }
    for (conv, _) in logs::heads(&work.crypto)? {
        if let Some(body) = megolm::meta_key(&work.crypto, &conv)? {
            items::push(work, to, &body)?;
        }
    }
    setting::give_all(work, to)?;
    if let Some(body) = profile::due(&mut work.crypto, to)? {
        items::push(work, to, &body)?;
    }
    Ok(())
}

/// Pins came: the logs of these people are compared, the conversations read.
pub fn imported(work: &mut Work<'_>, imported: &Imported) -> Result<(), Fault> {
    for user in &imported.users {
        work.look_up(user);
        contact::tell(work, user)?;
    }
    for conv in &imported.conversations {
        work.behind(conv);
    }
    if imported.complete {
        // Now others may be written to.
        body::wake_all(work.db)?;
    }
    work.outbox_changed();
    Ok(())
}

/// Name of the blob with the devices that still wait for pins.
const PROMISED: &str = "pins-promised";

/// Name of the blob with the device that is about to be added, and its label.
const INTENDED: &str = "device-intended";

/// Notes whom this device is about to add: a crash after the relay took the entry must neither
/// lose the promise nor the label.
pub fn intend(work: &mut Work<'_>, device: &DeviceId, label: &Label) -> Result<(), Fault> {
    let intended = (*device, label.name.clone(), label.platform.clone());
    Ok(meta::set_blob(work.db, INTENDED, Some(&encode(&intended)))?)
}

/// A device stands in the own log: if this device added it, it gets label and pins.
pub fn added(work: &mut Work<'_>, device: &DeviceId) -> Result<(), Fault> {
    let bytes = meta::blob(work.db, INTENDED)?;
    let intended: Option<(DeviceId, String, String)> =
        bytes.and_then(|bytes| decode_exact(&bytes).ok());
    match intended {
        Some((wanted, name, platform)) if wanted == *device => {
            meta::set_blob(work.db, INTENDED, None)?;
            label::told(work, device, &name, &platform)?;
            promise(work, device)
        }
        _ => Ok(()),
    }
}

/// Notes that a new own device must get the pins. It has no keys at the relay yet.
fn promise(work: &mut Work<'_>, to: &DeviceId) -> Result<(), Fault> {
    let mut waiting = promised(work.db)?;
    if !waiting.contains(to) {
        waiting.push(*to);
    }
    Ok(meta::set_blob(work.db, PROMISED, Some(&encode(&waiting)))?)
}

fn promised(db: &dyn Db) -> Result<Vec<DeviceId>, StoreError> {
    let bytes = meta::blob(db, PROMISED)?;
    Ok(bytes
        .and_then(|bytes| decode_exact(&bytes).ok())
        .unwrap_or_default())
}

/// Whether some device waits for pins.
pub fn any_promised(db: &Store) -> Result<bool, StoreError> {
    Ok(!promised(db)?.is_empty())
}

/// First wait before a key of a new device is claimed; then twice as long each time, because
/// claims are few. Mostly the new device is faster and says hello itself.
const CLAIM_MS: u64 = 2_000;

fn turn(context: &Context) -> bool {
    let now = context.platform.monotonic_ms();
    let mut link = context.link.borrow_mut();
    let (next, wait) = link.promise_turn.unwrap_or((now + CLAIM_MS, CLAIM_MS));
    let due = now >= next;
    link.promise_turn = Some(match due {
        true => (now + wait * 2, wait * 2),
        false => (next, wait),
    });
    due
}

/// A new device that has no pins yet makes itself known to the account's other devices: then they
/// have a session with it and send what it waits for.
pub fn announce(context: &Context) -> Result<(), Fault> {
    context.input(|work| {
        if identity::own_or_fail(&work.crypto)?.pins_stored {
            return Ok(());
        }
        for peer in own_others(work)? {
            items::push(work, &peer, &ToDeviceBody::OlmAck)?;
        }
        Ok(())
    })
}

/// Gives pins to the devices that wait for them, as far as they have published keys.
pub async fn keep_promises(context: &Context) -> Result<(), Fault> {
    let Some(own) = context.read(|db| account::get(db))? else {
        return Ok(());
    };
    let may_claim = turn(context);
    for device in context.read(|db| promised(db))? {
        let peer = Peer {
            user: own.user,
            device,
        };
        let one = std::slice::from_ref(&peer);
        let missing = context.input(|work| Ok(olm::missing_sessions(&mut work.crypto, one)?))?;
        if !missing.is_empty() && may_claim {
            claim::claim(context, one).await?;
        }
        context.input(|work| {
            let log = device_log::get_or_fail(&work.crypto, &own.user)?;
            let gone = log.live(&device).is_none();
            let ready = olm::missing_sessions(&mut work.crypto, one)?.is_empty();
            if gone || ready {
                if !gone {
                    give(work, &peer)?;
                }
                let mut waiting = promised(work.db)?;
                waiting.retain(|other| *other != device);
                meta::set_blob(work.db, PROMISED, Some(&encode(&waiting)))?;
            }
            Ok(())
        })?;
    }
    Ok(())
}
