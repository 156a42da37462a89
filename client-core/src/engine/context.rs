//! What all tasks of the engine share. One thread, so plain cells; nothing is borrowed across an
//! `await`.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use futures::FutureExt;
use futures::lock::Mutex;

use super::bell::Bell;
use super::events::Events;
use super::fault::Fault;
use super::work::{Batch, Told, Work};
use crate::api::Event;
use crate::device::run::Run;
use crate::outbox::pace::Pace;
use crate::platform::Platform;
use crate::store::{Store, StoreError, account};
use crate::sync::Link;
use crate::sync::gaps::Gaps;

/// How the engine shall behave.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// Never use the network: only what is stored can be read.
    pub offline: bool,
}

/// The engine's shared state.
pub struct Context {
    /// The machine below.
    pub platform: Rc<dyn Platform>,
    /// How to behave.
    pub options: Options,
    /// Who listens.
    pub events: Events,
    /// State of the connection; nothing of it is durable.
    pub link: RefCell<Link>,
    /// Approvals that run now.
    pub approvals: RefCell<Vec<Run>>,
    /// When sessions were made.
    pub pace: RefCell<Pace>,
    /// Messages that were missing at the last look.
    pub gaps: RefCell<Gaps>,
    /// One refresh of the session at a time.
    pub refreshing: Mutex<()>,
    /// One change of the account's own log at a time.
    pub own_log: Mutex<()>,
    /// One claim of keys at a time.
    pub claiming: Mutex<()>,
    /// Rung when something in the store or the connection changed that a task may wait for.
    pub changed: Bell,
    /// Rung when there is something to send.
    pub outbox: Bell,
    /// Rung when a connection attempt should not wait any longer.
    pub hurry: Bell,
    /// Rung when something happened in a link mailbox.
    pub mailbox: Bell,
    /// Rung when an announced change of the account may be new.
    pub waits: Bell,
    stop: Cell<bool>,
    store: Store,
}

impl Context {
    /// Everything idle.
    pub fn new(platform: Rc<dyn Platform>, store: Store, options: Options) -> Self {
        Self {
            platform,
            options,
            events: Events::default(),
            link: RefCell::default(),
            approvals: RefCell::default(),
            pace: RefCell::default(),
            gaps: RefCell::default(),
            refreshing: Mutex::default(),
            own_log: Mutex::default(),
            claiming: Mutex::default(),
            changed: Bell::default(),
            outbox: Bell::default(),
            hurry: Bell::default(),
            mailbox: Bell::default(),
            waits: Bell::default(),
            stop: Cell::new(false),
            store,
        }
    }
}

impl Context {
    /// Several inputs in one transaction: durable when this returns, or nothing of it. Events
    /// leave after the commit.
    pub fn batch<T>(
        &self,
        work: impl FnOnce(&mut Batch<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let drained = self.link.borrow().drained();
        let (value, told, events) = self.store.commit(|db| {
            let mut batch = Batch {
                store: &self.store,
                db,
                platform: &*self.platform,
                drained,
                told: Told::default(),
            };
            let value = work(&mut batch)?;
            let events = batch.told.read(db)?;
            Ok::<_, Fault>((value, batch.told, events))
        })?;
        self.after(told, &events);
        Ok(value)
    }

    /// One input: everything that `work` writes is durable when this returns, or nothing of it.
    pub fn input<T>(
        &self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.batch(|batch| batch.input(work))
    }

    /// What follows a commit outside the store.
    fn after(&self, told: Told, events: &[Event]) {
        {
            let mut link = self.link.borrow_mut();
            link.behind.extend(told.behind);
            for user in told.people {
                link.compared.remove(&user);
                link.people.insert(user);
            }
            link.own_devices |= told.own_devices;
            link.key_items.extend(told.key_items);
        }
        for event in events {
            self.events.tell(event);
        }
        if told.outbox {
            self.outbox.ring();
        }
        self.changed.ring();
    }

    /// Reads as of the last commit.
    pub fn read<T>(&self, look: impl FnOnce(&Store) -> Result<T, StoreError>) -> Result<T, Fault> {
        Ok(look(&self.store)?)
    }

    /// Reads with the crypto crate's functions; whatever they would write is rolled back.
    pub fn look<T>(
        &self,
        look: impl FnOnce(&mut Work<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let drained = self.link.borrow().drained();
        let mut found = None;
        let rolled_back = self.store.commit(|db| {
            let mut batch = Batch {
                store: &self.store,
                db,
                platform: &*self.platform,
                drained,
                told: Told::default(),
            };
            found = Some(batch.input(look)?);
            // An error is the one way out that writes nothing.
            Err::<(), Fault>(Fault::Bug("rolled back on purpose"))
        });
        match (found, rolled_back) {
            (Some(found), _) => Ok(found),
            (None, Err(fault)) => Err(fault),
            (None, Ok(())) => Err(Fault::Bug("a look that neither found nor failed")),
        }
    }

    /// Whether the store was put back from an older copy.
    pub fn was_restored(&self) -> bool {
        self.store.was_restored()
    }

    /// A random number for jitter.
    pub fn dice(&self) -> u64 {
        let mut bytes = [0; 8];
        self.platform.random(&mut bytes);
        u64::from_le_bytes(bytes)
    }

    /// Random bytes for ids.
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.platform.random(&mut bytes);
        bytes
    }

    /// The session is over: the relay takes no token of it any more.
    pub fn signed_out(&self) -> Result<(), Fault> {
        self.input(|work| Ok(account::set_session(work.db, None)?))?;
        self.events.tell(&Event::AccountChanged { who: None });
        self.hurry.ring();
        Ok(())
    }

    /// Waits for a ring after `seen`, at most so many ms (none = without end). True when it rang.
    pub async fn rung_or(&self, bell: &Bell, seen: u64, wait_ms: Option<u64>) -> bool {
        let mut rung = bell.after(seen).boxed_local().fuse();
        let Some(ms) = wait_ms else {
            rung.await;
            return true;
        };
        let mut sleep = self.platform.sleep(ms).fuse();
        futures::select_biased! { () = rung => true, () = sleep => false }
    }

    /// Asks the engine to end.
    pub fn stop(&self) {
        self.stop.set(true);
        self.changed.ring();
    }

    /// Ends when the engine was asked to.
    pub async fn stopped(&self) {
        loop {
            let seen = self.changed.seen();
            if self.stop.get() {
                return;
            }
            self.changed.after(seen).await;
        }
    }
}
