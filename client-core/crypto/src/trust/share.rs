//! Type 11: pins and heads between a person's own full devices.

use chatty_protocol::sign::Head;
use chatty_protocol::{ConvId, DeviceId, UserId, limits};
use serde::{Deserialize, Serialize};

use super::change::VERSION;
use super::row::{self, TrustRow};
use super::{Trust, state};
use crate::content::to_device::{TrustPart, TrustPin};
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, device_log, identity, rows};

/// Key of the row: parts of an unfinished transfer.
const PARTS: &[u8] = b"trust-parts";

/// A transfer of which not all parts came yet.
#[derive(Serialize, Deserialize)]
struct Progress {
    version: u64,
    by: DeviceId,
    got: Vec<u64>,
}

/// What a part did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    /// Users whose rows changed; their device logs should be fetched and compared.
    pub users: Vec<UserId>,
    /// Conversations whose heads were named.
    pub conversations: Vec<ConvId>,
    /// Whether every part of the transfer is stored now.
    pub complete: bool,
}

/// All pins and conversation heads of this full device, in parts of at most 300 rows, with a
/// version above everything seen.
pub fn export(tx: &mut Tx<'_>) -> Result<Vec<TrustPart>, CryptoError> {
    let newest: u64 = rows::load(tx, Table::Own, VERSION)?.unwrap_or(0);
    let version = newest + 1;
    rows::store(tx, Table::Own, VERSION, &version)?;
    let mut pins = Vec::new();
    for (user, row) in row::all(tx)? {
        let Some(head) = head_of(tx, &user, &row)? else {
            continue;
        };
        let number = match state(tx, &user)? {
            Trust::Unknown | Trust::Pinned if row.verified => 2,
            Trust::Unknown | Trust::Pinned => 1,
            Trust::Verified => 2,
            Trust::PinChanged => 3,
            Trust::Violation => 4,
        };
        pins.push(TrustPin {
            user,
            aik: row.aik,
            head,
            state: number,
            since: row.since,
        });
    }
    let heads = conversation::heads(tx)?;
    let size = limits::TRUST_ROWS;
    let parts = pins
        .len()
        .div_ceil(size)
        .max(heads.len().div_ceil(size))
        .max(1);
    let slice = |at: usize, len: usize| (at * size).min(len)..((at + 1) * size).min(len);
    Ok((0..parts)
        .map(|at| TrustPart {
            version,
            part: at as u64,
            parts: parts as u64,
            pins: pins[slice(at, pins.len())].to_vec(),
            heads: heads[slice(at, heads.len())].to_vec(),
        })
        .collect())
}

fn head_of(tx: &Tx<'_>, user: &UserId, row: &TrustRow) -> Result<Option<Head>, CryptoError> {
    Ok(match device_log::get(tx, user)? {
        Some(log) => Some(log.head),
        None => row.pinned_head,
    })
}

/// Takes a part that the own full device `from` sent. The caller has checked class and account.
pub fn import(tx: &mut Tx<'_>, from: &DeviceId, part: &TrustPart) -> Result<Imported, CryptoError> {
    if part.part >= part.parts || part.pins.len() > limits::TRUST_ROWS {
        return Err(CryptoError::NotAllowed("no such part"));
    }
    let newest: u64 = rows::load(tx, Table::Own, VERSION)?.unwrap_or(0);
    rows::store(tx, Table::Own, VERSION, &newest.max(part.version))?;
    let own = identity::own_or_fail(tx)?;
    let mut done = Imported::default();
    for pin in part.pins.iter().filter(|pin| pin.user != own.user) {
        if take_pin(tx, from, part.version, pin)? {
            done.users.push(pin.user);
        }
    }
    for (conv, head) in &part.heads {
        let before = expected_conversation_head(tx, conv)?;
        if before.is_none_or(|before| before.seq < head.seq) {
            rows::store(tx, Table::Trust, conv.as_bytes(), &Expected { head: *head })?;
            done.conversations.push(*conv);
        }
    }
    done.complete = note_part(tx, from, part)?;
    if done.complete {
        let mut row = identity::row::load(tx)?.ok_or(CryptoError::NoIdentity)?;
        row.pins_stored = true;
        identity::row::store(tx, &row)?;
    }
    Ok(done)
}

#[derive(Serialize, Deserialize)]
struct Expected {
    #[serde(with = "rows::wire")]
    head: Head,
}

/// Head of a conversation that an own full device had seen.
pub(crate) fn expected_conversation_head(
    tx: &Tx<'_>,
    conv: &ConvId,
) -> Result<Option<Head>, CryptoError> {
    let row: Option<Expected> = rows::load(tx, Table::Trust, conv.as_bytes())?;
    Ok(row.map(|row| row.head))
}

fn take_pin(
    tx: &mut Tx<'_>,
    from: &DeviceId,
    version: u64,
    pin: &TrustPin,
) -> Result<bool, CryptoError> {
    let before = row::load(tx, &pin.user)?;
    if before
        .as_ref()
        .is_some_and(|row| (row.version, row.by) >= (version, *from))
    {
        return Ok(false);
    }
    let changed = matches!(pin.state, 3 | 4);
    let row = TrustRow {
        aik: pin.aik,
        verified: matches!(pin.state, 2 | 4),
        since: pin.since,
        changed_at: changed.then_some(pin.since),
        acknowledged: before.as_ref().is_some_and(|row| row.acknowledged),
        fork_acknowledged: before.as_ref().is_some_and(|row| row.fork_acknowledged),
        replaced: before.as_ref().is_some_and(|row| row.replaced),
        pinned_head: Some(pin.head),
        version,
        by: *from,
    };
    row::store(tx, &pin.user, &row)?;
    Ok(true)
}

/// Notes that a part came; true when all of them did.
fn note_part(tx: &mut Tx<'_>, from: &DeviceId, part: &TrustPart) -> Result<bool, CryptoError> {
    let progress: Option<Progress> = rows::load(tx, Table::Own, PARTS)?;
    let mut progress = progress
        .filter(|row| (row.version, row.by) >= (part.version, *from))
        .unwrap_or(Progress {
            version: part.version,
            by: *from,
            got: Vec::new(),
        });
    if (progress.version, progress.by) != (part.version, *from) {
        return Ok(false);
    }
    if !progress.got.contains(&part.part) {
        progress.got.push(part.part);
    }
    let complete = progress.got.len() as u64 == part.parts;
    rows::store(tx, Table::Own, PARTS, &progress)?;
    Ok(complete)
}
