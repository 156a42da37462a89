//! Fan-out of events to listeners that may be slow.

use std::cell::RefCell;

use async_channel::{Sender, TrySendError};

use crate::api::Event;

/// Everybody who listens.
#[derive(Default)]
pub struct Events {
    listeners: RefCell<Vec<Listener>>,
}

struct Listener {
    events: Sender<Event>,
    lost: bool,
}

impl Events {
    /// Another listener, from now on.
    pub fn listen(&self, events: Sender<Event>) {
        let listener = Listener {
            events,
            lost: false,
        };
        self.listeners.borrow_mut().push(listener);
    }

    /// Tells everybody; never waits. Who is too slow learns that events were lost.
    pub fn tell(&self, event: &Event) {
        self.listeners
            .borrow_mut()
            .retain_mut(|listener| listener.tell(event));
    }
}

impl Listener {
    /// Whether the listener is still there.
    fn tell(&mut self, event: &Event) -> bool {
        if self.lost {
            match self.events.try_send(Event::EventsLost {}) {
                Ok(()) => self.lost = false,
                Err(TrySendError::Full(_)) => return true,
                Err(TrySendError::Closed(_)) => return false,
            }
        }
        match self.events.try_send(event.clone()) {
            Ok(()) => true,
            Err(TrySendError::Full(_)) => {
                self.lost = true;
                true
            }
            Err(TrySendError::Closed(_)) => false,
        }
    }
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
        assert_eq!(receiver.try_recv(), Ok(event(0)));
        assert_eq!(receiver.try_recv(), Ok(event(1)));
        events.tell(&event(4));
        assert_eq!(receiver.try_recv(), Ok(Event::EventsLost {}));
        assert_eq!(receiver.try_recv(), Ok(event(4)));
        drop(receiver);
        events.tell(&event(5));
        assert!(events.listeners.borrow().is_empty());
    }
}
