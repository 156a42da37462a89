//! One input's work: rows of the crypto crate and rows of ours, committed together or not at all.

use std::collections::{BTreeMap, BTreeSet};

use chatty_crypto::olm::Peer;
use chatty_crypto::tx::Tx;
use chatty_protocol::{ConvId, UserId};

use super::fault::Fault;
use crate::api::Event;
use crate::platform::{Platform, PlatformRandom};
use crate::store::message::MessageRow;
use crate::store::{self, Store, chat, conversation, message};

/// What an input has in its hands. Nothing of it outlives the input.
pub struct Work<'a> {
    /// The crypto crate's side.
    pub crypto: Tx<'a>,
    /// The database transaction.
    pub db: &'a store::Tx<'a>,
    /// Whether every to-device item that waited at connect has come.
    pub drained: bool,
    platform: &'a dyn Platform,
    /// What to tell after the commit.
    pub(super) told: Told,
}

/// Rows whose new state is told after the commit, each once however often it was touched.
#[derive(Default)]
pub(super) struct Told {
    chats: BTreeSet<ConvId>,
    /// Conversations whose unread messages are counted anew before the commit.
    recount: BTreeSet<ConvId>,
    /// Row number → whether the message is new.
    messages: BTreeMap<i64, bool>,
    /// Conversations whose log or rows must be read from the relay.
    pub(super) behind: BTreeSet<ConvId>,
    /// People whose device logs must be compared with the relay.
    pub(super) people: BTreeSet<UserId>,
    /// Whether something of own devices is known now that may ask for a change of theirs.
    pub(super) own_devices: bool,
    /// Items of the outbox that carry keys.
    pub(super) key_items: Vec<(i64, (ConvId, Peer))>,
    /// Other events in order.
    pub(super) events: Vec<Event>,
    /// Whether there is something new to send.
    pub(super) outbox: bool,
}

/// Several inputs in one transaction: a commit costs as much as many decryptions. Each input
/// stands or falls alone as long as the store itself works.
pub struct Batch<'a> {
    pub(super) store: &'a Store,
    pub(super) db: &'a store::Tx<'a>,
    pub(super) platform: &'a dyn Platform,
    pub(super) drained: bool,
    pub(super) told: Told,
}

impl Batch<'_> {
    /// One input. When it fails, nothing of what it wrote stays, and nothing of it is told.
    pub fn input<T>(
        &mut self,
        work: impl FnOnce(&mut Work<'_>) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let (store, db, platform, drained) = (self.store, self.db, self.platform, self.drained);
        let (value, told) = db.part(|| {
            let mut random = PlatformRandom(platform);
            let mut this = Work {
                crypto: Tx::new(store, &mut random, platform.now_ms()),
                db,
                drained,
                platform,
                told: Told::default(),
            };
            let value = work(&mut this)?;
            let told = std::mem::take(&mut this.told);
            store::crypto::apply(db, &this.crypto.finish())?;
            Ok::<_, Fault>((value, told))
        })?;
        self.told.absorb(told);
        Ok(value)
    }
}

impl<'a> Work<'a> {
    /// The machine below.
    pub fn platform(&self) -> &'a dyn Platform {
        self.platform
    }

    /// Unix ms by this device's clock.
    pub fn now_ms(&self) -> u64 {
        self.crypto.now_ms
    }

    /// The chat list shows this conversation anew after the commit.
    pub fn chat_changed(&mut self, conv: &ConvId) {
        self.told.chats.insert(*conv);
    }

    /// Message rows changed: the conversation's count of unread ones and its newest time are
    /// taken once for all inputs of the transaction, because counting costs as much as there is.
    pub fn recount(&mut self, conv: &ConvId) {
        self.told.recount.insert(*conv);
    }

    /// A message row is new.
    pub fn message_added(&mut self, row: i64) {
        self.told.messages.insert(row, true);
    }

    /// A message row changed.
    pub fn message_changed(&mut self, row: i64) {
        self.told.messages.entry(row).or_insert(false);
    }

    /// Something else to tell after the commit.
    pub fn tell(&mut self, event: Event) {
        self.told.events.push(event);
    }

    /// The conversation's log or rows must be read from the relay.
    pub fn behind(&mut self, conv: &ConvId) {
        self.told.behind.insert(*conv);
    }

    /// The person's device log must be compared with the relay.
    pub fn look_up(&mut self, user: &UserId) {
        self.told.people.insert(*user);
    }

    /// What another own device may do must be looked at again.
    pub fn own_devices_changed(&mut self) {
        self.told.own_devices = true;
    }

    /// The item with this number carries the key of a conversation.
    pub fn key_item(&mut self, id: i64, conv: ConvId, to: Peer) {
        self.told.key_items.push((id, (conv, to)));
    }

    /// There is something new to send.
    pub fn outbox_changed(&mut self) {
        self.told.outbox = true;
    }
}

impl Told {
    /// Takes over what a later input tells.
    fn absorb(&mut self, later: Told) {
        self.chats.extend(later.chats);
        self.recount.extend(later.recount);
        for (row, added) in later.messages {
            *self.messages.entry(row).or_insert(false) |= added;
        }
        self.behind.extend(later.behind);
        self.people.extend(later.people);
        self.own_devices |= later.own_devices;
        self.key_items.extend(later.key_items);
        self.events.extend(later.events);
        self.outbox |= later.outbox;
    }

    /// Finishes what the inputs left to the end of the transaction, and reads what is to be told
    /// as it is then.
    pub(super) fn read(&self, db: &store::Tx<'_>) -> Result<Vec<Event>, Fault> {
        for conv in &self.recount {
            conversation::refresh(db, conv)?;
        }
        let mut events = Vec::new();
        let mut chats = self.chats.clone();
        for (row, added) in &self.messages {
            let Some(row) = message::by_row(db, *row)?.filter(|row| row.shown) else {
                continue;
            };
            // The list shows a conversation's newest row: it changes with it.
            if !chats.contains(&row.conv) && is_newest(db, &row)? {
                chats.insert(row.conv);
            }
            let Some(message) = message::view::message(db, &row)? else {
                continue;
            };
            events.push(match added {
                true => Event::MessageAdded { message },
                false => Event::MessageChanged { message },
            });
        }
        for conv in &chats {
            if let Some(row) = conversation::get(db, conv)?
                && !row.hidden
            {
                let chat = chat::view(db, &row)?;
                events.push(Event::ChatChanged { chat });
            }
        }
        events.extend(self.events.iter().cloned());
        Ok(events)
    }
}

fn is_newest(db: &store::Tx<'_>, row: &MessageRow) -> Result<bool, Fault> {
    let newest = message::window(db, &row.conv, None, 1)?;
    Ok(newest.first().is_some_and(|newest| newest.row == row.row))
}
