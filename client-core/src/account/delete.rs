//! Deleting the account, and announced changes that any device may stop.

use chatty_crypto::conversation as logs;
use chatty_crypto::device_log;
use chatty_crypto::identity::{self, Standing};
use chatty_crypto::megolm;
use chatty_protocol::conversation_log::{ConvOp, Mode};
use chatty_protocol::device_log::{Class, DeviceOp};
use chatty_protocol::proof::Purpose;
use chatty_protocol::rest::{B64, DeleteAccount};

use super::log_out;
use crate::api::Done;
use crate::api::account::{AccountDelete, AccountDeleted, AccountVeto, AccountWait};
use crate::conversation::leave;
use crate::engine::{Context, Fault};
use crate::sync::session;

/// Deletes at once, signed by this full device; or announces it with the password alone.
pub async fn delete(context: &Context, params: &AccountDelete) -> Result<AccountDeleted, Fault> {
    let full = context
        .look(|work| Ok(identity::standing(&work.crypto)? == Standing::Live(Class::Full)))?;
    if !full || params.password.is_some() {
        return announce(context, params).await;
    }
    leave_groups(context).await?;
    let own = super::current(context)?;
    let proof = session::proof(context, &own.relay, Purpose::Close).await?;
    let entry =
        context.look(|work| Ok(device_log::own_entry(&mut work.crypto, DeviceOp::Close)?))?;
    let body = DeleteAccount {
        password: None,
        proof: Some(proof),
        entry: Some(B64(entry.bytes)),
    };
    session::with(context, async |rest| rest.delete_account(&body).await).await?;
    log_out::forget(context)?;
    Ok(AccountDeleted { due_ms: None })
}

/// Groups are left by a signed entry; the relay could only drop the member silently.
async fn leave_groups(context: &Context) -> Result<(), Fault> {
    let own = super::current(context)?.user;
    for (conv, _) in context.look(|work| Ok(logs::heads(&work.crypto)?))? {
        let left = crate::conversation::post::entry(context, &conv, |work| {
            let state = logs::state_or_fail(&work.crypto, &conv)?;
            if state.mode == Mode::Direct || state.member(&own).is_none() {
                return Ok(None);
            }
            let cuts = megolm::cuts_for(&work.crypto, &conv, &own)?;
            let successor = leave::successor(&state, &own, None);
            let op = ConvOp::Leave { cuts, successor };
            Ok(Some(logs::entry(&mut work.crypto, &conv, op)?))
        })
        .await;
        match left {
            Err(fault) if fault.is_passing() || fault.is_local() => return Err(fault),
            Err(fault) => tracing::info!(%fault, "a group is left by the deletion itself"),
            Ok(()) => {}
        }
    }
    Ok(())
}

async fn announce(context: &Context, params: &AccountDelete) -> Result<AccountDeleted, Fault> {
    let body = DeleteAccount {
        password: params
            .password
            .as_ref()
            .map(|password| password.expose().to_owned()),
        proof: None,
        entry: None,
    };
    session::with(context, async |rest| rest.delete_account(&body).await).await?;
    let due = waits(context).await?;
    let close = due.into_iter().find(|wait| wait.kind == "close");
    Ok(AccountDeleted {
        due_ms: close.map(|wait| wait.due_ms),
    })
}

/// Changes that are announced.
pub async fn waits(context: &Context) -> Result<Vec<AccountWait>, Fault> {
    let told = session::with(context, async |rest| rest.waits().await).await?;
    Ok(told
        .waits
        .into_iter()
        .map(|wait| AccountWait {
            kind: wait.kind,
            due_ms: wait.due_ms,
        })
        .collect())
}

/// Stops one.
pub async fn veto(context: &Context, params: &AccountVeto) -> Result<Done, Fault> {
    session::with(context, async |rest| rest.veto(&params.kind).await).await?;
    Ok(Done {})
}
