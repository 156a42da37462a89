//! New Olm sessions from claimed keys.

use chatty_crypto::olm::{self, ClaimError, Peer};
use chatty_protocol::limits;
use chatty_protocol::rest::{B64, ClaimKeys, ClaimTarget};

use crate::engine::{Context, Fault};
use crate::sync::session;

/// Claims keys for as many of these devices as may be had now, and makes a session where one
/// came. A device without a key stays without a session; the caller decides what that means.
/// Returns how many were tried, from the first on, and the wait before more may be.
pub async fn claim(context: &Context, devices: &[Peer]) -> Result<(usize, u64), Fault> {
    let now = context.platform.monotonic_ms();
    let wanted = devices.len().min(limits::CLAIM_TARGETS);
    let (tried, wait) = context.pace.borrow_mut().take(wanted, now);
    if tried > 0 {
        let some = &devices[..tried];
        let body = ClaimKeys {
            claim_id: B64(context.random::<16>().to_vec()),
            targets: some
                .iter()
                .map(|peer| ClaimTarget {
                    user: peer.user,
                    device: peer.device,
                })
                .collect(),
        };
        let answer = session::with(context, async |rest| rest.claim(&body).await).await?;
        crate::kill_point!("claim.answered");
        context.batch(|batch| {
            for (peer, given) in some.iter().zip(&answer.keys) {
                if given.device != peer.device {
                    return Err(Fault::BadRelay("claimed keys in another order"));
                }
                let record = given.key.as_ref().map(|key| key.0.as_slice());
                let made =
                    batch.input(|work| match olm::claimed(&mut work.crypto, peer, record) {
                        Err(ClaimError::Crypto(error)) => Err(error.into()),
                        other => Ok(other),
                    })?;
                if let Err(why) = made {
                    tracing::info!(device = %peer.device, %why, code = ?given.code, "no session");
                }
            }
            Ok(())
        })?;
    }
    Ok((tried, wait))
}
