//! Bringing the outbound side up to what the logs say, before something is encrypted.

use std::collections::BTreeMap;

use chatty_protocol::conversation_log::ConvState;
use chatty_protocol::sign::{Key, ZERO_HASH};
use chatty_protocol::{ConvId, DeviceId, limits};
use vodozemac::megolm::{GroupSession, InboundGroupSession, SessionConfig};

use super::facts::{self, Recipient};
use super::row::{
    Current, DueRow, GenerationRow, InboundRow, OutboundRow, Provenance, Recorded, RecordedRow,
    SenderRow, ShareState, SharedRow, Span, key, load_or, outbound_session, store_outbound_session,
};
use super::types::{Lane, Prepared, Started};
use super::{checked, rotate};
use crate::error::CryptoError;
use crate::identity::Own;
use crate::olm::Peer;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Makes sure that the generation which is due by protocol.md §13 exists and lists who still needs
/// its key. Fails while the conversation is held, frozen, unknown or this user no member.
pub fn prepare(tx: &mut Tx<'_>, conv: &ConvId, lane: Lane) -> Result<Prepared, CryptoError> {
    let (own, state) = facts::sendable(tx, conv)?;
    if lane != Lane::Log && state.members.len() > limits::RECEIPT_MEMBERS {
        return Ok(Prepared::Skip);
    }
    let mut row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
    let goes_on = row
        .current
        .as_ref()
        .is_some_and(|current| rotate::by_itself(current, &state, tx.now_ms, lane).is_none());
    if goes_on && checked::holds(tx, conv)? {
        return answer(tx, conv, &row, None);
    }
    let (recipients, until_ms) = facts::recipients(tx, conv)?;
    let mut shared = shared_rows(tx, conv)?;
    let started = rotate::due(tx, &row, &state, &recipients, &shared, lane);
    if started.is_some() {
        if lane == Lane::Flash {
            return Ok(Prepared::Skip);
        }
        start(tx, &own, &state, &mut row, recipients.len())?;
        close_spans(tx, conv, row.newest, &recipients, &mut shared)?;
    }
    share(tx, &own, conv, &mut row, &recipients, &mut shared)?;
    rows::store(tx, Table::Outbound, conv.as_ref(), &row)?;
    checked::note(tx, conv, until_ms)?;
    answer(tx, conv, &row, started)
}

/// Devices that still need the key of the present generation, in sharing order.
pub fn keys_due(tx: &Tx<'_>, conv: &ConvId, limit: usize) -> Result<Vec<Peer>, CryptoError> {
    let prefix = key::all_due(conv);
    let mut due = Vec::new();
    for (place, row) in rows::scan::<DueRow>(tx, Table::Outbound, &prefix)? {
        let device = DeviceId::from_slice(&place[prefix.len()..])
            .map_err(|_| CryptoError::Corrupt("key of a due row"))?;
        due.push((row.heard_ms, row.user, device));
    }
    // Whom this device heard from last comes first; the id makes the order total.
    due.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.2.cmp(&b.2)));
    due.truncate(limit);
    Ok(due
        .into_iter()
        .map(|(_, user, device)| Peer { user, device })
        .collect())
}

/// Conversations in which a message left and devices behind the first ones still need its key.
pub fn unfinished(tx: &Tx<'_>) -> Result<Vec<ConvId>, CryptoError> {
    let mut found = Vec::new();
    for (place, bytes) in tx.scan(Table::Outbound, &[])? {
        let Ok(conv) = ConvId::from_slice(&place) else {
            continue;
        };
        let row: OutboundRow = rows::parse(&bytes)?;
        if row
            .current
            .is_some_and(|current| current.due > 0 && current.messages > 0)
        {
            found.push(conv);
        }
    }
    Ok(found)
}

/// All rows of Table::Shared of a conversation.
pub(super) fn shared_rows(
    tx: &Tx<'_>,
    conv: &ConvId,
) -> Result<BTreeMap<DeviceId, SharedRow>, CryptoError> {
    rows::scan::<SharedRow>(tx, Table::Shared, conv.as_ref())?
        .into_iter()
        .map(|(key, row)| {
            let device = DeviceId::from_slice(&key[ConvId::LEN..])
                .map_err(|_| CryptoError::Corrupt("key of a shared row"))?;
            Ok((device, row))
        })
        .collect()
}

fn answer(
    tx: &Tx<'_>,
    conv: &ConvId,
    row: &OutboundRow,
    started: Option<Started>,
) -> Result<Prepared, CryptoError> {
    let current = row
        .current
        .as_ref()
        .ok_or(CryptoError::Corrupt("no generation after prepare"))?;
    let (due, given) = (current.due, current.given);
    let room = (limits::KEYS_FIRST as u64).saturating_sub(given);
    let first = if due == 0 || room == 0 {
        Vec::new()
    } else {
        keys_due(tx, conv, usize::try_from(room).unwrap_or(usize::MAX))?
    };
    Ok(Prepared::Ready {
        generation: current.generation,
        started,
        later: usize::try_from(due).unwrap_or(usize::MAX) - first.len(),
        first,
    })
}

/// Begins a generation: a new session, kept also as an inbound one for later requests.
fn start(
    tx: &mut Tx<'_>,
    own: &Own,
    state: &ConvState,
    row: &mut OutboundRow,
    recipients: usize,
) -> Result<(), CryptoError> {
    let conv = &state.conv;
    let session = GroupSession::new(SessionConfig::version_1());
    let inbound = InboundGroupSession::from(&session);
    let id = session_id(&session)?;
    let closes = row
        .current
        .as_ref()
        .map(|old| (old.generation, row.next_seq - 1));
    if let Some((generation, last)) = closes {
        close_own(tx, conv, own, generation, last)?;
    }
    row.newest += 1;
    row.current = Some(Current {
        generation: row.newest,
        session: id,
        index: session.message_index(),
        created_ms: tx.now_ms,
        messages: 0,
        forced_at: state.forced_at,
        recipients: recipients as u64,
        due: 0,
        given: 0,
        closes,
        shareable: state.policy.history == 1,
        retired: false,
    });
    store_outbound_session(tx, conv, &session)?;
    let inbound_row = InboundRow {
        user: own.user,
        pickle: inbound.pickle(),
        generation: Some(row.newest),
        provenance: Provenance::Own,
        chain: ZERO_HASH,
        received_ms: tx.now_ms,
    };
    let place = key::session(conv, &own.device, &id);
    rows::store(tx, Table::Inbound, &place, &inbound_row)?;
    let generation = GenerationRow {
        session: Some(id.0.to_vec()),
        closes: None,
        closed_ms: None,
    };
    let place = key::generation(conv, &own.device, row.newest);
    rows::store(tx, Table::Generation, &place, &generation)
}

fn close_own(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    own: &Own,
    generation: u64,
    last: u64,
) -> Result<(), CryptoError> {
    let place = key::generation(conv, &own.device, generation);
    if let Some(mut row) = rows::load::<GenerationRow>(tx, Table::Generation, &place)? {
        row.closes = Some(last);
        row.closed_ms = Some(tx.now_ms);
        rows::store(tx, Table::Generation, &place, &row)?;
    }
    Ok(())
}

/// Session id of an outbound session, as the 32 bytes of its key.
pub(super) fn session_id(session: &GroupSession) -> Result<Key, CryptoError> {
    super::session::key_of(&session.session_id())
}

/// Devices that are no recipients any more stop being entitled with this generation.
fn close_spans(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    generation: u64,
    recipients: &[Recipient],
    shared: &mut BTreeMap<DeviceId, SharedRow>,
) -> Result<(), CryptoError> {
    let present: BTreeMap<_, _> = recipients.iter().map(|r| (r.at.device, ())).collect();
    for (device, row) in shared.iter_mut() {
        let open = row.spans.last_mut().filter(|span| span.until.is_none());
        if let (Some(span), false) = (open, present.contains_key(device)) {
            span.until = Some(generation);
            // A device that is gone needs nothing any more.
            row.state = ShareState::Dormant;
            rows::store(tx, Table::Shared, &key::shared(conv, device), row)?;
            tx.delete(Table::Outbound, &key::due(conv, device));
        }
    }
    Ok(())
}

/// Notes every recipient that the present generation's key is due to.
fn share(
    tx: &mut Tx<'_>,
    own: &Own,
    conv: &ConvId,
    row: &mut OutboundRow,
    recipients: &[Recipient],
    shared: &mut BTreeMap<DeviceId, SharedRow>,
) -> Result<(), CryptoError> {
    let (next_seq, next_prev) = (row.next_seq, row.next_prev);
    let Some(current) = row.current.as_mut() else {
        return Ok(());
    };
    let mut recorded = false;
    for recipient in recipients {
        let device = recipient.at.device;
        let known = shared.get(&device);
        if known.is_some_and(|row| row.generation == current.generation) {
            continue;
        }
        if !recorded {
            record(tx, own, conv, current, next_seq, next_prev)?;
            recorded = true;
        }
        let row = due_row(known.cloned(), recipient, current);
        rows::store(tx, Table::Shared, &key::shared(conv, &device), &row)?;
        let sender: SenderRow = load_or(tx, Table::Generation, &key::sender(conv, &device))?;
        let due = DueRow {
            user: recipient.at.user,
            heard_ms: sender.heard_ms,
        };
        rows::store(tx, Table::Outbound, &key::due(conv, &device), &due)?;
        shared.insert(device, row);
        current.due += 1;
    }
    current.recipients = recipients.len() as u64;
    Ok(())
}

fn due_row(known: Option<SharedRow>, recipient: &Recipient, current: &Current) -> SharedRow {
    let mut row = known.unwrap_or_else(|| SharedRow {
        user: recipient.at.user,
        aik: recipient.aik,
        generation: 0,
        state: ShareState::Due,
        spans: Vec::new(),
        answered: Vec::new(),
    });
    row.aik = recipient.aik;
    row.generation = current.generation;
    row.state = ShareState::Due;
    if row.spans.last().is_none_or(|span| span.until.is_some()) {
        row.spans.push(Span {
            from: current.generation,
            index: current.index,
            until: None,
        });
    }
    row
}

/// Keeps the signed key at the present index: it is what newly entitled devices get, now or when
/// they ask later, and never anything older.
fn record(
    tx: &mut Tx<'_>,
    own: &Own,
    conv: &ConvId,
    current: &Current,
    first_seq: u64,
    chain: Key,
) -> Result<(), CryptoError> {
    let place = key::recorded(conv, &own.device, current.generation);
    let mut row: RecordedRow = load_or(tx, Table::Generation, &place)?;
    let session = outbound_session(tx, conv)?;
    let present = |known: &Recorded| known.index == session.message_index();
    if !row.keys.iter().any(present) {
        row.keys.push(Recorded {
            index: session.message_index(),
            first_seq,
            chain,
            key: session.session_key().to_bytes(),
        });
        rows::store(tx, Table::Generation, &place, &row)?;
    }
    Ok(())
}
