//! Rows 7 to 9 of the verdict table: was the author entitled to write this, as far as the
//! author knew and as far as we know now.

use chatty_protocol::ConvId;
use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::sign::Head;

use super::facts;
use super::receive::{Opened, Step, next};
use super::row::{LinkRow, key};
use super::types::{Hold, Incoming, Lane, Quarantine, Verdict};
use crate::content::chain;
use crate::conversation::{self, ConvHeadCheck};
use crate::device_log;
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Runs the three rows; the value says whether the message was sent under a membership older
/// than the newest entry before its place in the stream.
pub(super) fn check(tx: &Tx<'_>, incoming: &Incoming<'_>, opened: &Opened) -> Step<bool> {
    let Some(state) = conversation::state(tx, &incoming.send.conv)? else {
        return Ok(Err(Verdict::Hold(Hold::NeedConversationLog)));
    };
    next!(same_log(tx, &state.conv, &opened.payload.conv_head));
    // Read once: a log of many devices is the dearest row of a verdict.
    let log = device_log::get(tx, incoming.user)?;
    next!(entitled_then(tx, &state, log.as_ref(), incoming, opened));
    next!(entitled_now(tx, &state, log.as_ref(), incoming, opened));
    let older = older_membership(tx, &state, incoming, &opened.payload.conv_head)?;
    Ok(Ok(older))
}

/// Row 7.
fn same_log(tx: &Tx<'_>, conv: &ConvId, head: &Head) -> Step<()> {
    Ok(match conversation::check_head(tx, conv, head)? {
        ConvHeadCheck::Known => Ok(()),
        ConvHeadCheck::Ahead => Err(Verdict::Hold(Hold::NeedConversationLog)),
        ConvHeadCheck::Mismatch => Err(Verdict::Hold(Hold::LogMismatch)),
    })
}

fn older_membership(
    tx: &Tx<'_>,
    state: &ConvState,
    incoming: &Incoming<'_>,
    head: &Head,
) -> Result<bool, CryptoError> {
    let (Some(seq), true) = (incoming.seq, head.seq < state.head.seq) else {
        return Ok(false);
    };
    // The entry after the one that the sender knew: did it stand before the message?
    let next = conversation::stored_entry(tx, &state.conv, head.seq + 1)?;
    let next = next.and_then(|entry| entry.stream_seq);
    Ok(next.is_some_and(|entry| entry < seq))
}

/// Row 8.
fn entitled_then(
    tx: &Tx<'_>,
    state: &ConvState,
    log: Option<&DeviceLog>,
    incoming: &Incoming<'_>,
    opened: &Opened,
) -> Step<()> {
    let refused = Err(Verdict::Quarantine(Quarantine::NotEntitled));
    if !facts::was_member(tx, state, incoming.user, opened.payload.conv_head.seq)? {
        return Ok(refused);
    }
    let head = &opened.payload.device_head;
    let Some(log) = log else {
        return Ok(Err(Verdict::Hold(Hold::NeedDeviceLog(*incoming.user))));
    };
    let Some(at) = log.position(head) else {
        let hold = if head.seq > log.head.seq {
            Hold::NeedDeviceLog(*incoming.user)
        } else {
            Hold::DeviceLogMismatch(*incoming.user)
        };
        return Ok(Err(Verdict::Hold(hold)));
    };
    Ok(match log.live_at(incoming.device, at) {
        Some(_) => Ok(()),
        None => refused,
    })
}

/// Row 9.
fn entitled_now(
    tx: &Tx<'_>,
    state: &ConvState,
    log: Option<&DeviceLog>,
    incoming: &Incoming<'_>,
    opened: &Opened,
) -> Step<()> {
    let live = log.is_some_and(|log| log.live(incoming.device).is_some());
    if live && state.may_send(incoming.user) {
        return Ok(Ok(()));
    }
    if opened.lane != Lane::Log {
        return Ok(Err(Verdict::Drop));
    }
    Ok(if linked_to_cut(tx, state, incoming, opened)? {
        Ok(())
    } else {
        Err(Verdict::Hold(Hold::WaitingCut))
    })
}

/// A number alone proves nothing: somebody who is gone could still write under a number that was
/// never used. The message counts when the chain from it reaches the hash of the cut, through
/// messages that were accepted before.
fn linked_to_cut(
    tx: &Tx<'_>,
    state: &ConvState,
    incoming: &Incoming<'_>,
    opened: &Opened,
) -> Result<bool, CryptoError> {
    let conv = &state.conv;
    let Some(cut) = state.cuts.get(incoming.device) else {
        return Ok(false);
    };
    let payload = &opened.payload;
    if payload.dev_seq > cut.dev_seq {
        return Ok(false);
    }
    let chain = chain(
        conv,
        incoming.device,
        payload.dev_seq,
        &payload.prev,
        &payload.content.0,
    );
    if payload.dev_seq == cut.dev_seq {
        return Ok(chain == cut.chain);
    }
    let place = key::link(conv, incoming.device, &chain);
    let follower: Option<LinkRow> = rows::load(tx, Table::Chain, &place)?;
    Ok(follower.is_some_and(|link| link.before <= cut.dev_seq))
}
