//! New Olm sessions from claimed keys. A claim is durable before it leaves: a crash after the relay
//! gave its keys away repeats it under the same id and gets the same ones.

use chatty_crypto::olm::{self, ClaimError, Peer};
use chatty_protocol::codec::{Bytes, decode_exact, encode};
use chatty_protocol::rest::{B64, ClaimKeys, ClaimTarget, ClaimedKeys};
use chatty_protocol::{DeviceId, UserId, limits};

use crate::engine::{Batch, Context, Fault, Work};
use crate::store::meta;
use crate::sync::session;

/// Name of the blob with the claim whose answer was not taken in yet.
const OPEN: &str = "claim-open";
/// The relay forgets a claim after [`limits::CLAIM_REPEAT_MS`]; clocks and ways differ.
const REPEAT_MS: u64 = limits::CLAIM_REPEAT_MS - limits::MINUTE_MS;

/// A claim as it is stored: its id, when it was made (Unix ms), for whom.
type Stored = (Bytes, u64, Vec<(UserId, DeviceId)>);

/// A claim that was sent, or is about to be.
struct Open {
    id: Vec<u8>,
    peers: Vec<Peer>,
}

/// Claims keys for as many of these devices as may be had now, and makes a session where one
/// came. A device without a key stays without a session; the caller decides what that means.
/// Returns how many were tried, from the first on, and the wait before more may be.
pub async fn claim(context: &Context, devices: &[Peer]) -> Result<(usize, u64), Fault> {
    // One at a time: what is found open below is left over from a life before.
    let _turn = context.claiming.lock().await;
    let had = match left_over(context)? {
        Some(open) => finish(context, open).await?,
        None => Vec::new(),
    };
    let now = context.platform.monotonic_ms();
    let wanted = devices.len().min(limits::CLAIM_TARGETS);
    let (tried, wait) = context.pace.borrow_mut().take(wanted, now);
    let some: Vec<Peer> = devices[..tried]
        .iter()
        .copied()
        .filter(|peer| !had.contains(peer))
        .collect();
    if !some.is_empty() {
        let open = begin(context, some)?;
        crate::kill_point!("claim.before-post");
        finish(context, open).await?;
    }
    Ok((tried, wait))
}

/// A claim that was cut off and that the relay still knows.
fn left_over(context: &Context) -> Result<Option<Open>, Fault> {
    let bytes = context.read(|db| meta::blob(db, OPEN))?;
    let stored: Option<Stored> = bytes.and_then(|bytes| decode_exact(&bytes).ok());
    let now = context.platform.now_ms();
    Ok(stored
        .filter(|(_, at_ms, _)| *at_ms <= now && now - at_ms < REPEAT_MS)
        .map(|(id, _, targets)| Open {
            id: id.0,
            peers: targets
                .into_iter()
                .map(|(user, device)| Peer { user, device })
                .collect(),
        }))
}

fn begin(context: &Context, peers: Vec<Peer>) -> Result<Open, Fault> {
    let id = context.random::<16>().to_vec();
    let targets = peers.iter().map(|peer| (peer.user, peer.device)).collect();
    let stored: Stored = (Bytes(id.clone()), context.platform.now_ms(), targets);
    context.input(|work| Ok(meta::set_blob(work.db, OPEN, Some(&encode(&stored)))?))?;
    Ok(Open { id, peers })
}

fn end(work: &mut Work<'_>) -> Result<(), Fault> {
    Ok(meta::set_blob(work.db, OPEN, None)?)
}

/// Asks for the keys and makes the sessions; for whom it was.
async fn finish(context: &Context, open: Open) -> Result<Vec<Peer>, Fault> {
    let target = |peer: &Peer| ClaimTarget {
        user: peer.user,
        device: peer.device,
    };
    let body = ClaimKeys {
        claim_id: B64(open.id),
        targets: open.peers.iter().map(target).collect(),
    };
    let answer = match session::with(context, async |rest| rest.claim(&body).await).await {
        Ok(answer) => answer,
        Err(fault) => {
            // What was refused for good gave no key away.
            if fault.code().is_some() && !fault.is_passing() {
                context.input(end)?;
            }
            return Err(fault);
        }
    };
    crate::kill_point!("claim.answered");
    context.batch(|batch| {
        sessions(batch, &open.peers, &answer)?;
        batch.input(end)
    })?;
    Ok(open.peers)
}

fn sessions(batch: &mut Batch<'_>, peers: &[Peer], answer: &ClaimedKeys) -> Result<(), Fault> {
    for (peer, given) in peers.iter().zip(&answer.keys) {
        if given.device != peer.device {
            return Err(Fault::BadRelay("claimed keys in another order"));
        }
        let record = given.key.as_ref().map(|key| key.0.as_slice());
        let made = batch.input(|work| match olm::claimed(&mut work.crypto, peer, record) {
            Err(ClaimError::Crypto(error)) => Err(error.into()),
            other => Ok(other),
        })?;
        if let Err(why) = made {
            tracing::info!(device = %peer.device, %why, code = ?given.code, "no session");
        }
    }
    Ok(())
}
