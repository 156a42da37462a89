//! What this device signs with its own key.

use chatty_protocol::codec::{Bytes, Ext, V1, encode};
use chatty_protocol::device_log::Class;
use chatty_protocol::proof::{LoginProof, Purpose};
use chatty_protocol::sign::{SignContext, Signed, message_to_sign};
use chatty_protocol::statement::Statement;
use chatty_protocol::{limits, rest};

use super::{Standing, row};
use crate::device_log;
use crate::error::CryptoError;
use crate::rows;
use crate::tx::Tx;
use crate::view::Table;

/// Signs with this device's key for one context of the closed list.
pub(crate) fn sign(
    tx: &Tx<'_>,
    context: SignContext,
    inner: &[u8],
) -> Result<[u8; 64], CryptoError> {
    let account = row::account(tx)?;
    Ok(account.sign(message_to_sign(context, inner)).to_bytes())
}

/// Proof that this device takes part in a log-in, a refresh or a deletion: signs the relay's
/// nonce for this account's relay and no other (D2).
pub fn login_proof(
    tx: &Tx<'_>,
    nonce: &[u8],
    purpose: Purpose,
) -> Result<rest::Proof, CryptoError> {
    let own = super::own_or_fail(tx)?;
    let proof = LoginProof {
        origin: own.origin,
        nonce: Bytes(nonce.to_vec()),
        device: own.device,
        purpose: purpose.name().to_owned(),
        time: tx.now_ms,
    };
    let sig = sign(tx, SignContext::LoginProof, &encode(&proof))?;
    Ok(rest::Proof {
        nonce: rest::B64(nonce.to_vec()),
        device: own.device,
        time: tx.now_ms,
        sig: rest::B64(sig.to_vec()),
    })
}

/// A head statement, if this is a live full device and none was made for a day.
pub fn statement(tx: &mut Tx<'_>) -> Result<Option<Vec<u8>>, CryptoError> {
    if super::standing(tx)? != Standing::Live(Class::Full) {
        return Ok(None);
    }
    let last: Option<u64> = rows::load(tx, Table::Own, row::STATEMENT)?;
    if last.is_some_and(|last| tx.now_ms < last.saturating_add(limits::DAY_MS)) {
        return Ok(None);
    }
    let own = super::own_or_fail(tx)?;
    let log = device_log::get_or_fail(tx, &own.user)?;
    let inner = encode(&Statement {
        version: V1,
        user: own.user,
        device: own.device,
        head: log.head,
        epoch: log.epoch,
        time: tx.now_ms,
        ext: Ext::default(),
    });
    let signature = sign(tx, SignContext::HeadStatement, &inner)?;
    let now = tx.now_ms;
    rows::store(tx, Table::Own, row::STATEMENT, &now)?;
    Ok(Some(
        Signed::<Statement>::from_parts(inner, signature).to_bytes(),
    ))
}
