//! Reading: here, and on another own device.

use chatty_crypto::content::to_device::{Sync, ToDeviceBody};
use chatty_crypto::olm::Peer;
use chatty_crypto::{device_log, identity};
use chatty_protocol::{ConvId, DeviceId};

use super::send::no_such;
use crate::api::Done;
use crate::api::chat::ChatRead;
use crate::api::state::ChatState;
use crate::engine::{Context, Fault, Work};
use crate::outbox::items;
use crate::store::message::{self, MessageRow, write};
use crate::store::{account, conversation};
use crate::sync::mark;

/// Everything up to a message is read: counters, timers, a receipt, the other own devices.
pub fn read(context: &Context, params: &ChatRead) -> Result<Done, Fault> {
    let conv = params.chat;
    let place = context.read(|db| match &params.up_to {
        Some(id) => message::find(db, &conv, id),
        None => message::newest(db, &conv),
    })?;
    let Some(row) = place else {
        return match params.up_to {
            Some(_) => Err(no_such()),
            None => Ok(Done {}),
        };
    };
    context.input(|work| {
        let now = work.now_ms();
        if !advance(work, &conv, &row, now)? {
            return Ok(());
        }
        let open =
            conversation::get(work.db, &conv)?.is_some_and(|row| row.state == ChatState::Open);
        // A stranger does not learn that a request was looked at.
        if let (true, Some(seq), Some(msg)) = (open, row.seq, row.msg) {
            mark::read(work, &conv, (seq, row.device, msg))?;
        }
        tell_own_devices(work, &conv, row.seq.unwrap_or(0), now)
    })?;
    Ok(Done {})
}

/// Marks rows as read and starts their timers; false when nothing changed.
fn advance(
    work: &mut Work<'_>,
    conv: &ConvId,
    row: &MessageRow,
    now_ms: u64,
) -> Result<bool, Fault> {
    let Some(seq) = row.seq else {
        return Ok(false);
    };
    let changed = write::read_up_to(work.db, conv, seq, now_ms)?;
    for row in &changed {
        work.message_changed(*row);
    }
    let mut further = false;
    conversation::update(work.db, conv, |row| {
        further = row.read_seq < seq;
        row.read_seq = row.read_seq.max(seq);
    })?;
    conversation::refresh(work.db, conv)?;
    work.chat_changed(conv);
    Ok(further || !changed.is_empty())
}

/// Tells the other own devices what was read, per sender device.
fn tell_own_devices(
    work: &mut Work<'_>,
    conv: &ConvId,
    seq: u64,
    now_ms: u64,
) -> Result<(), Fault> {
    let others = own_others(work)?;
    if others.is_empty() {
        return Ok(());
    }
    let mut positions: Vec<(DeviceId, u64)> = Vec::new();
    let from = seq
        .saturating_sub(chatty_protocol::limits::PAGE as u64)
        .max(1);
    for row in message::between(work.db, conv, from, seq)? {
        if row.mine || row.dev_seq == 0 {
            continue;
        }
        match positions
            .iter_mut()
            .find(|(device, _)| *device == row.device)
        {
            Some((_, newest)) => *newest = (*newest).max(row.dev_seq),
            None => positions.push((row.device, row.dev_seq)),
        }
    }
    let body = ToDeviceBody::Sync(Sync::Read {
        conv: *conv,
        positions,
        time: now_ms,
    });
    for peer in others {
        items::push(work, &peer, &body)?;
    }
    Ok(())
}

/// This account's other live devices.
pub fn own_others(work: &Work<'_>) -> Result<Vec<Peer>, Fault> {
    let own = identity::own_or_fail(&work.crypto)?;
    let Some(log) = device_log::get(&work.crypto, &own.user)? else {
        return Ok(Vec::new());
    };
    Ok(log
        .live_devices()
        .filter(|(device, record)| {
            **device != own.device && !device_log::is_expired(record, work.now_ms())
        })
        .map(|(device, _)| Peer {
            user: own.user,
            device: *device,
        })
        .collect())
}

/// Read on another own device: counters and timers here follow; the receipt came from there.
pub fn on_another_device(
    work: &mut Work<'_>,
    conv: &ConvId,
    positions: &[(DeviceId, u64)],
    time_ms: u64,
) -> Result<(), Fault> {
    let mut newest: Option<MessageRow> = None;
    for (device, dev_seq) in positions {
        let row = message::by_dev_seq(work.db, conv, device, *dev_seq)?;
        if let Some(row) = row
            && newest.as_ref().is_none_or(|old| old.seq < row.seq)
        {
            newest = Some(row);
        }
    }
    if account::get(work.db)?.is_none() {
        return Ok(());
    }
    match newest {
        Some(row) => advance(work, conv, &row, time_ms.min(work.now_ms())).map(|_| ()),
        None => Ok(()),
    }
}
