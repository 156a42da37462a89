//! Asking for session keys, and answering those who ask (protocol.md §12; A7).

use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::Key;
use chatty_protocol::{ConvId, limits};

use super::receive::session_of;
use super::row::{AskRow, BudgetRow, InboundRow, Provenance, RequestRow, SharedRow, key, load_or};
use super::share;
use super::types::Ask;
use crate::content::to_device::{KeyForward, KeyRequest, ToDeviceBody, Withheld, WithheldCode};
use crate::error::CryptoError;
use crate::identity::{self, Own};
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, device_log, rows};

/// Whom to ask next.
pub(super) enum Target {
    /// This device.
    Device(Peer),
    /// A request is open until this time, Unix ms.
    Waiting(u64),
    /// Nobody is left.
    Nobody,
}

/// The owner first, then own full devices, each once; a request lives 24 hours.
pub(super) fn next_target(
    tx: &Tx<'_>,
    conv: &ConvId,
    owner: &Peer,
    session: &Key,
    asked: &AskRow,
) -> Result<Target, CryptoError> {
    if let Some((_, at)) = &asked.open {
        let until = at.saturating_add(limits::KEY_REQUEST_MS);
        if tx.now_ms < until {
            return Ok(Target::Waiting(until));
        }
    }
    let own = identity::own_or_fail(tx)?;
    let untried = |peer: &Peer| {
        peer.device != own.device && !asked.asked.iter().any(|(device, _)| *device == peer.device)
    };
    let member =
        conversation::state(tx, conv)?.is_some_and(|state| state.member(&owner.user).is_some());
    let live =
        device_log::get(tx, &owner.user)?.is_some_and(|log| log.live(&owner.device).is_some());
    // What the owner gave begins where this device was entitled; it gives nothing earlier.
    let given = tx
        .get(Table::Inbound, &key::session(conv, &owner.device, session))?
        .is_some();
    if member && live && !given && untried(owner) {
        return Ok(Target::Device(*owner));
    }
    let log = device_log::get_or_fail(tx, &own.user)?;
    let sibling = log
        .live_devices()
        .filter(|(_, record)| record.class == Class::Full)
        .map(|(device, _)| Peer {
            user: own.user,
            device: *device,
        })
        .find(untried);
    Ok(sibling.map_or(Target::Nobody, Target::Device))
}

/// The next step for a session key that did not come: the owner is asked, then own full devices.
pub fn request_key(
    tx: &mut Tx<'_>,
    conv: &ConvId,
    owner: &Peer,
    session: &Key,
) -> Result<Ask, CryptoError> {
    let place = key::session(conv, &owner.device, session);
    let mut asked: AskRow = load_or(tx, Table::KeyRequest, &place)?;
    let to = match next_target(tx, conv, owner, session, &asked)? {
        Target::Device(to) => to,
        Target::Waiting(until_ms) => return Ok(Ask::Open { until_ms }),
        Target::Nobody => return Ok(Ask::Exhausted),
    };
    if !spend(tx, key::BUDGET_OUT)? {
        return Ok(Ask::Later);
    }
    if let Some((expired, _)) = asked.open.take() {
        tx.delete(Table::KeyRequest, &expired);
    }
    let request: [u8; 16] = tx.random();
    asked.asked.push((to.device, tx.now_ms));
    asked.open = Some((request.to_vec(), tx.now_ms));
    rows::store(tx, Table::KeyRequest, &place, &asked)?;
    let row = RequestRow {
        conv: *conv,
        owner: owner.device,
        session: session.0.to_vec(),
        to: to.device,
        asked_ms: tx.now_ms,
    };
    rows::store(tx, Table::KeyRequest, &request, &row)?;
    Ok(Ask::Send {
        to,
        body: Box::new(ToDeviceBody::KeyRequest(KeyRequest {
            request: Fixed(request),
            conv: *conv,
            session: *session,
            owner: owner.device,
        })),
    })
}

/// One out of an hour's budget.
fn spend(tx: &mut Tx<'_>, place: &[u8]) -> Result<bool, CryptoError> {
    let mut budget: BudgetRow = load_or(tx, Table::KeyRequest, place)?;
    if tx.now_ms.saturating_sub(budget.since_ms) >= limits::HOUR_MS {
        budget = BudgetRow {
            since_ms: tx.now_ms,
            count: 0,
        };
    }
    if budget.count >= limits::KEY_REQUESTS_PER_HOUR {
        return Ok(false);
    }
    budget.count += 1;
    rows::store(tx, Table::KeyRequest, place, &budget)?;
    Ok(true)
}

/// Type 4 from `from`: the answer to send back, if one is due.
pub fn on_key_request(
    tx: &mut Tx<'_>,
    from: &Peer,
    body: &KeyRequest,
) -> Result<Option<ToDeviceBody>, CryptoError> {
    let own = identity::require_live(tx)?;
    if from.device == own.device || !spend(tx, &key::budget_in(from))? {
        return Ok(None);
    }
    if body.owner == own.device
        && let Some(answer) = as_owner(tx, &own, from, body)?
    {
        return Ok(Some(answer));
    }
    if from.user == own.user {
        return as_sibling(tx, &own, from, body);
    }
    Ok(None)
}

/// As owner: conv.key from the index at which the asker was entitled, if it still is now.
fn as_owner(
    tx: &mut Tx<'_>,
    own: &Own,
    from: &Peer,
    body: &KeyRequest,
) -> Result<Option<ToDeviceBody>, CryptoError> {
    let Some(state) = conversation::state(tx, &body.conv)? else {
        return Ok(None);
    };
    if !conversation::is_recipient(tx, &body.conv, from)? {
        return Ok(None);
    }
    let place = key::session(&body.conv, &own.device, &body.session);
    let session: Option<InboundRow> = rows::load(tx, Table::Inbound, &place)?;
    let generation = session
        .filter(|session| session.provenance == Provenance::Own)
        .and_then(|session| session.generation);
    let Some(generation) = generation else {
        // Forgotten, or lost with an older copy of this store: whoever asks need not wait.
        return Ok(withheld(own, from, body, 0));
    };
    let place = key::shared(&body.conv, &from.device);
    let shared: Option<SharedRow> = rows::load(tx, Table::Shared, &place)?;
    let body_for = match &shared {
        Some(shared) => share::body_for(tx, own, &state, from, shared, generation)?,
        None => None,
    };
    let (Some(mut shared), Some(answer)) = (shared, body_for) else {
        // Entitled now, but not when this generation was in use.
        return Ok(withheld(own, from, body, generation));
    };
    if !may_answer(tx, &mut shared, &body.session) {
        return Ok(None);
    }
    rows::store(tx, Table::Shared, &place, &shared)?;
    Ok(Some(ToDeviceBody::ConvKey(answer)))
}

/// The notice that no key comes from here. An own device gets what a sibling may give instead.
fn withheld(own: &Own, from: &Peer, body: &KeyRequest, generation: u64) -> Option<ToDeviceBody> {
    (from.user != own.user).then_some(ToDeviceBody::Withheld(Withheld {
        conv: body.conv,
        session: body.session,
        gen_no: generation,
        code: WithheldCode::NoKey,
    }))
}

/// At most one answer per (session, device) in 24 hours.
fn may_answer(tx: &Tx<'_>, shared: &mut SharedRow, session: &Key) -> bool {
    let recent = |at: u64| tx.now_ms < at.saturating_add(limits::DAY_MS);
    shared.answered.retain(|(_, at)| recent(*at));
    if shared
        .answered
        .iter()
        .any(|(known, _)| known[..] == session.0[..])
    {
        return false;
    }
    shared.answered.push((session.0.to_vec(), tx.now_ms));
    true
}

/// Among own devices: a full one forwards what it holds; a limited asker gets nothing that is
/// older than itself.
fn as_sibling(
    tx: &Tx<'_>,
    own: &Own,
    from: &Peer,
    body: &KeyRequest,
) -> Result<Option<ToDeviceBody>, CryptoError> {
    let log = device_log::get_or_fail(tx, &own.user)?;
    let full = |device| {
        log.live(device)
            .filter(|record| record.class == Class::Full)
            .is_some()
    };
    let Some(asker) = log.live(&from.device) else {
        return Ok(None);
    };
    if !full(&own.device) || device_log::is_expired(asker, tx.now_ms) {
        return Ok(None);
    }
    let place = key::session(&body.conv, &body.owner, &body.session);
    let Some(row) = rows::load::<InboundRow>(tx, Table::Inbound, &place)? else {
        return Ok(None);
    };
    if !full(&from.device) && row.received_ms < asker.added_time {
        return Ok(None);
    }
    let exported = session_of(&row)?.export_at_first_known_index();
    Ok(Some(ToDeviceBody::KeyForward(KeyForward {
        request: body.request,
        conv: body.conv,
        owner_user: row.user,
        owner: body.owner,
        exported: Bytes(exported.to_bytes()),
    })))
}
