//! Login-proofs: a live device signed a nonce of this very relay, for this very purpose (D2).

use chatty_protocol::certificate::{self, Certificate};
use chatty_protocol::codec::Bytes;
use chatty_protocol::proof::{self, LoginProof, Purpose};
use chatty_protocol::rest::Proof;
use chatty_protocol::sign::{Key, Signed};
use chatty_protocol::{ErrorCode, limits};

use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::device::{DeviceRow, DeviceState};

/// The live device that made the proof. The nonce is used up, whatever comes out.
pub async fn prove(app: &App, proof: &Proof, purpose: Purpose) -> Served<DeviceRow> {
    let now = app.now_ms();
    let fresh = app.cache.take_nonce(&proof.nonce.0, now).await;
    let row = app.store.device(proof.device).await?;
    let row = row
        .filter(|row| fresh && is_usable(row, now))
        .ok_or(ErrorCode::ProofRequired)?;
    let key = signing_key(&row)?;
    let signed = LoginProof {
        origin: app.origin.clone(),
        nonce: Bytes(proof.nonce.0.clone()),
        device: proof.device,
        purpose: purpose.name().to_owned(),
        time: proof.time,
    };
    let signature: [u8; 64] = proof
        .sig
        .0
        .as_slice()
        .try_into()
        .map_err(|_| ErrorCode::ProofRequired)?;
    if !proof::verified(&signed, &key, &signature) {
        return Err(ErrorCode::ProofRequired.into());
    }
    Ok(row)
}

/// Live in the log and not past its expiry.
pub fn is_usable(row: &DeviceRow, now_ms: u64) -> bool {
    let end = row.expires.saturating_add(limits::EXPIRY_GRACE_MS);
    row.state == DeviceState::Live && (row.expires == 0 || now_ms <= end)
}

/// Signing key of a device, from the certificate that the log holds.
pub fn signing_key(row: &DeviceRow) -> Served<Key> {
    let signed = Signed::<Certificate>::from_bytes(&row.cert)?;
    let checked = certificate::check(&signed).map_err(|_| {
        // The log took it, so the stored bytes are damaged.
        Refused::new(ErrorCode::Internal)
    })?;
    Ok(checked.certificate.ed25519)
}
