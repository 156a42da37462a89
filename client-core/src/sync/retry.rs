//! Rows that could not be read are judged again when what they wait for has come.

use chatty_crypto::conversation::{self as logs, ConvStatus};
use chatty_crypto::megolm::Incoming;
use chatty_protocol::codec::decode_exact;
use chatty_protocol::frame::RowFrame;
use chatty_protocol::sign::Key;
use chatty_protocol::{ConvId, DeviceId, UserId, limits};

use super::mark;
use crate::api::state::MessageState;
use crate::conversation as conversations;
use crate::engine::{Context, Fault, Work};
use crate::message::receive;
use crate::store::message::sealed::{self, SealedRow};

/// An entry of this conversation came, a device list changed, or a key was withheld.
pub fn conversation(work: &mut Work<'_>, conv: &ConvId) -> Result<(), Fault> {
    for kept in sealed::waiting(work.db, conv, limits::HOLD_QUEUE)? {
        one(work, &kept)?;
    }
    mark::retry(work, conv)
}

/// A key came: everything under it is judged again, however long it was given up.
pub fn session(
    work: &mut Work<'_>,
    conv: &ConvId,
    owner: &DeviceId,
    session: &Key,
) -> Result<(), Fault> {
    for kept in sealed::of_device(work.db, conv, owner)? {
        let frame = decode_exact::<RowFrame>(&kept.frame);
        if matches!(&frame, Ok(RowFrame::Message { send, .. }) if send.session == *session) {
            one(work, &kept)?;
        }
    }
    mark::retry(work, conv)
}

/// A person's device log changed: held entries and messages of that person may hold now. `added` =
/// its devices that were not known here: what they wrote was given up, because nobody knew whom to
/// ask for the key.
pub fn after_log(work: &mut Work<'_>, user: &UserId, added: &[DeviceId]) -> Result<(), Fault> {
    for (conv, _) in logs::heads(&work.crypto)? {
        let Some(state) = logs::state(&work.crypto, &conv)? else {
            continue;
        };
        if matches!(logs::status(&work.crypto, &conv)?, ConvStatus::Held(_)) {
            conversations::log::retry(work, &conv)?;
        }
        if state.member(user).is_some() {
            conversation(work, &conv)?;
            for device in added {
                given_up(work, &conv, device)?;
            }
        }
    }
    Ok(())
}

fn given_up(work: &mut Work<'_>, conv: &ConvId, device: &DeviceId) -> Result<(), Fault> {
    for kept in sealed::of_device(work.db, conv, device)? {
        one(work, &kept)?;
    }
    Ok(())
}

/// The inbox is drained: what has no key now is late, and its key is asked for.
pub fn after_drain(work: &mut Work<'_>) -> Result<(), Fault> {
    work.drained = true;
    for kept in sealed::in_state(work.db, MessageState::KeyComing, limits::HOLD_QUEUE)? {
        one(work, &kept)?;
    }
    Ok(())
}

/// Rows whose time to try again has come.
pub fn due(context: &Context) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    let rows = context.read(|db| sealed::due(db, now, limits::HOLD_QUEUE))?;
    context.batch(|batch| {
        for kept in rows {
            batch.input(|work| one(work, &kept))?;
        }
        Ok(())
    })
}

fn one(work: &mut Work<'_>, kept: &SealedRow) -> Result<(), Fault> {
    let Ok(frame) = decode_exact::<RowFrame>(&kept.frame) else {
        return Ok(());
    };
    let RowFrame::Message {
        seq,
        user,
        device,
        time,
        send,
        ..
    } = &frame
    else {
        return Ok(());
    };
    let incoming = Incoming {
        user,
        device,
        seq: Some(*seq),
        time: *time,
        send,
    };
    receive::message(work, &frame, &incoming, Some(kept))
}
