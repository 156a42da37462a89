//! Fan-out of events to listeners that may be slow.

use std::cell::RefCell;

use async_channel::{Sender, TrySendError};

use crate::api::Event;

/// Everybody who listens.
#[derive(Default)]
pub struct Events {
    listeners: RefCell<Vec<Sender<Event>>>,
}

impl Events {
    /// Another listener, from now on; its channel has at least two places.
    pub fn listen(&self, events: Sender<Event>) {
        self.listeners.borrow_mut().push(events);
    }

    /// Tells everybody; never waits. Who is too slow learns that events were lost.
    pub fn tell(&self, event: &Event) {
        self.listeners
            .borrow_mut()
            .retain(|listener| tell(listener, event));
    }
}

/// Whether the listener is still there. Only the word of lost events may take the last place: it then
/// comes after everything that was told and before everything that will be, also when nothing more happens.
fn tell(listener: &Sender<Event>, event: &Event) -> bool {
    let room = listener
        .capacity()
        .is_none_or(|places| listener.len() + 1 < places);
    let told = match room {
        true => listener.try_send(event.clone()),
        false => listener.try_send(Event::EventsLost {}),
    };
    // Full: that word is the last one there.
    !matches!(told, Err(TrySendError::Closed(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_listener_learns_that_it_missed_something() {
        let events = Events::default();
        let (sender, receiver) = async_channel::bounded(2);
        events.listen(sender);
        let event = |waiting| Event::OutboxChanged { waiting };
        for waiting in 0..4 {
            events.tell(&event(waiting));
        }
        // Nothing more happens, and it is told all the same.
        assert_eq!(receiver.try_recv(), Ok(event(0)));
        assert_eq!(receiver.try_recv(), Ok(Event::EventsLost {}));
        assert!(receiver.try_recv().is_err());
        events.tell(&event(4));
        assert_eq!(receiver.try_recv(), Ok(event(4)));
        // One that is taken in between makes room for the word again, not for an event after it.
        for waiting in 5..8 {
            events.tell(&event(waiting));
        }
        assert_eq!(receiver.try_recv(), Ok(event(5)));
        events.tell(&event(8));
        assert_eq!(receiver.try_recv(), Ok(Event::EventsLost {}));
        assert_eq!(receiver.try_recv(), Ok(Event::EventsLost {}));
        drop(receiver);
        events.tell(&event(5));
        assert!(events.listeners.borrow().is_empty());
    }
}
