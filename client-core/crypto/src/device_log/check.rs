//! Comparing heads: what the relay claims, what a contact saw (A3).

use chatty_protocol::UserId;
use chatty_protocol::sign::Head;

use super::row;
use crate::error::CryptoError;
use crate::tx::Tx;
use crate::{identity, trust};

/// What to do about a head that the relay named by numbers only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// Nothing new.
    Current,
    /// Fetch this branch from this number.
    Fetch {
        /// Branch.
        branch: u64,
        /// First number wanted.
        from: u64,
    },
    /// Older than what is pinned: refused, shown, nothing is taken back.
    Rollback,
}

/// Compares a row of `POST /users/heads`.
pub fn check_claim(
    tx: &Tx<'_>,
    user: &UserId,
    branch: u64,
    seq: u64,
) -> Result<Claim, CryptoError> {
    // What an own full device had seen is a pin as well.
    let floor = trust::pinned_seq(tx, user)?.unwrap_or(0);
    let Some(row) = row::load(tx, user)? else {
        return Ok(if branch == 0 && seq < floor {
            Claim::Rollback
        } else {
            Claim::Fetch { branch, from: 0 }
        });
    };
    let head = row.log.head.seq;
    Ok(if branch > row.log.branch || row.forked_at.is_some() {
        Claim::Fetch { branch, from: 0 }
    } else if branch < row.log.branch || seq < head || (branch == 0 && seq < floor) {
        Claim::Rollback
    } else if seq == head {
        Claim::Current
    } else {
        Claim::Fetch {
            branch,
            from: head + 1,
        }
    })
}

/// How a head relates to what is pinned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadCheck {
    /// At or below the pin, on this branch or one that was left: judge at this number.
    Known(u64),
    /// Above the pin, or the log is not known: fetch first.
    Ahead,
    /// Another history: ask for evidence, apply nothing.
    Diverged,
}

/// Compares a head that somebody signed or sent inside Olm or Megolm.
pub fn check_head(tx: &Tx<'_>, user: &UserId, head: &Head) -> Result<HeadCheck, CryptoError> {
    let Some(log) = super::get(tx, user)? else {
        return Ok(HeadCheck::Ahead);
    };
    Ok(match log.position(head) {
        Some(at) => HeadCheck::Known(at),
        None if head.seq > log.head.seq => HeadCheck::Ahead,
        None => HeadCheck::Diverged,
    })
}

/// What `your head` in a conv.key says about how others see this account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gossip {
    /// They see what we see.
    Same,
    /// They are behind, harmlessly.
    Behind,
    /// They are behind a revoke: the removed device may have got the message.
    BehindRevoke,
    /// They know entries that we do not: fetch the own log; on a restored device an alarm.
    Ahead,
    /// Same number, other hash: the relay shows two histories; ask for evidence (type 13).
    Fork,
}

/// Compares the own device-log head with the one that a contact believes in.
pub fn gossip(tx: &Tx<'_>, head: &Head) -> Result<Gossip, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let Some(row) = row::load(tx, &own.user)? else {
        return Ok(Gossip::Ahead);
    };
    let log = row.log;
    if log.head == *head {
        return Ok(Gossip::Same);
    }
    Ok(match log.position(head) {
        Some(at) => {
            let revoked = log.devices.values().filter_map(|record| record.revoked);
            match revoked.map(|(at, _)| at).max() {
                Some(newest) if at < newest => Gossip::BehindRevoke,
                _ => Gossip::Behind,
            }
        }
        None if head.seq > log.head.seq => Gossip::Ahead,
        None => Gossip::Fork,
    })
}
