//! What a device tells without being asked.

use chatty_core::api::Event;
use chatty_core::api::events::AlarmKind;
use chatty_protocol::{ConvId, UserId};

use crate::person::Device;
use crate::wait::within;

impl Device {
    /// Takes the events since the last call.
    pub fn events(&self) -> Vec<Event> {
        let events = self.events.as_ref().expect("listening");
        std::iter::from_fn(|| events.try_recv().ok()).collect()
    }

    /// Waits for an alarm of this kind; the events before it are gone.
    pub async fn alarmed(&self, wanted: AlarmKind) -> (Option<ConvId>, Option<UserId>) {
        self.hears(&format!("the alarm {wanted:?}"), |event| match event {
            Event::Alarm { kind, chat, user } if kind == wanted => Some((chat, user)),
            _ => None,
        })
        .await
    }

    /// Alarms among the events since the last call.
    pub fn alarms(&self) -> Vec<AlarmKind> {
        let kinds = self.events().into_iter().filter_map(|event| match event {
            Event::Alarm { kind, .. } => Some(kind),
            _ => None,
        });
        kinds.collect()
    }

    /// Waits for an event; the ones before it are gone.
    pub async fn hears<T>(&self, what: &str, mut wanted: impl FnMut(Event) -> Option<T>) -> T {
        let events = self.events.as_ref().expect("listening").clone();
        let what = format!("{} hears {what}", self.handle);
        within(&what, async {
            loop {
                let event = events.recv().await.expect("the engine runs");
                if let Some(found) = wanted(event) {
                    return found;
                }
            }
        })
        .await
    }
}
