//! Bodies that wait until something can be encrypted to their device.

use std::collections::BTreeSet;

use chatty_crypto::CryptoError;
use chatty_crypto::content::to_device::ToDeviceBody;
use chatty_crypto::olm::{self, Peer};
use chatty_protocol::codec::Any;
use chatty_protocol::limits;

use super::{claim, items};
use crate::engine::{Context, Fault, Work};
use crate::store::body::{self, BodyOut};

/// Bodies of one round.
const AT_ONCE: usize = 256;

/// When a kept body is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// As soon as there is a session; one is made if there is none.
    Session,
    /// On a session that is made for it.
    NewSession,
    /// When the pins of this account are here: before that nobody else is written to.
    Pins,
}

/// Keeps a body; it leaves by itself.
pub fn keep(work: &mut Work<'_>, to: &Peer, said: &ToDeviceBody, when: When) -> Result<(), Fault> {
    let waiting = BodyOut {
        id: 0,
        user: to.user,
        device: to.device,
        kind: said.kind(),
        body: said.to_body().0,
        fresh: when == When::NewSession,
        tries: 0,
        not_before_ms: if when == When::Pins {
            body::ON_EVENT
        } else {
            0
        },
        until_ms: work.now_ms().saturating_add(limits::INBOX_MS),
    };
    Ok(body::push(work.db, &waiting)?)
}

/// Makes the sessions that bodies wait for, and encrypts these. What cannot be sent now is put
/// off, so every round ends.
pub async fn send_due(context: &Context) -> Result<(), Fault> {
    let now = context.platform.now_ms();
    let mut due = context.read(|db| body::due(db, now, AT_ONCE))?;
    let wanted = context.input(|work| without_session(work, &due))?;
    crate::kill_point!("items.waiting");
    match claim::claim(context, &wanted).await {
        Ok((tried, wait)) => {
            let untried = &wanted[tried..];
            due.retain(|row| !untried.iter().any(|peer| peer.device == row.device));
            if due.is_empty() {
                context.platform.sleep(wait).await;
            }
        }
        Err(fault) if fault.is_network() || fault.is_local() => return Err(fault),
        Err(fault) => tracing::info!(%fault, "bodies wait for sessions"),
    }
    let mut put_off = BTreeSet::new();
    context.batch(|batch| {
        for row in due {
            if put_off.contains(&row.device) {
                continue;
            }
            match batch.input(|work| send(work, &row)) {
                Ok(()) => {}
                Err(Fault::Crypto(CryptoError::NoSession(device))) => {
                    let at = now.saturating_add(wait_ms(row.tries));
                    batch.input(|work| Ok(body::put_off(work.db, &device, at)?))?;
                    put_off.insert(device);
                }
                Err(fault) if fault.is_local() => return Err(fault),
                Err(fault) => {
                    tracing::debug!(device = %row.device, %fault, "a body is not sent");
                    batch.input(|work| Ok(body::remove(work.db, row.id)?))?;
                }
            }
        }
        Ok(())
    })
}

/// Devices of these bodies for which a key must be claimed.
fn without_session(work: &mut Work<'_>, due: &[BodyOut]) -> Result<Vec<Peer>, Fault> {
    let peer = |row: &BodyOut| Peer {
        user: row.user,
        device: row.device,
    };
    let all: BTreeSet<Peer> = due.iter().map(peer).collect();
    let all: Vec<Peer> = all.into_iter().collect();
    let mut wanted: BTreeSet<Peer> = olm::missing_sessions(&mut work.crypto, &all)?
        .into_iter()
        .collect();
    wanted.extend(due.iter().filter(|row| row.fresh).map(peer));
    Ok(wanted.into_iter().collect())
}

fn send(work: &mut Work<'_>, row: &BodyOut) -> Result<(), Fault> {
    let to = Peer {
        user: row.user,
        device: row.device,
    };
    let said = ToDeviceBody::from_body(row.kind, &Any(row.body.clone()))
        .map_err(|_| Fault::Bug("a body of ours does not decode"))?;
    items::encrypt(work, &to, &said, None)?;
    Ok(body::remove(work.db, row.id)?)
}

/// Claims for one device are few: each try waits twice as long as the one before.
fn wait_ms(tries: u64) -> u64 {
    (limits::MINUTE_MS << tries.min(6)).min(limits::HOUR_MS)
}
