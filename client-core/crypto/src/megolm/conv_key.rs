//! Keys that others give us: conv.key, withheld notices, forwarded keys (A6, A8, A23).

use chatty_protocol::ConvId;
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{Key, ZERO_HASH};
use vodozemac::megolm::{
    ExportedSessionKey, InboundGroupSession, SessionConfig, SessionKey, SessionOrdering,
};

use super::receive::session_of;
use super::row::{
    AskRow, GenerationRow, InboundRow, Provenance, RequestRow, SenderRow, WithheldRow, key, load_or,
};
use super::types::KeyOutcome;
use super::{chain, facts, meta, session};
use crate::content::to_device::{ConvKey, KeyForward, Withheld};
use crate::conversation::{self, ConvHeadCheck};
use crate::device_log::{self, Gossip};
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{identity, rows};

/// Length of a signed session key and of an exported one.
const SESSION_KEY: usize = 229;
const EXPORTED_KEY: usize = 165;

/// Type 1 from `from`.
pub fn on_conv_key(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
) -> Result<KeyOutcome, CryptoError> {
    let Some(signed) = session_key(&body.session_key.0) else {
        return Ok(KeyOutcome::Rejected("no signed session key"));
    };
    if body.gen_no == 0 || identity::own_or_fail(tx)?.device == from.device {
        return Ok(KeyOutcome::Rejected("generation 0, or from ourselves"));
    }
    let head = conversation::check_head(tx, &body.conv, &body.conv_head)?;
    if !sends_here(tx, from, body, head)? {
        return Ok(KeyOutcome::Rejected("not a member"));
    }
    let offered = InboundGroupSession::new(&signed, SessionConfig::version_1());
    let id = session::id_of(&offered)?;
    let place = key::generation(&body.conv, &from.device, body.gen_no);
    let known: Option<GenerationRow> = rows::load(tx, Table::Generation, &place)?;
    match known.and_then(|row| row.session) {
        Some(other) if other != id.0 => {
            chain::mark_cloned(tx, &from.device)?;
            Ok(KeyOutcome::CloneAlarm {
                device: from.device,
            })
        }
        Some(_) => again(tx, from, body, head, &id, offered),
        None => first(tx, from, body, head, &id, offered),
    }
}

fn session_key(bytes: &[u8]) -> Option<SessionKey> {
    // vodozemac reads a prefix; the protocol wants exactly the key.
    (bytes.len() == SESSION_KEY)
        .then(|| SessionKey::from_bytes(bytes).ok())
        .flatten()
}

/// Keys come from members. While the log is not here as far as the sender has it, the key is
/// kept: a key shows nothing by itself, and each message is judged by the log (row 8).
fn sends_here(
    tx: &Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    head: ConvHeadCheck,
) -> Result<bool, CryptoError> {
    let Some(state) = conversation::state(tx, &body.conv)? else {
        return Ok(true);
    };
    if head == ConvHeadCheck::Ahead || state.may_send(&from.user) {
        return Ok(true);
    }
    facts::was_member(tx, &state, &from.user, body.conv_head.seq)
}

/// A generation that we have no session of.
fn first(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    head: ConvHeadCheck,
    id: &Key,
    offered: InboundGroupSession,
) -> Result<KeyOutcome, CryptoError> {
    let place = key::session(&body.conv, &from.device, id);
    let stored: Option<InboundRow> = rows::load(tx, Table::Inbound, &place)?;
    if let Some(row) = &stored
        && row.generation.is_some_and(|known| known != body.gen_no)
    {
        return Ok(KeyOutcome::Rejected("session of another generation"));
    }
    let sender_place = key::sender(&body.conv, &from.device);
    let mut sender: SenderRow = load_or(tx, Table::Generation, &sender_place)?;
    let asked: AskRow = load_or(tx, Table::KeyRequest, &place)?;
    if body.gen_no <= sender.newest && asked.asked.is_empty() {
        // Nobody may come back to an old generation, except with what we asked for (A23).
        return Ok(KeyOutcome::Rejected("old generation"));
    }
    if body.gen_no > sender.newest {
        sender.newest = body.gen_no;
    }
    if sender.first_seq == 0 || body.first_seq < sender.first_seq {
        sender.first_seq = body.first_seq.max(1);
    }
    rows::store(tx, Table::Generation, &sender_place, &sender)?;
    let generation = key::generation(&body.conv, &from.device, body.gen_no);
    let mut row: GenerationRow = load_or(tx, Table::Generation, &generation)?;
    row.session = Some(id.0.to_vec());
    rows::store(tx, Table::Generation, &generation, &row)?;
    let session = match stored {
        None => offered,
        Some(row) => match merged(&row, offered)? {
            Some(merged) => merged,
            None => return Ok(KeyOutcome::Rejected("not connected")),
        },
    };
    keep(tx, from, body, id, session)?;
    finish(tx, from, body, head, id)
}

/// The same generation and session once more: it must be the same ratchet.
fn again(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    head: ConvHeadCheck,
    id: &Key,
    mut offered: InboundGroupSession,
) -> Result<KeyOutcome, CryptoError> {
    let place = key::session(&body.conv, &from.device, id);
    let Some(row) = rows::load::<InboundRow>(tx, Table::Inbound, &place)? else {
        keep(tx, from, body, id, offered)?;
        return finish(tx, from, body, head, id);
    };
    match session_of(&row)?.compare(&mut offered) {
        SessionOrdering::Unconnected => Ok(KeyOutcome::Rejected("not connected")),
        SessionOrdering::Worse => {
            keep(tx, from, body, id, offered)?;
            finish(tx, from, body, head, id)
        }
        SessionOrdering::Equal | SessionOrdering::Better => {
            note_close(tx, from, body)?;
            Ok(KeyOutcome::Known)
        }
    }
}

/// The better of what is stored and what is offered, when they are the same ratchet.
fn merged(
    row: &InboundRow,
    mut offered: InboundGroupSession,
) -> Result<Option<InboundGroupSession>, CryptoError> {
    Ok(offered.merge(&mut session_of(row)?))
}

fn keep(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    id: &Key,
    session: InboundGroupSession,
) -> Result<(), CryptoError> {
    let row = InboundRow {
        user: from.user,
        pickle: session.pickle(),
        generation: Some(body.gen_no),
        provenance: Provenance::Owner,
        chain: body.chain,
        received_ms: tx.now_ms,
    };
    let place = key::session(&body.conv, &from.device, id);
    rows::store(tx, Table::Inbound, &place, &row)
}

fn finish(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &ConvKey,
    head: ConvHeadCheck,
    id: &Key,
) -> Result<KeyOutcome, CryptoError> {
    note_close(tx, from, body)?;
    if let Some((key_id, key)) = &body.meta_key {
        meta::remember(tx, &body.conv, key_id, key)?;
    }
    close_request(tx, &body.conv, from, id)?;
    Ok(KeyOutcome::Stored {
        conv: body.conv,
        owner: from.device,
        session: *id,
        fetch_log: head == ConvHeadCheck::Ahead,
        sender_missed_revoke: device_log::gossip(tx, &body.your_head)? == Gossip::BehindRevoke,
    })
}

/// A new generation says where the one before ended; the first word counts.
fn note_close(tx: &mut Tx<'_>, from: &Peer, body: &ConvKey) -> Result<(), CryptoError> {
    let Some((generation, last)) = body.closes.filter(|(closed, _)| *closed < body.gen_no) else {
        return Ok(());
    };
    let place = key::generation(&body.conv, &from.device, generation);
    let mut row: GenerationRow = load_or(tx, Table::Generation, &place)?;
    if row.closes.is_none() {
        row.closes = Some(last);
        row.closed_ms = Some(tx.now_ms);
        rows::store(tx, Table::Generation, &place, &row)?;
    }
    Ok(())
}

fn close_request(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    owner: &Peer,
    id: &Key,
) -> Result<(), CryptoError> {
    let place = key::session(conv, &owner.device, id);
    let asked: AskRow = load_or(tx, Table::KeyRequest, &place)?;
    if let Some((request, _)) = asked.open {
        tx.delete(Table::KeyRequest, &request);
        tx.delete(Table::KeyRequest, &place);
    }
    Ok(())
}

/// Type 2 from `from`: its own sessions only.
pub fn on_withheld(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &Withheld,
) -> Result<KeyOutcome, CryptoError> {
    let place = key::session(&body.conv, &from.device, &body.session);
    if tx.get(Table::Inbound, &place)?.is_some() {
        return Ok(KeyOutcome::Known);
    }
    rows::store(
        tx,
        Table::Generation,
        &place,
        &WithheldRow { code: body.code },
    )?;
    // The owner has answered: the next one may be asked at once.
    let mut asked: AskRow = load_or(tx, Table::KeyRequest, &place)?;
    if let Some((request, _)) = asked.open.take() {
        tx.delete(Table::KeyRequest, &request);
        rows::store(tx, Table::KeyRequest, &place, &asked)?;
    }
    Ok(KeyOutcome::Withheld { conv: body.conv })
}

/// Type 5 from `from`: counts only as the answer of the own full device that was asked (A6).
pub fn on_key_forward(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &KeyForward,
) -> Result<KeyOutcome, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let log = device_log::get_or_fail(tx, &own.user)?;
    let full = log
        .live(&from.device)
        .is_some_and(|record| record.class == Class::Full);
    let open: Option<RequestRow> = rows::load(tx, Table::KeyRequest, &body.request.0)?;
    let Some(open) = open else {
        return Ok(KeyOutcome::Rejected("not asked for"));
    };
    if from.user != own.user || !full || open.to != from.device {
        return Ok(KeyOutcome::Rejected("not the device that was asked"));
    }
    let Some(offered) = exported(&body.exported.0) else {
        return Ok(KeyOutcome::Rejected("no exported key"));
    };
    let id = session::id_of(&offered)?;
    let same = open.conv == body.conv
        && open.owner == body.owner
        && open.session == id.0
        && owner_of(tx, &body.owner_user, body)?;
    if !same {
        return Ok(KeyOutcome::Rejected("another session than asked for"));
    }
    store_forwarded(tx, body, &id, offered)?;
    let owner = Peer {
        user: body.owner_user,
        device: body.owner,
    };
    close_request(tx, &body.conv, &owner, &id)?;
    Ok(KeyOutcome::Stored {
        conv: body.conv,
        owner: body.owner,
        session: id,
        fetch_log: false,
        sender_missed_revoke: false,
    })
}

fn owner_of(
    tx: &Tx<'_>,
    user: &chatty_protocol::UserId,
    body: &KeyForward,
) -> Result<bool, CryptoError> {
    let log = device_log::get(tx, user)?;
    Ok(log.is_some_and(|log| log.devices.contains_key(&body.owner)))
}

fn exported(bytes: &[u8]) -> Option<InboundGroupSession> {
    let key = (bytes.len() == EXPORTED_KEY)
        .then(|| ExportedSessionKey::from_bytes(bytes).ok())
        .flatten()?;
    Some(InboundGroupSession::import(
        &key,
        SessionConfig::version_1(),
    ))
}

/// A forwarded key never replaces what the owner gave, unless it is the same ratchet earlier.
fn store_forwarded(
    tx: &mut Tx<'_>,
    body: &KeyForward,
    id: &Key,
    offered: InboundGroupSession,
) -> Result<(), CryptoError> {
    let place = key::session(&body.conv, &body.owner, id);
    let stored: Option<InboundRow> = rows::load(tx, Table::Inbound, &place)?;
    let row = match stored {
        None => InboundRow {
            user: body.owner_user,
            pickle: offered.pickle(),
            generation: None,
            provenance: Provenance::Forwarded,
            chain: ZERO_HASH,
            received_ms: tx.now_ms,
        },
        Some(mut row) => {
            let Some(better) = merged(&row, offered)? else {
                return Ok(());
            };
            row.pickle = better.pickle();
            row
        }
    };
    rows::store(tx, Table::Inbound, &place, &row)
}
