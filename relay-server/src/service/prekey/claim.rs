//! `POST /keys/claim`: whom the claimer may reach decides what it gets (A17).

use chatty_protocol::rest::{ClaimKeys, ClaimedKey, ClaimedKeys};
use chatty_protocol::sign::sha256;
use chatty_protocol::{DeviceId, ErrorCode, UserId, limits};

use crate::cache::{Rate, RateKind};
use crate::notice::Notice;
use crate::service::session::is_usable;
use crate::service::{Refused, Served};
use crate::state::App;
use crate::store::account::Spent;
use crate::store::conversation::Relation;
use crate::store::prekey::{ClaimTarget, Claimed, KeyCount};

/// Claims of one claimer for one device: all come back in an hour, one every ten minutes.
const PAIR_RATE: Rate = Rate {
    burst: limits::CLAIM_BURST,
    window_ms: limits::CLAIM_REFILL_MS * limits::CLAIM_BURST as u64,
};

/// Who claims.
#[derive(Debug, Clone, Copy)]
pub struct Claimer {
    /// Account.
    pub user: UserId,
    /// Device.
    pub device: DeviceId,
}

/// One key per target, or why none. The same claim again gives the same keys.
pub async fn claim(app: &App, claimer: Claimer, body: &ClaimKeys) -> Served<ClaimedKeys> {
    let wrong_id = || Refused::new(ErrorCode::Malformed).detail("claim_id has 16 bytes");
    let claim_id: [u8; 16] = body
        .claim_id
        .0
        .as_slice()
        .try_into()
        .map_err(|_| wrong_id())?;
    if body.targets.len() > limits::CLAIM_TARGETS {
        return Err(ErrorCode::TooLarge.into());
    }
    if body.targets.is_empty() {
        return Err(ErrorCode::Malformed.into());
    }
    let now = app.now_ms();
    let fresh = is_fresh(app, claimer, body).await;
    let users = body.targets.iter().map(|target| target.user).collect();
    let relations = app.store.relations(claimer.user, users).await?;
    let mut rows = Vec::with_capacity(body.targets.len());
    let mut granted = Vec::new();
    for (target, relation) in body.targets.iter().zip(relations) {
        let verdict = judge(app, claimer, target.user, target.device, relation, fresh).await?;
        if let Ok(target) = verdict {
            granted.push(target);
        }
        rows.push((target.device, verdict.err()));
    }
    let since = now.saturating_sub(limits::CLAIM_REPEAT_MS);
    let claimed = app
        .store
        .claim(claimer.device, claim_id, granted, now, since);
    let mut claimed = claimed.await?.into_iter();
    let keys = rows.into_iter().map(|(device, refusal)| match refusal {
        Some(code) => refused(device, code),
        None => given(app, device, claimed.next()),
    });
    Ok(ClaimedKeys {
        keys: keys.collect(),
    })
}

/// Whether this very claim was not seen in the last ten minutes; a repeat costs no budget.
async fn is_fresh(app: &App, claimer: Claimer, body: &ClaimKeys) -> bool {
    let mut bytes = claimer.device.as_ref().to_vec();
    bytes.extend_from_slice(&body.claim_id.0);
    for target in &body.targets {
        bytes.extend_from_slice(target.user.as_ref());
        bytes.extend_from_slice(target.device.as_ref());
    }
    let once = Rate {
        burst: 1,
        window_ms: limits::CLAIM_REPEAT_MS,
    };
    let key = sha256(&bytes).0;
    let spent = app
        .cache
        .spend(RateKind::ClaimId, &key, 1, once, app.now_ms());
    spent.await.is_ok()
}

async fn judge(
    app: &App,
    claimer: Claimer,
    user: UserId,
    device: DeviceId,
    relation: Relation,
    fresh: bool,
) -> Served<Result<ClaimTarget, ErrorCode>> {
    let fallback_only = match relation {
        Relation::Own | Relation::Contact | Relation::CoMember => false,
        Relation::Ticket => true,
        Relation::None => return Ok(Err(ErrorCode::ClaimRefused)),
    };
    let row = app.store.device(device).await?;
    let Some(row) = row.filter(|row| row.user == user && device != claimer.device) else {
        return Ok(Err(ErrorCode::UnknownDevice));
    };
    if !is_usable(&row, app.now_ms()) {
        return Ok(Err(ErrorCode::DeviceRevoked));
    }
    if fresh && !has_budget(app, claimer, device, fallback_only).await? {
        return Ok(Err(ErrorCode::ClaimRefused));
    }
    Ok(Ok(ClaimTarget {
        device,
        fallback_only,
        // What was refused for its budget is not granted by asking again (A17).
        repeat_only: !fresh,
    }))
}

async fn has_budget(app: &App, claimer: Claimer, device: DeviceId, ticket: bool) -> Served<bool> {
    let now = app.now_ms();
    if ticket {
        let subject = format!("{}/{device}", claimer.device);
        let max = limits::CLAIMS_BY_TICKET;
        let spent = app
            .store
            .spend(subject, "ticket-claim", 1, max, limits::DAY_MS, now);
        return Ok(matches!(spent.await?, Spent::Granted(_)));
    }
    let mut pair = claimer.device.as_ref().to_vec();
    pair.extend_from_slice(device.as_ref());
    let spent = app.cache.spend(RateKind::Claim, &pair, 1, PAIR_RATE, now);
    Ok(spent.await.is_ok())
}

fn refused(device: DeviceId, code: ErrorCode) -> ClaimedKey {
    ClaimedKey {
        device,
        key: None,
        code: Some(code),
    }
}

fn given(app: &App, device: DeviceId, claimed: Option<Claimed>) -> ClaimedKey {
    let Some(Claimed {
        key: Some(key),
        left,
    }) = claimed
    else {
        return refused(device, ErrorCode::ClaimRefused);
    };
    if let Some(left) = left {
        tell_owner(app, device, left);
    }
    ClaimedKey {
        device,
        key: Some(key.to_vec().into()),
        code: None,
    }
}

/// The owner refills when few are left or the fallback was given away.
fn tell_owner(app: &App, device: DeviceId, left: KeyCount) {
    let few = left.one_time_left <= limits::ONE_TIME_REFILL as u64;
    if few || left.fallback_used {
        app.notices.send(Notice::Keys {
            device,
            one_time_left: left.one_time_left,
            fallback_used: left.fallback_used,
        });
    }
}
