//! Approvals that run now, on either side. They live in memory: a restart ends them, and the user
//! starts anew.

use chatty_crypto::approval::{Code, LinkFrame, Newcomer, NewcomerStep, Truster, TrusterStep};
use data_encoding::BASE64URL_NOPAD;

use super::{approve, waiting};
use crate::api::device::{Approval, ApprovalStep, Sas, SasEmoji};
use crate::api::{Event, LocalCode};
use crate::engine::{Context, Fault};
use crate::sync::session;

/// The mailbox is looked at this often: the new device has no socket yet.
const POLL_MS: u64 = 300;
/// Finished runs that are kept for who asks.
const KEPT: usize = 4;

/// Which side this device is on.
pub enum Side {
    /// It is trusted and approves.
    Truster(Box<Truster>),
    /// It waits.
    Newcomer(Box<Newcomer>),
}

/// One approval.
pub struct Run {
    view: Approval,
    side: Option<Side>,
    /// Frames of the mailbox that were looked at.
    seen: usize,
}

/// What a frame or the user made of a run.
enum Step {
    Truster(TrusterStep),
    Newcomer(NewcomerStep),
}

impl Run {
    /// A run that has just begun.
    pub fn new(view: Approval, side: Side) -> Self {
        Self {
            view,
            side: Some(side),
            seen: 0,
        }
    }

    fn is_over(&self) -> bool {
        matches!(self.view.step, ApprovalStep::Done | ApprovalStep::Stopped)
    }

    /// Whether a frame comes from the other side.
    fn is_theirs(&self, frame: &LinkFrame) -> bool {
        match &self.side {
            Some(Side::Truster(_)) => matches!(frame.step, 3 | 5 | 7),
            Some(Side::Newcomer(_)) => matches!(frame.step, 2 | 4 | 6 | 7),
            None => false,
        }
    }
}

/// Takes a run up and tells it.
pub fn begin(context: &Context, run: Run) {
    context.events.tell(&Event::ApprovalChanged {
        approval: run.view.clone(),
    });
    let mut runs = context.approvals.borrow_mut();
    runs.retain(|old| old.view.id != run.view.id);
    if runs.len() >= KEPT {
        runs.remove(0);
    }
    runs.push(run);
    drop(runs);
    context.changed.ring();
}

/// Runs as shells see them.
pub fn views(context: &Context) -> Vec<Approval> {
    let runs = context.approvals.borrow();
    runs.iter().map(|run| run.view.clone()).collect()
}

/// Whether the approval in this mailbox is over: it takes no second one.
pub fn is_over(context: &Context, id: &str) -> bool {
    let runs = context.approvals.borrow();
    runs.iter().any(|run| run.view.id == id && run.is_over())
}

/// Whether an approval goes on.
pub fn any_open(context: &Context) -> bool {
    context.approvals.borrow().iter().any(|run| !run.is_over())
}

/// Changes what shells see of a run.
pub fn change(context: &Context, id: &str, change: impl FnOnce(&mut Approval)) {
    let changed = {
        let mut runs = context.approvals.borrow_mut();
        runs.iter_mut().find(|run| run.view.id == id).map(|run| {
            change(&mut run.view);
            if run.is_over() {
                run.side = None;
            }
            run.view.clone()
        })
    };
    if let Some(approval) = changed {
        context.events.tell(&Event::ApprovalChanged { approval });
        context.changed.ring();
    }
}

/// The code as shells show it.
pub fn sas(code: &Code) -> Sas {
    Sas {
        emoji: code
            .emoji
            .iter()
            .map(|emoji| SasEmoji {
                symbol: emoji.symbol.to_owned(),
                name: emoji.name.to_owned(),
            })
            .collect(),
        numbers: code
            .digits
            .iter()
            .map(|number| u32::from(*number))
            .collect(),
    }
}

/// Puts a frame into the mailbox.
pub async fn post(context: &Context, id: &str, frame: &LinkFrame) -> Result<(), Fault> {
    let bytes = frame.to_bytes();
    session::with(context, async |rest| {
        rest.put_link_frame(id, bytes.clone()).await
    })
    .await?;
    Ok(())
}

/// The user has compared.
pub async fn says(context: &Context, id: &str, same: bool) -> Result<(), Fault> {
    let step = with_side(context, id, |side, context| {
        context.input(|work| {
            Ok(match side {
                Side::Truster(run) => Step::Truster(run.user_says(&mut work.crypto, same)?),
                Side::Newcomer(run) => Step::Newcomer(run.user_says(&mut work.crypto, same)?),
            })
        })
    })?;
    if !same {
        // The other side need not wait for its timeout.
        if let Err(fault) = post(context, id, &LinkFrame::stop()).await {
            tracing::debug!(%fault, "the other side was not told");
        }
    }
    follow(context, id, step).await?;
    settled(context, id).await
}

/// The other side's proof may have come before the own one left.
async fn settled(context: &Context, id: &str) -> Result<(), Fault> {
    let step = with_side(context, id, |side, context| {
        context.input(|work| {
            Ok(match side {
                Side::Truster(run) => run
                    .approved(&mut work.crypto)
                    .map(|done| Step::Truster(TrusterStep::Approved(Box::new(done)))),
                Side::Newcomer(run) => run
                    .approved(&mut work.crypto)
                    .map(|by| Step::Newcomer(NewcomerStep::Approved { by })),
            })
        })
    });
    match step {
        Ok(Some(step)) => follow(context, id, step).await,
        _ => Ok(()),
    }
}

fn with_side<T>(
    context: &Context,
    id: &str,
    work: impl FnOnce(&mut Side, &Context) -> Result<T, Fault>,
) -> Result<T, Fault> {
    // Taken out while it works, so that nothing is borrowed when it calls back.
    let side = {
        let mut runs = context.approvals.borrow_mut();
        let run = runs.iter_mut().find(|run| run.view.id == id);
        run.and_then(|run| run.side.take())
    };
    let Some(mut side) = side else {
        return Err(Fault::rule(
            LocalCode::ApprovalStopped,
            "There is no such approval any more.",
        ));
    };
    let result = work(&mut side, context);
    let mut runs = context.approvals.borrow_mut();
    if let Some(run) = runs.iter_mut().find(|run| run.view.id == id) {
        run.side = Some(side);
    }
    result
}

async fn follow(context: &Context, id: &str, step: Step) -> Result<(), Fault> {
    match step {
        Step::Truster(step) => approve::step(context, id, step).await,
        Step::Newcomer(step) => waiting::step(context, id, step).await,
    }
}

/// Reads the mailbox of a run and takes what is new.
pub async fn poll(context: &Context, id: &str) -> Result<(), Fault> {
    let page = match session::with(context, async |rest| rest.link_frames(id).await).await {
        Ok(page) => page,
        Err(fault) if fault.is(chatty_protocol::ErrorCode::Gone) => {
            change(context, id, |view| {
                view.step = ApprovalStep::Stopped;
                view.reason = Some("it took too long".to_owned());
            });
            return Ok(());
        }
        Err(fault) => return Err(fault),
    };
    loop {
        let frame = {
            let mut runs = context.approvals.borrow_mut();
            let Some(run) = runs.iter_mut().find(|run| run.view.id == id) else {
                return Ok(());
            };
            if run.is_over() || run.side.is_none() {
                return Ok(());
            }
            let Some(bytes) = page.frames.get(run.seen) else {
                return Ok(());
            };
            run.seen += 1;
            match LinkFrame::from_bytes(&bytes.0) {
                Ok(frame) if run.is_theirs(&frame) => frame,
                _ => continue,
            }
        };
        let step = with_side(context, id, |side, context| {
            context.input(|work| {
                Ok(match side {
                    Side::Truster(run) => Step::Truster(run.frame(&mut work.crypto, &frame)?),
                    Side::Newcomer(run) => Step::Newcomer(run.frame(&mut work.crypto, &frame)?),
                })
            })
        })?;
        follow(context, id, step).await?;
    }
}

/// Follows a run until it is where the caller wants it, or the time is over.
pub async fn until(
    context: &Context,
    id: &str,
    timeout_ms: u64,
    wanted: impl Fn(&Approval) -> bool,
) -> Result<Approval, Fault> {
    let deadline = context.platform.monotonic_ms().saturating_add(timeout_ms);
    loop {
        poll(context, id).await?;
        let view = views(context).into_iter().find(|view| view.id == id);
        let Some(view) = view else {
            return Err(Fault::rule(
                LocalCode::ApprovalStopped,
                "There is no such approval any more.",
            ));
        };
        let over = matches!(view.step, ApprovalStep::Done | ApprovalStep::Stopped);
        if over || wanted(&view) || context.platform.monotonic_ms() >= deadline {
            return Ok(view);
        }
        context.platform.sleep(POLL_MS).await;
    }
}

/// The text form of a mailbox id.
pub fn id_text(id: &[u8]) -> String {
    BASE64URL_NOPAD.encode(id)
}
