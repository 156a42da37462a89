//! Something happened: tasks of the one engine thread wake each other.

use std::cell::{Cell, RefCell};
use std::future::{Future, poll_fn};
use std::task::{Poll, Waker};

/// A counter that tasks can wait on. A ring between a look and the wait is never lost, because
/// the waiter says which ring it has seen last.
#[derive(Default)]
pub struct Bell {
    rings: Cell<u64>,
    waiting: RefCell<Vec<Waker>>,
}

impl Bell {
    /// Wakes everybody who waits.
    pub fn ring(&self) {
        self.rings.set(self.rings.get().wrapping_add(1));
        for waker in self.waiting.take() {
            waker.wake();
        }
    }

    /// The ring up to which the caller now looks at the state.
    pub fn seen(&self) -> u64 {
        self.rings.get()
    }

    /// Ends at the first ring after `seen`, at once if it was rung already.
    pub fn after(&self, seen: u64) -> impl Future<Output = ()> + '_ {
        poll_fn(move |context| {
            if self.rings.get() != seen {
                return Poll::Ready(());
            }
            let mut waiting = self.waiting.borrow_mut();
            if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
                waiting.push(context.waker().clone());
            }
            Poll::Pending
        })
    }
}

/// Lets everything else that is ready run once, between two pieces of long work.
pub async fn breathe() {
    let mut paused = false;
    poll_fn(|context| {
        if std::mem::replace(&mut paused, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    #[test]
    fn a_ring_between_look_and_wait_is_not_lost() {
        let bell = Bell::default();
        let seen = bell.seen();
        assert_eq!(bell.after(seen).now_or_never(), None);
        bell.ring();
        assert_eq!(bell.after(seen).now_or_never(), Some(()));
        assert_eq!(bell.after(bell.seen()).now_or_never(), None);
    }

    #[test]
    fn a_breath_lets_others_run_once() {
        let mut breath = Box::pin(breathe());
        assert_eq!(breath.as_mut().now_or_never(), None);
        assert_eq!(breath.as_mut().now_or_never(), Some(()));
    }
}
