//! A device that waits for approval: it offers itself in a link mailbox and looks whether the
//! account's log has it.

use std::rc::Rc;

use chatty_crypto::approval::{Label, Newcomer, NewcomerStep};
use chatty_crypto::identity::{self, Standing};

use super::run::{self, Run, Side};
use super::{approve, label};
use crate::api::device::{Approval, ApprovalStep};
use crate::api::state::LinkState;
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault};
use crate::sync::{people, session, status};

/// How often the log is looked at.
const LOOK_MS: u64 = 500;

/// Runs until this device is approved; then the connection begins.
pub async fn run(context: &Rc<Context>) -> Fault {
    status::set(context, LinkState::Connecting);
    loop {
        match look(context).await {
            Ok(true) => return Fault::refused(chatty_protocol::ErrorCode::Draining),
            Ok(false) => say_so(context),
            Err(fault) => return fault,
        }
        let seen = context.hurry.seen();
        context.rung_or(&context.hurry, seen, Some(LOOK_MS)).await;
    }
}

/// Whoever waits for the connection hears that it needs the approval first.
fn say_so(context: &Context) {
    let mut link = context.link.borrow_mut();
    if link.ended.is_some() {
        return;
    }
    let error = ApiError::new(LocalCode::DeviceWaiting, "This device waits for approval.");
    link.ended = Some(error.hint(
        "Here: chatty login --handle … --wait 120. On another device: chatty devices approve.",
    ));
    drop(link);
    context.changed.ring();
}

/// One look; true when this device is in the log and has a session of its own.
async fn look(context: &Context) -> Result<bool, Fault> {
    let own = crate::account::current(context)?;
    people::fetch(context, &own.user).await?;
    let live = context.look(|work| {
        Ok(matches!(
            identity::standing(&work.crypto)?,
            Standing::Live(_)
        ))
    })?;
    if live {
        session::upgrade(context).await?;
        context.input(crate::account::who::standing_changed)?;
        return Ok(true);
    }
    if !run::any_open(context) {
        offer(context).await?;
    }
    let open: Vec<String> = run::views(context)
        .into_iter()
        .filter(|view| !matches!(view.step, ApprovalStep::Done | ApprovalStep::Stopped))
        .map(|view| view.id)
        .collect();
    for id in open {
        run::poll(context, &id).await?;
    }
    Ok(false)
}

/// Opens a mailbox with the own certificate.
async fn offer(context: &Context) -> Result<(), Fault> {
    let own = crate::account::current(context)?;
    let started = context.input(|work| {
        let (name, platform) = label::of(work, &own.device)?;
        Ok(Newcomer::start(&mut work.crypto, Label { name, platform })?)
    })?;
    let (newcomer, m1) = started.map_err(approve::stopped)?;
    let opened = session::with(context, async |rest| {
        rest.open_link(m1.bytes.0.clone()).await
    })
    .await?;
    let view = Approval {
        id: run::id_text(&opened.id.0),
        device: own.device,
        name: context.look(|work| Ok(label::of(work, &own.device)?.0))?,
        step: ApprovalStep::Waiting,
        sas: None,
        reason: None,
    };
    run::begin(context, Run::new(view, Side::Newcomer(Box::new(newcomer))));
    Ok(())
}

/// What the waiting side does.
pub async fn step(context: &Context, id: &str, step: NewcomerStep) -> Result<(), Fault> {
    match step {
        NewcomerStep::Send(frame) => {
            run::post(context, id, &frame).await?;
            run::change(context, id, |view| {
                if view.sas.is_some() {
                    view.step = ApprovalStep::Confirmed;
                }
            });
        }
        NewcomerStep::Compare(code) => run::change(context, id, |view| {
            view.step = ApprovalStep::Compare;
            view.sas = Some(run::sas(&code));
        }),
        NewcomerStep::Wait => {}
        NewcomerStep::Approved { .. } => {
            run::change(context, id, |view| view.step = ApprovalStep::Done);
            context.hurry.ring();
        }
        NewcomerStep::Stopped(why) => run::change(context, id, |view| {
            view.step = ApprovalStep::Stopped;
            view.reason = Some(why.to_string());
        }),
    }
    Ok(())
}
