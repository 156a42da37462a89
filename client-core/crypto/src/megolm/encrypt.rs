//! Encrypting one content with the present generation.

use chatty_protocol::codec::{Bytes, Ext, V1, decode_exact, encode};
use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::envelope::{LANE_LOG, Send};
use chatty_protocol::sign::{Hash32, ZERO_HASH, sha256};
use chatty_protocol::{ConvId, limits};

use super::facts;
use super::row::{
    ChainRow, Current, FrontierList, OutboundRow, ReplayRow, SenderRow, key, load_or,
    outbound_session, store_outbound_session,
};
use super::types::Numbered;
use crate::content::{Content, Payload, Position, bind};
use crate::error::CryptoError;
use crate::identity::Own;
use crate::tx::Tx;
use crate::view::Table;
use crate::{device_log, padding, rows};

/// Encrypts a ready message. Commit before the bytes leave, store them with the outbox row and
/// repeat them on every retry. Fails while first recipients still need the key.
pub fn encrypt(tx: &mut Tx<'_>, conv: &ConvId, ready: &Numbered) -> Result<Send, CryptoError> {
    let (own, state) = facts::sendable(tx, conv)?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    usable(&row, &state)?;
    let again = ready.dev_seq < row.next_seq;
    let frontier = if again {
        Vec::new()
    } else {
        take_frontier(tx, conv)?
    };
    let plain = Plain {
        lane: LANE_LOG,
        dev_seq: ready.dev_seq,
        prev: ready.prev,
        frontier,
        content: &ready.content,
    };
    let send = seal(tx, &own, &state, &mut row, plain)?;
    let chain = ready.chain(conv, &own.device);
    remember_own(tx, &own, conv, ready, chain, &send)?;
    if let Some(current) = row.current.as_mut() {
        current.messages += 1;
    }
    if !again {
        row.next_seq = ready.dev_seq + 1;
        row.next_prev = chain;
    }
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    Ok(send)
}

/// Encrypts a mark or a flash.
pub fn encrypt_mark(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    content: &Content,
) -> Result<Send, CryptoError> {
    content.check()?;
    let lane = content.body.lane();
    if lane == LANE_LOG {
        return Err(CryptoError::NotAllowed("not a mark or flash"));
    }
    let (own, state) = facts::sendable(tx, conv)?;
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    usable(&row, &state)?;
    let bytes = content.to_bytes();
    let plain = Plain {
        lane,
        dev_seq: 0,
        prev: ZERO_HASH,
        frontier: Vec::new(),
        content: &bytes,
    };
    let send = seal(tx, &own, &state, &mut row, plain)?;
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    Ok(send)
}

/// The last guard before an index is used: [`prepare`](super::prepare) must have been called on
/// this state, and the first recipients must have the key.
fn usable(row: &OutboundRow, state: &ConvState) -> Result<(), CryptoError> {
    let Some(current) = &row.current else {
        return Err(CryptoError::NotAllowed("prepare comes first"));
    };
    let used_up = u64::from(current.index) >= limits::GENERATION_INDEXES;
    if current.retired || used_up || state.forced_at > current.forced_at {
        return Err(CryptoError::NotAllowed("prepare comes first"));
    }
    if current.due > 0 && current.given < limits::KEYS_FIRST as u64 {
        return Err(CryptoError::NotAllowed("first recipients need the key"));
    }
    Ok(())
}

struct Plain<'a> {
    lane: u64,
    dev_seq: u64,
    prev: Hash32,
    frontier: Vec<Position>,
    content: &'a [u8],
}

fn seal(
    tx: &mut Tx<'_>,
    own: &Own,
    state: &ConvState,
    row: &mut OutboundRow,
    plain: Plain<'_>,
) -> Result<Send, CryptoError> {
    let conv = &state.conv;
    let current: &mut Current = row
        .current
        .as_mut()
        .ok_or(CryptoError::NotAllowed("prepare comes first"))?;
    let content: Content = decode_exact(plain.content)?;
    let payload = Payload {
        version: V1,
        bind: bind(
            conv,
            &own.user,
            &own.device,
            &current.session,
            current.generation,
        ),
        dev_seq: plain.dev_seq,
        prev: plain.prev,
        frontier: plain.frontier,
        conv_head: state.head,
        device_head: device_log::get_or_fail(tx, &own.user)?.head,
        content: Bytes(plain.content.to_vec()),
        ext: Ext::default(),
    };
    let padded = padding::pad(&encode(&payload))?;
    let mut session = outbound_session(tx, conv)?;
    let index = session.message_index();
    let ct = session.encrypt(&padded).to_bytes();
    if ct.len() > limits::SEND_CT_BYTES {
        return Err(CryptoError::NotAllowed("too large to send"));
    }
    store_outbound_session(tx, conv, &session)?;
    current.index = session.message_index();
    let replay = ReplayRow {
        msg: content.msg,
        ct: sha256(&ct),
    };
    let place = key::replay(conv, &own.device, &current.session, index);
    rows::store(tx, Table::Replay, &place, &replay)?;
    Ok(Send {
        conv: *conv,
        msg: content.msg,
        session: current.session,
        log_seq: state.head.seq,
        lane: plain.lane,
        n: plain.dev_seq,
        ct: Bytes(ct),
        ext: Ext::default(),
    })
}

fn take_frontier(tx: &mut Tx<'_>, conv: &ConvId) -> Result<Vec<Position>, CryptoError> {
    let place = key::frontier_list(conv);
    let list: FrontierList = load_or(tx, Table::Outbound, &place)?;
    if !list.positions.is_empty() {
        tx.delete(Table::Outbound, &place);
    }
    Ok(list.wire())
}

/// Own messages stand in the same tables as everybody's: a copy that comes back is known, and
/// one that differs is the proof of a clone.
fn remember_own(
    tx: &mut Tx<'_>,
    own: &Own,
    conv: &ConvId,
    ready: &Numbered,
    chain: Hash32,
    send: &Send,
) -> Result<(), CryptoError> {
    let row = ChainRow::Read {
        chain,
        msg: send.msg,
    };
    let place = key::chain(conv, &own.device, ready.dev_seq);
    rows::store(tx, Table::Chain, &place, &row)?;
    let place = key::message(conv, &own.device, &send.msg);
    rows::store(tx, Table::MessageId, &place, &ready.dev_seq)?;
    let place = key::sender(conv, &own.device);
    let mut sender: SenderRow = load_or(tx, Table::Generation, &place)?;
    if ready.dev_seq >= sender.last_seq {
        sender.last_seq = ready.dev_seq;
        sender.last_chain = chain.0.to_vec();
        rows::store(tx, Table::Generation, &place, &sender)?;
    }
    Ok(())
}
