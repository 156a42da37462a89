//! What must not be overlooked, said on stderr also by a command that only shows something else.

use async_channel::Receiver;

use crate::api::{AlarmKind, Event};
use crate::output::Output;

/// Reads events until the engine ends; gives the alarms among them, each once.
pub async fn gather(events: Receiver<Event>) -> Vec<AlarmKind> {
    let mut kinds = Vec::new();
    while let Ok(event) = events.recv().await {
        if let Event::Alarm { kind, .. } = event
            && !kinds.contains(&kind)
        {
            kinds.push(kind);
        }
    }
    kinds
}

/// Says them.
pub fn say(output: &Output, kinds: &[AlarmKind]) {
    for kind in kinds {
        output.warn(kind.as_str(), words(*kind));
    }
}

/// What happened, and one next step.
fn words(kind: AlarmKind) -> &'static str {
    match kind {
        AlarmKind::Clone => {
            "two copies of one device are in use; whoever made the copy should delete it and log \
             in from a new home"
        }
        AlarmKind::Restored => {
            "this home was put back from an older copy, or another copy of it is in use; use one \
             copy only, and log in from a new home in the place of the other"
        }
        AlarmKind::Rollback => {
            "the server shows older data than before; ask who runs it whether it was restored"
        }
        AlarmKind::DeviceLogForked => {
            "somebody's list of devices is split in two; compare with that person before you write"
        }
        AlarmKind::ConversationForked => {
            "the history of a chat is split in two; it takes no messages, make a new one"
        }
        AlarmKind::RemovedDevice => {
            "a removed device may have received messages; the sender has not seen the removal yet"
        }
        AlarmKind::Forged => {
            "something that came was forged and is not shown; tell who runs the server"
        }
        AlarmKind::StoreDamaged => "the store is damaged; only what can still be read is shown",
        AlarmKind::DevicesStale => {
            "somebody's list of devices was not confirmed for long; their device may be away, or \
             the server withholds what is new"
        }
        AlarmKind::ClockSkew => {
            "the clock of this machine differs from the server's by more than ten minutes; set it"
        }
        AlarmKind::DeviceRevoked => {
            "this device was removed from its account; log in again to use it"
        }
    }
}
