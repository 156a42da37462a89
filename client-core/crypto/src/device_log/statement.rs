//! Head statements of others (protocol.md §8): a second, dated word on how long a device log is.

use chatty_protocol::UserId;
use chatty_protocol::device_log::Class;
use chatty_protocol::limits;
use chatty_protocol::sign::{SignContext, Signed};
use chatty_protocol::statement::Statement;

use crate::error::CryptoError;
use crate::tx::Tx;

/// What a statement says about the log that is known here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stated {
    /// Not long ago the log was as it is known here, or shorter.
    Fresh,
    /// The same, but the statement is older than a week by the own clock.
    Stale,
    /// It names entries that are not known here: fetch the log.
    Ahead,
    /// Not signed by a full device of this account, or about something else.
    Invalid,
}

/// Judges a statement that the relay gave for `user`. Its time is a claim of the signer: a device
/// that lies about it can only make its own account look fresh.
pub fn check_statement(tx: &Tx<'_>, user: &UserId, bytes: &[u8]) -> Result<Stated, CryptoError> {
    let signed: Signed<Statement> = match Signed::from_bytes(bytes) {
        Ok(signed) => signed,
        Err(_) => return Ok(Stated::Invalid),
    };
    let Ok(statement) = signed.open() else {
        return Ok(Stated::Invalid);
    };
    if statement.user != *user || statement.ext.has_critical() {
        return Ok(Stated::Invalid);
    }
    let Some(log) = super::get(tx, user)? else {
        return Ok(Stated::Ahead);
    };
    let Some(record) = log.devices.get(&statement.device) else {
        // A device that joined after what is known here may have signed it.
        let newer = statement.head.seq > log.head.seq;
        return Ok(if newer {
            Stated::Ahead
        } else {
            Stated::Invalid
        });
    };
    if !signed.verified_by(&record.ed25519, SignContext::HeadStatement) {
        return Ok(Stated::Invalid);
    }
    let Some(at) = log.position(&statement.head) else {
        return Ok(Stated::Ahead);
    };
    let full = record.class_at(at) == Class::Full && log.live_at(&statement.device, at).is_some();
    if !full {
        return Ok(Stated::Invalid);
    }
    let until = statement.time.saturating_add(limits::STATEMENT_STALE_MS);
    Ok(if tx.now_ms > until {
        Stated::Stale
    } else {
        Stated::Fresh
    })
}
