//! Session ids: vodozemac names them in base64, the protocol by their 32 bytes.

use chatty_protocol::codec::Fixed;
use chatty_protocol::sign::Key;
use data_encoding::BASE64_NOPAD;
use vodozemac::megolm::InboundGroupSession;

use crate::error::CryptoError;

/// The 32 bytes behind a session id of vodozemac.
pub(super) fn key_of(id: &str) -> Result<Key, CryptoError> {
    BASE64_NOPAD
        .decode(id.as_bytes())
        .ok()
        .and_then(|bytes| bytes.try_into().ok())
        .map(Fixed)
        .ok_or(CryptoError::Corrupt("session id"))
}

/// Session id of an inbound session.
pub(super) fn id_of(session: &InboundGroupSession) -> Result<Key, CryptoError> {
    key_of(&session.session_id())
}
