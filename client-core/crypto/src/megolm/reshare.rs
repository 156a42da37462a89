//! A device lost its Olm session, and with it perhaps keys that were on their way.

use chatty_protocol::ConvId;

use super::row::{OutboundRow, ShareState, SharedRow, load_or};
use super::share;
use crate::content::to_device::ToDeviceBody;
use crate::error::CryptoError;
use crate::olm::Peer;
use crate::tx::Tx;
use crate::view::Table;
use crate::{conversation, identity, rows};

/// The present keys that this device had given to `to`, to be given again: own sessions only,
/// from the index at which it was entitled, and only where it still is. Older generations are
/// left to its key requests.
pub(crate) fn reshare(tx: &Tx<'_>, to: &Peer) -> Result<Vec<ToDeviceBody>, CryptoError> {
    let own = identity::own_or_fail(tx)?;
    let mut bodies = Vec::new();
    for key in tx.scan(Table::Shared, &[ConvId::TAG])?.into_keys() {
        let Some((conv, device)) = key.split_at_checked(ConvId::LEN) else {
            continue;
        };
        if device != to.device.as_ref() {
            continue;
        }
        let conv = ConvId::from_slice(conv).map_err(|_| CryptoError::Corrupt("shared key"))?;
        let Some(shared) = rows::load::<SharedRow>(tx, Table::Shared, &key)? else {
            continue;
        };
        let row: OutboundRow = load_or(tx, Table::Outbound, conv.as_ref())?;
        let present = row.current.map(|current| current.generation);
        if shared.state != ShareState::Given
            || present != Some(shared.generation)
            || conversation::require_usable(tx, &conv).is_err()
            || !conversation::is_recipient(tx, &conv, to)?
        {
            continue;
        }
        let state = conversation::state_or_fail(tx, &conv)?;
        if !state.may_send(&own.user) {
            continue;
        }
        let body = share::body_for(tx, &own, &state, to, &shared, shared.generation)?;
        bodies.extend(body.map(ToDeviceBody::ConvKey));
    }
    Ok(bodies)
}
