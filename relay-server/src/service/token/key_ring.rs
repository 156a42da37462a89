//! Signing keys by `kid`: the newest signs, older ones verify until their last token is over.

use chatty_protocol::limits;
use data_encoding::BASE64URL_NOPAD;
use ed25519_dalek::SigningKey;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use zeroize::Zeroizing;

use super::jwt::{self, Claims, TokenError};
use crate::clock::{RandomError, SharedRandom};

/// A signing key is replaced after this time.
const ROTATE_MS: u64 = 30 * limits::DAY_MS;
/// Clocks of two nodes may differ by this much, seconds.
const LEEWAY_S: u64 = 5;

/// One signing key as it is stored.
pub struct RingKey {
    /// Name in the token's header.
    pub kid: String,
    /// Ed25519 seed.
    pub seed: Zeroizing<[u8; 32]>,
    /// When it was made, Unix ms.
    pub made_ms: u64,
}

/// Bytes of one stored key: kid, seed, time.
const STORED: usize = 8 + 32 + 8;

/// All keys whose tokens may still live, oldest first.
pub struct KeyRing {
    keys: Vec<RingKey>,
}

impl KeyRing {
    /// A ring without keys; [`Self::rotate`] gives it one.
    pub fn empty() -> Self {
        jwt::install();
        Self { keys: Vec::new() }
    }

    /// Reads what [`Self::to_bytes`] wrote; damaged bytes give an empty ring, which only signs
    /// everybody in again.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let mut ring = Self::empty();
        for chunk in bytes.chunks_exact(STORED) {
            let mut seed = Zeroizing::new([0; 32]);
            seed.copy_from_slice(&chunk[8..40]);
            let made = chunk[40..]
                .iter()
                .fold(0, |n, byte| (n << 8) | u64::from(*byte));
            ring.keys.push(RingKey {
                kid: BASE64URL_NOPAD.encode(&chunk[..8]),
                seed,
                made_ms: made,
            });
        }
        ring
    }

    /// For the store. Secret.
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(self.keys.len() * STORED));
        for key in &self.keys {
            let kid = BASE64URL_NOPAD
                .decode(key.kid.as_bytes())
                .unwrap_or_default();
            out.extend_from_slice(&kid);
            out.extend_from_slice(&*key.seed);
            out.extend_from_slice(&key.made_ms.to_be_bytes());
        }
        out
    }

    /// Makes a new key when one is due and forgets those whose tokens are all over. Says whether
    /// the ring changed and has to be stored.
    pub fn rotate(&mut self, now_ms: u64, random: &SharedRandom) -> Result<bool, RandomError> {
        let due = self
            .keys
            .last()
            .is_none_or(|key| now_ms >= key.made_ms.saturating_add(ROTATE_MS));
        if !due {
            return Ok(false);
        }
        // A key signed its last token when its successor was made.
        let alive_ms = limits::ACCESS_TOKEN_MS + LEEWAY_S * limits::SECOND_MS;
        let made: Vec<u64> = self.keys.iter().map(|key| key.made_ms).collect();
        let mut index = 0;
        self.keys.retain(|_| {
            index += 1;
            made.get(index)
                .is_none_or(|next| now_ms < next.saturating_add(alive_ms))
        });
        self.keys.push(RingKey {
            kid: BASE64URL_NOPAD.encode(&random.bytes::<8>()?),
            seed: Zeroizing::new(random.bytes::<32>()?),
            made_ms: now_ms,
        });
        Ok(true)
    }

    /// Signs the claims with the newest key.
    pub fn sign(&self, claims: &Claims) -> Result<String, TokenError> {
        let key = self.keys.last().ok_or(TokenError::Invalid)?;
        let mut header = Header::new(Algorithm::EdDSA);
        header.kid = Some(key.kid.clone());
        let secret = EncodingKey::from_ed_der(&*key.seed);
        jsonwebtoken::encode(&header, claims, &secret).map_err(|_| TokenError::Invalid)
    }

    /// Checks signature, algorithm, issuer, audience and times.
    pub fn verify(&self, token: &str, origin: &str, now_ms: u64) -> Result<Claims, TokenError> {
        let header = jsonwebtoken::decode_header(token).map_err(|_| TokenError::Invalid)?;
        let kid = header.kid.ok_or(TokenError::Invalid)?;
        let key = self.keys.iter().find(|key| key.kid == kid);
        let key = key.ok_or(TokenError::Invalid)?;
        let public = SigningKey::from_bytes(&key.seed).verifying_key();
        let mut rules = Validation::new(Algorithm::EdDSA);
        rules.set_issuer(&[origin]);
        rules.set_audience(&[origin]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // Times are judged below by the relay's own clock, which tests can set.
        rules.validate_exp = false;
        let data = jsonwebtoken::decode::<Claims>(
            token,
            &DecodingKey::from_ed_der(public.as_bytes()),
            &rules,
        )
        .map_err(|_| TokenError::Invalid)?;
        judge_times(&data.claims, now_ms / limits::SECOND_MS)?;
        Ok(data.claims)
    }
}

fn judge_times(claims: &Claims, now_s: u64) -> Result<(), TokenError> {
    let life = claims.exp.checked_sub(claims.iat);
    let too_long = life.is_none_or(|s| s > limits::ACCESS_TOKEN_MS / limits::SECOND_MS);
    if too_long || claims.nbf > now_s + LEEWAY_S || claims.iat > now_s + LEEWAY_S {
        return Err(TokenError::Invalid);
    }
    if claims.exp <= now_s {
        return Err(TokenError::Expired);
    }
    Ok(())
}
