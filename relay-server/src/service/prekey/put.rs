//! `PUT /keys`: the same bytes may come again, other bytes under a used number never (A18).

use std::collections::BTreeSet;

use chatty_protocol::prekey::{self, KIND_FALLBACK, KeyRecord};
use chatty_protocol::rest::{KeyCount as KeyCountBody, PutKeys};
use chatty_protocol::sign::{Key, Signed};
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use super::count::body;
use crate::service::session::signing_key;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::StoreError;
use crate::store::prekey::NewKey;

/// Largest signed key record: a ML-KEM key will fit.
const RECORD_BYTES: usize = 2_048;

/// Publishes keys of the caller's device; each is verified first (A16, A24).
pub async fn put_keys(
    app: &App,
    user: UserId,
    device: DeviceId,
    put: &PutKeys,
) -> Served<KeyCountBody> {
    if put.keys.len() > limits::KEYS_PER_UPLOAD {
        return Err(ErrorCode::TooLarge.into());
    }
    let row = app
        .store
        .device(device)
        .await?
        .ok_or(ErrorCode::UnknownDevice)?;
    let signer = signing_key(&row)?;
    let mut numbers = BTreeSet::new();
    let mut keys = Vec::with_capacity(put.keys.len());
    for bytes in &put.keys {
        let key = check(&bytes.0, &user, &device, &signer)?;
        if !numbers.insert((key.fallback, key.id)) {
            return Err(Refused::new(ErrorCode::Malformed).detail("a key number twice"));
        }
        keys.push(key);
    }
    let (max, now) = (limits::KEYS_PER_UPLOAD, app.now_ms());
    match app.store.keys_put(device, keys, max, now).await {
        Ok(count) => Ok(body(count)),
        Err(StoreError::Conflict(_)) => Err(ErrorCode::KeyReused.into()),
        Err(StoreError::TooSoon(wait_ms)) => {
            Err(Refused::rate_limited(wait_ms).detail("a third fallback key within 24 hours"))
        }
        Err(StoreError::Invalid(_)) => Err(ErrorCode::Quota.into()),
        Err(error) => Err(error.into()),
    }
}

fn check(bytes: &[u8], user: &UserId, device: &DeviceId, signer: &Key) -> Served<NewKey> {
    if bytes.len() > RECORD_BYTES {
        return Err(ErrorCode::TooLarge.into());
    }
    let signed = Signed::<KeyRecord>::from_bytes(bytes)?;
    let record = prekey::check(&signed, user, device, signer)?;
    Ok(NewKey {
        fallback: record.kind == KIND_FALLBACK,
        id: record.id,
        bytes: bytes.to_vec().into(),
    })
}
