//! Approval of a waiting device by SAS, on the device that is trusted already (protocol.md §18).

use chatty_crypto::approval::{LinkFrame, Stopped, Truster, TrusterStep};
use chatty_protocol::DeviceId;
use chatty_protocol::codec::Bytes;
use data_encoding::BASE64URL_NOPAD;

use super::run::{self, Run, Side};
use super::{class, pins};
use crate::api::device::{Approval, ApprovalStep, DeviceApprove, DeviceConfirm};
use crate::api::state::{DeviceClass, DeviceState};
use crate::api::{Event, LocalCode};
use crate::engine::{Context, Fault};
use crate::store::account;
use crate::store::device::{self as rows, DeviceRow};
use crate::sync::{people, session, status};

/// Number of the step that opens a run.
const FIRST_STEP: u64 = 1;

fn opening(m1: Vec<u8>) -> LinkFrame {
    LinkFrame {
        step: FIRST_STEP,
        bytes: Bytes(m1),
    }
}

/// Reads who waits at the relay and shows them in the list.
pub async fn look(context: &Context) -> Result<(), Fault> {
    let links = session::with(context, async |rest| rest.links().await).await?;
    context.input(|work| {
        let Some(own) = account::get(work.db)? else {
            return Ok(());
        };
        let mut waiting = Vec::new();
        for link in &links.links {
            if run::is_over(context, &run::id_text(&link.id.0)) {
                continue;
            }
            let m1 = opening(link.m1.0.clone());
            let Ok(request) = Truster::peek(&work.crypto, &m1)? else {
                continue;
            };
            waiting.push(request.device);
            let row = DeviceRow {
                device: request.device,
                name: request.label.name,
                platform: request.label.platform,
                class: DeviceClass::Full,
                state: DeviceState::Waiting,
                created_ms: link.created_ms,
                last_seen_ms: link.created_ms,
            };
            if rows::get(work.db, &row.device)?.as_ref() != Some(&row) {
                rows::put(work.db, &row)?;
                work.tell(Event::DeviceChanged {
                    device: row.view(&own.device),
                });
            }
        }
        for old in rows::list(work.db)? {
            let gone = old.state == DeviceState::Waiting && !waiting.contains(&old.device);
            if gone && old.device != own.device {
                rows::remove(work.db, &old.device)?;
            }
        }
        Ok(())
    })
}

/// Starts the approval; answers when there is something to compare.
pub async fn approve(context: &Context, params: &DeviceApprove) -> Result<Approval, Fault> {
    people::fetch(context, &crate::account::current(context)?.user).await?;
    let (link, m1) = find(context, &params.device).await?;
    let started = context.input(|work| Ok(Truster::start(&mut work.crypto, &m1)?))?;
    let (run, m2) = started.map_err(stopped)?;
    let id = BASE64URL_NOPAD.encode(&link);
    run::post(context, &id, &m2).await?;
    let view = Approval {
        id: id.clone(),
        device: params.device,
        name: name_of(context, &params.device)?,
        step: ApprovalStep::Waiting,
        sas: None,
        reason: None,
    };
    run::begin(context, Run::new(view, Side::Truster(Box::new(run))));
    run::until(context, &id, params.timeout_ms, |view| {
        view.step != ApprovalStep::Waiting
    })
    .await
}

fn name_of(context: &Context, device: &DeviceId) -> Result<String, Fault> {
    let row = context.read(|db| rows::get(db, device))?;
    Ok(row.map_or_else(String::new, |row| row.name))
}

/// The mailbox of a waiting device.
async fn find(context: &Context, device: &DeviceId) -> Result<(Vec<u8>, LinkFrame), Fault> {
    let links = session::with(context, async |rest| rest.links().await).await?;
    for link in links.links.into_iter().rev() {
        if run::is_over(context, &run::id_text(&link.id.0)) {
            continue;
        }
        let m1 = opening(link.m1.0);
        match context.look(|work| Ok(Truster::peek(&work.crypto, &m1)?))? {
            Ok(request) if request.device == *device => return Ok((link.id.0, m1)),
            _ => {}
        }
    }
    Err(Fault::rule(
        LocalCode::NoSuchDevice,
        "No such device waits for approval.",
    ))
}

/// What the user said about the pictures, on either side.
pub async fn confirm(context: &Context, params: &DeviceConfirm) -> Result<Approval, Fault> {
    run::says(context, &params.approval, params.same).await?;
    let approval = run::until(context, &params.approval, params.timeout_ms, |view| {
        matches!(view.step, ApprovalStep::Done | ApprovalStep::Stopped)
    })
    .await?;
    if approval.step == ApprovalStep::Done {
        hand_over(context, params.timeout_ms.min(HAND_OVER_MS)).await?;
    }
    Ok(approval)
}

/// Longest wait for a new device to come for its pins.
const HAND_OVER_MS: u64 = 15_000;

/// A new device sends to nobody before it has the pins, so the device that approved it stays until
/// they are on their way. Afterwards the promise is kept at the next connection.
async fn hand_over(context: &Context, timeout_ms: u64) -> Result<(), Fault> {
    let deadline = context.platform.monotonic_ms().saturating_add(timeout_ms);
    loop {
        let seen = context.changed.seen();
        if !context.read(pins::any_promised)?
            || !status::changed_before(context, seen, deadline).await
        {
            return Ok(());
        }
    }
}

/// The answer for a run that cannot begin or ended.
pub fn stopped(why: Stopped) -> Fault {
    let code = match why {
        Stopped::Locked => LocalCode::ApprovalLocked,
        _ => LocalCode::ApprovalStopped,
    };
    Fault::rule(code, format!("The approval ended: {why}."))
}

/// One frame of the new device, or nothing new: what the trusted side does.
pub async fn step(context: &Context, id: &str, step: TrusterStep) -> Result<(), Fault> {
    match step {
        TrusterStep::Compare { send, code } => {
            run::post(context, id, &send).await?;
            run::change(context, id, |view| {
                view.step = ApprovalStep::Compare;
                view.sas = Some(run::sas(&code));
            });
        }
        TrusterStep::Send(frame) => {
            run::post(context, id, &frame).await?;
            run::change(context, id, |view| view.step = ApprovalStep::Confirmed);
        }
        TrusterStep::Wait => {}
        TrusterStep::Approved(approved) => {
            let now = context.platform.now_ms();
            let class = class::of_new(context, &approved.label.platform)?;
            context.input(|work| pins::intend(work, &approved.device, &approved.label))?;
            // What was intended is done with the entry, whenever it comes back.
            people::append_own(context, approved.add_op(class, now)).await?;
            context.changed.ring();
            run::change(context, id, |view| view.step = ApprovalStep::Done);
        }
        TrusterStep::Stopped(why) => {
            run::change(context, id, |view| {
                view.step = ApprovalStep::Stopped;
                view.reason = Some(why.to_string());
            });
        }
    }
    Ok(())
}
