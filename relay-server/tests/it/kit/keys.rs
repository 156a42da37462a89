//! One-time and fallback keys of simulated devices.

use chatty_protocol::SUITE_1;
use chatty_protocol::codec::{Bytes, Ext, V1, encode};
use chatty_protocol::prekey::{KIND_FALLBACK, KIND_ONE_TIME, KeyRecord};
use chatty_protocol::rest::{B64, ClaimKeys, ClaimTarget, PutKeys};
use chatty_protocol::sign::SignContext;
use reqwest::Method;

use super::person::{Device, agreement_key, sign};
use super::relay::TestRelay;
use super::rest::Answer;

/// An unsigned record.
pub fn record(device: &Device, kind: u64, id: u64, public: [u8; 32]) -> KeyRecord {
    KeyRecord {
        version: V1,
        suite: SUITE_1,
        user: device.user,
        device: device.id,
        kind,
        id,
        public: Bytes(public.to_vec()),
        created: 1_700_000_000_000,
        ext: Ext::default(),
    }
}

/// Signs a record in the context of its kind.
pub fn signed(device: &Device, record: &KeyRecord) -> B64 {
    let fallback = record.kind == KIND_FALLBACK;
    let context = if fallback {
        SignContext::Fallback
    } else {
        SignContext::Otk
    };
    sign::<KeyRecord>(&device.key, context, encode(record))
        .to_bytes()
        .into()
}

/// A one-time key.
pub fn one_time(device: &Device, id: u64) -> B64 {
    signed(
        device,
        &record(device, KIND_ONE_TIME, id, agreement_key().0),
    )
}

/// A fallback key.
pub fn fallback(device: &Device, id: u64) -> B64 {
    signed(
        device,
        &record(device, KIND_FALLBACK, id, agreement_key().0),
    )
}

pub async fn put(relay: &TestRelay, device: &Device, keys: Vec<B64>) -> Answer {
    let body = PutKeys { keys };
    relay
        .call(Method::PUT, "/keys", &device.access_token, Some(&body))
        .await
}

pub async fn claim(relay: &TestRelay, by: &Device, claim_id: u8, targets: &[&Device]) -> Answer {
    let targets = targets.iter().map(|target| ClaimTarget {
        user: target.user,
        device: target.id,
    });
    let body = ClaimKeys {
        claim_id: vec![claim_id; 16].into(),
        targets: targets.collect(),
    };
    relay.post(by, "/keys/claim", &body).await
}
