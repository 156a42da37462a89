//! Entries that this device signs.

use chatty_protocol::codec::{Ext, Fixed, encode};
use chatty_protocol::conversation_log::{
    ConvEntry, ConvOp, ConvState, Mode, Policy, Status, propose, propose_create,
};
use chatty_protocol::device_log::Class;
use chatty_protocol::sign::{SignContext, Signed, ZERO_HASH};
use chatty_protocol::{ConvId, UserId};

use super::row;
use crate::device_log;
use crate::error::CryptoError;
use crate::identity::{self, Own};
use crate::tx::Tx;

/// A signed entry to give to the relay. It counts, here too, only after
/// [`apply`](super::apply) took it in its accepted place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// Conversation.
    pub conv: ConvId,
    /// Signed bytes.
    pub bytes: Vec<u8>,
    /// Its number: `expect_seq`.
    pub seq: u64,
}

/// The create entry of the direct conversation with `peer`, or of notes to self.
pub fn create_direct(tx: &mut Tx<'_>, peer: &UserId) -> Result<NewEntry, CryptoError> {
    let own = ready(tx)?;
    let conv = ConvId::of_direct(&own.user, peer, &own.origin);
    if row::load(tx, &conv)?.is_some() {
        return Err(CryptoError::NotAllowed("the conversation exists"));
    }
    let mut users = vec![own.user.min(*peer), own.user.max(*peer)];
    users.dedup();
    let op = ConvOp::Create {
        mode: Mode::Direct,
        nonce: Fixed(tx.random()),
        origin: own.origin.clone(),
        users,
        policy: Policy::default(),
    };
    create(tx, &own, op)
}

/// The create entry of a new group with this policy; the creator is its admin.
pub fn create_group(tx: &mut Tx<'_>, policy: Policy) -> Result<NewEntry, CryptoError> {
    let own = ready(tx)?;
    let op = ConvOp::Create {
        mode: Mode::Group,
        nonce: Fixed(tx.random()),
        origin: own.origin.clone(),
        users: Vec::new(),
        policy,
    };
    create(tx, &own, op)
}

/// Signs an operation on the newest verified entry. What the rule would refuse is refused here.
/// After a lost race apply the winner, then decide anew whether the operation still makes sense.
pub fn entry(tx: &mut Tx<'_>, conv: &ConvId, op: ConvOp) -> Result<NewEntry, CryptoError> {
    let own = ready(tx)?;
    super::require_usable(tx, conv)?;
    let mut row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    let log = device_log::get_or_fail(tx, &own.user)?;
    let full = log
        .live(&own.device)
        .is_some_and(|record| record.class == Class::Full);
    let after = propose(&row.state, &own.user, &op, full)?;
    if let ConvOp::Remove { user, .. } = &op
        && !row.removing.contains(user)
    {
        row.removing.push(*user);
        row::store(tx, conv, &row)?;
    }
    let seq = row.state.head.seq + 1;
    let prev = row.state.head.hash;
    let inner = inner_of(tx, &own, Some(*conv), seq, prev, op, &after)?;
    sign(tx, *conv, inner, seq)
}

/// The `join` that accepts the open invite of this user.
pub fn join(tx: &mut Tx<'_>, conv: &ConvId) -> Result<NewEntry, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let state = super::state_or_fail(tx, conv)?;
    let invite_seq = state
        .member(&own.user)
        .filter(|member| member.status == Status::Invited)
        .map(|member| member.invited_seq)
        .ok_or(CryptoError::NotAllowed("no open invite"))?;
    entry(tx, conv, ConvOp::Join { invite_seq })
}

/// A removal that this device signed will not be tried any more: the user gets keys again.
pub fn abandon(tx: &mut Tx<'_>, conv: &ConvId, user: &UserId) -> Result<(), CryptoError> {
    let mut row = row::load(tx, conv)?.ok_or(CryptoError::UnknownConversation(*conv))?;
    row.removing.retain(|removing| removing != user);
    row::store(tx, conv, &row)
}

/// A live device that has its pins; before that it first-contacts nobody.
fn ready(tx: &Tx<'_>) -> Result<Own, CryptoError> {
    let own = identity::require_live(tx)?;
    if !own.pins_stored {
        return Err(CryptoError::NotAllowed("pins are not stored yet"));
    }
    Ok(own)
}

fn create(tx: &mut Tx<'_>, own: &Own, op: ConvOp) -> Result<NewEntry, CryptoError> {
    let after = propose_create(&own.user, &op)?;
    let direct = after.mode == Mode::Direct;
    let inner = inner_of(tx, own, None, 0, ZERO_HASH, op, &after)?;
    let conv = if direct {
        after.conv
    } else {
        ConvId::of_group(&inner)
    };
    sign(tx, conv, inner, 0)
}

fn inner_of(
    tx: &Tx<'_>,
    own: &Own,
    conv: Option<ConvId>,
    seq: u64,
    prev: chatty_protocol::sign::Hash32,
    op: ConvOp,
    after: &ConvState,
) -> Result<Vec<u8>, CryptoError> {
    Ok(encode(&ConvEntry {
        conv,
        seq,
        prev,
        op,
        time: tx.now_ms,
        actor: own.user,
        device: own.device,
        actor_head: device_log::get_or_fail(tx, &own.user)?.head,
        state: after.state_hash(),
        ext: Ext::default(),
    }))
}

fn sign(tx: &Tx<'_>, conv: ConvId, inner: Vec<u8>, seq: u64) -> Result<NewEntry, CryptoError> {
    let signature = identity::sign(tx, SignContext::ConvLog, &inner)?;
    let signed: Signed<ConvEntry> = Signed::from_parts(inner, signature);
    Ok(NewEntry {
        conv,
        bytes: signed.to_bytes(),
        seq,
    })
}
