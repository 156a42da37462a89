//! Seeded random schedules: people with one and two devices write, change and delete on bad
//! lines, go offline, and die at named points. At the end nothing that was accepted is lost,
//! nothing is shown twice, everything is readable, and all devices show the same.
//!
//! `CHATTY_SEEDS=n` runs so many (`CHATTY_SOAK=1`: 20,000), `CHATTY_SEED=n` only that one. A seed
//! repeats the schedule, never key bytes.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

use chatty_core::api::LocalCode;
use chatty_core::api::message::{Message, MessageDelete, MessageEdit, MessageList, MessageReact};
use chatty_core::api::state::MessageState;
use chatty_e2e::faults::Faults;
use chatty_e2e::person::{Device, is_readable};
use chatty_e2e::seed::Seed;
use chatty_e2e::wait::LIMIT;
use chatty_e2e::world::World;
use chatty_protocol::{ConvId, MsgId};

/// Waits inside engines pass so many times faster: backoff is not what is tested here.
const PACE: u64 = 10;
/// Worlds side by side.
const WORLDS: usize = 3;
/// Seeds that share a group.
const SEEDS_PER_GROUP: usize = 20;
/// Where an engine may die.
const POINTS: [&str; 9] = [
    "store.before-commit",
    "store.after-commit",
    "outbox.queued",
    "outbox.encrypted",
    "outbox.sent",
    "items.before-send",
    "claim.answered",
    "sync.before-ack",
    "keys.before-upload",
];

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn seeds() -> Vec<u64> {
    if let Some(one) = number("CHATTY_SEED") {
        return vec![one];
    }
    let soak = std::env::var_os("CHATTY_SOAK").is_some();
    let count = number("CHATTY_SEEDS").unwrap_or(if soak { 20_000 } else { 500 });
    (1..=count).collect()
}

/// Names the seed of a failed schedule.
struct Named(u64);

impl Drop for Named {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the failing schedule: CHATTY_SEED={}", self.0);
        }
    }
}

#[test]
fn random_schedules_lose_nothing_show_nothing_twice_and_converge() {
    let seeds = Arc::new(seeds());
    let next = Arc::new(AtomicUsize::new(0));
    let started = Instant::now();
    let worlds = seeds.len().min(WORLDS);
    let running: Vec<_> = (0..worlds)
        .map(|number| {
            let (seeds, next) = (Arc::clone(&seeds), Arc::clone(&next));
            std::thread::spawn(move || play_some(number, &seeds, &next))
        })
        .collect();
    let mut sums = (0, 0, 0);
    for world in running {
        let (messages, deaths, cuts) = world.join().expect("no schedule failed");
        sums = (sums.0 + messages, sums.1 + deaths, sums.2 + cuts);
    }
    println!(
        "{} seeds in {:.0?}: {} messages, {} deaths, {} cuts; lost 0, twice 0, unreadable 0",
        seeds.len(),
        started.elapsed(),
        sums.0,
        sums.1,
        sums.2
    );
    assert!(seeds.len() < 100 || (sums.1 > 0 && sums.2 > 0), "no faults");
}

/// One world plays seeds until none is left: messages, deaths, cuts.
fn play_some(number: usize, seeds: &[u64], next: &AtomicUsize) -> (usize, u64, u64) {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut stage = Stage::set(number).await;
        let mut messages = 0;
        while let Some(&seed) = seeds.get(next.fetch_add(1, Ordering::SeqCst)) {
            let _named = Named(seed);
            messages += stage.play(seed).await;
        }
        (messages, stage.deaths, stage.cuts())
    })
}

/// People who play one schedule after the other.
struct Stage {
    world: World,
    devices: Vec<Device>,
    group: ConvId,
    direct: ConvId,
    played: usize,
    deaths: u64,
}

/// What is known of one message of a schedule.
struct Line {
    author: usize,
    /// Texts that may be the last one: several when the author died while changing it.
    texts: Vec<String>,
    /// Deleted for certain, perhaps, or not.
    deleted: Option<bool>,
}

/// The messages of one schedule in one conversation.
type Script = BTreeMap<MsgId, Line>;

impl Stage {
    /// Ann and bob with two devices each, cem with one; all know each other.
    async fn set(number: usize) -> Self {
        let world = World::new().await;
        let name = |who: &str| format!("{who}_{number}");
        let ann = world.person(&name("ann")).await;
        let bob = world.person(&name("bob")).await;
        let cem = world.person(&name("cem")).await;
        let direct = world.friends(&ann, &bob).await;
        world.friends(&ann, &cem).await;
        let ann2 = world.second_device(&ann).await;
        let bob2 = world.second_device(&bob).await;
        let group = world.group(&ann, &[&bob, &cem], "Seeds").await;
        let devices = vec![ann, bob, cem, ann2, bob2];
        for device in &devices {
            device.sees(group).await;
            device.link.pace(PACE);
        }
        Self {
            world,
            devices,
            group,
            direct,
            played: 0,
            deaths: 0,
        }
    }

    fn cuts(&self) -> u64 {
        self.devices.iter().map(|device| device.link.cuts()).sum()
    }

    /// Who reads a conversation.
    fn readers(&self, chat: ConvId) -> Vec<usize> {
        let everybody = 0..self.devices.len();
        everybody
            .filter(|who| chat == self.group || *who != 2)
            .collect()
    }

    /// Plays one seed and judges it. Returns how many messages it had.
    async fn play(&mut self, seed: u64) -> usize {
        let mut dice = Seed::new(seed);
        if self.played > 0 && self.played.is_multiple_of(SEEDS_PER_GROUP) {
            let [ann, bob, cem, ann2, bob2] = &self.devices[..] else {
                unreachable!("five devices")
            };
            self.group = self.world.group(ann, &[bob, cem], "Seeds").await;
            ann2.sees(self.group).await;
            bob2.sees(self.group).await;
        }
        self.played += 1;
        for device in &self.devices {
            let part = dice.part();
            device.link.disturb(match dice.below(3) {
                0 => Faults::shuffled(part),
                _ => Faults::rough(part),
            });
        }
        let chat = if dice.per_mille(600) {
            self.group
        } else {
            self.direct
        };
        let mut script = Script::new();
        for step in 0..6 + dice.below(8) {
            self.step(&mut dice, seed, step, chat, &mut script).await;
        }
        self.heal().await;
        self.judge(seed, chat, &script).await;
        script.len()
    }

    async fn step(
        &mut self,
        dice: &mut Seed,
        seed: u64,
        step: usize,
        chat: ConvId,
        script: &mut Script,
    ) {
        let who = *dice.pick(&self.readers(chat));
        if !self.devices[who].is_alive() {
            self.deaths += 1;
            self.devices[who].start().await;
        }
        match dice.below(20) {
            0..=10 => {
                self.write(who, format!("seed {seed} step {step}"), chat, script)
                    .await
            }
            11 | 12 => {
                self.change(
                    dice,
                    format!("seed {seed} step {step} changed"),
                    chat,
                    script,
                )
                .await
            }
            13 => self.react(who, dice, chat, script).await,
            14 => self.devices[who].link.cut(),
            15 => self.devices[who].link.offline(),
            16 => self.devices[who].link.online(),
            17 => self.devices[who].restart().await,
            _ => {
                let at = (*dice.pick(&POINTS), 1 + dice.number() % 3);
                self.devices[who].start_to_die(Some(at)).await;
            }
        }
    }

    async fn write(&mut self, who: usize, text: String, chat: ConvId, script: &mut Script) {
        let device = &self.devices[who];
        let id = match device.try_write(chat, &text).await {
            Ok(sent) => sent.id,
            // The engine died in the call: it was written, or it was not.
            Err(error) if error.is(LocalCode::Stopping) => {
                self.deaths += 1;
                self.devices[who].start().await;
                match find(&self.devices[who], chat, &text).await {
                    Some(id) => id,
                    None => return drop(error),
                }
            }
            Err(error) => panic!("{}: {error}", device.handle),
        };
        let line = Line {
            author: who,
            texts: vec![text],
            deleted: Some(false),
        };
        script.insert(id, line);
    }

    /// The author edits or deletes one of the schedule's messages.
    async fn change(&mut self, dice: &mut Seed, text: String, chat: ConvId, script: &mut Script) {
        let ids: Vec<MsgId> = script.keys().copied().collect();
        if ids.is_empty() {
            return;
        }
        let message = *dice.pick(&ids);
        let Some(line) = script.get_mut(&message) else {
            return;
        };
        let device = &self.devices[line.author];
        if !device.is_alive() || line.deleted != Some(false) {
            return;
        }
        let delete = dice.per_mille(300);
        let done = if delete {
            device.call(MessageDelete { chat, message }).await
        } else {
            let text = text.clone();
            device
                .call(MessageEdit {
                    chat,
                    message,
                    text,
                    mentions: Vec::new(),
                })
                .await
        };
        match (done, delete) {
            (Ok(_), true) => line.deleted = Some(true),
            (Ok(_), false) => line.texts = vec![text],
            (Err(error), true) if error.is(LocalCode::Stopping) => line.deleted = None,
            (Err(error), false) if error.is(LocalCode::Stopping) => line.texts.push(text),
            (Err(error), _) => panic!("{}: {error}", device.handle),
        }
    }

    /// Somebody reacts, if the message is there yet.
    async fn react(&self, who: usize, dice: &mut Seed, chat: ConvId, script: &Script) {
        let ids: Vec<MsgId> = script.keys().copied().collect();
        if ids.is_empty() {
            return;
        }
        let message = *dice.pick(&ids);
        let emoji = (*dice.pick(&["👍", "🎉", ""])).to_owned();
        let _not_here_yet = self.devices[who]
            .call(MessageReact {
                chat,
                message,
                emoji,
            })
            .await;
    }

    /// The line is good again and everybody runs.
    async fn heal(&mut self) {
        for device in &mut self.devices {
            device.link.calm();
            device.link.online();
            // Who lives goes on as it is: recovery must not need a restart.
            self.deaths += u64::from(device.survive().await);
        }
    }

    async fn judge(&self, seed: u64, chat: ConvId, script: &Script) {
        let readers = self.readers(chat);
        let started = Instant::now();
        loop {
            let mut views = Vec::new();
            for who in &readers {
                views.push(view(&self.devices[*who], chat, script.len()).await);
            }
            let wrong = wrong(&views, script);
            let Some(wrong) = wrong else { return };
            assert!(
                started.elapsed() < LIMIT,
                "seed {seed}: {wrong}; devices {:?}",
                readers
                    .iter()
                    .map(|who| &self.devices[*who].handle)
                    .collect::<Vec<_>>()
            );
            tokio::task::yield_now().await;
            chatty_e2e::wait::blink().await;
        }
    }
}

async fn view(device: &Device, chat: ConvId, lines: usize) -> Vec<Message> {
    let limit = (lines as u64 + 15).min(500);
    device.must(MessageList::newest(chat, limit)).await
}

async fn find(device: &Device, chat: ConvId, text: &str) -> Option<MsgId> {
    let rows = view(device, chat, 40).await;
    rows.iter()
        .find(|row| row.text.as_deref() == Some(text))
        .map(|row| row.id)
}

/// What is not as it must be, if anything.
fn wrong(views: &[Vec<Message>], script: &Script) -> Option<String> {
    let mut first = None;
    for (number, view) in views.iter().enumerate() {
        for (id, line) in script {
            let rows: Vec<&Message> = view.iter().filter(|row| row.id == *id).collect();
            let [row] = rows[..] else {
                return Some(format!("reader {number} shows {id} {} times", rows.len()));
            };
            let deleted = line.deleted.is_none_or(|deleted| deleted == row.deleted);
            let text = row.deleted
                || row
                    .text
                    .as_ref()
                    .is_some_and(|text| line.texts.contains(text));
            let accepted = row.seq.is_some() && row.state != MessageState::Waiting;
            if !deleted || !text || !accepted || !is_readable(row) {
                return Some(format!(
                    "reader {number} shows {row:?}, wanted {:?}",
                    line.texts
                ));
            }
        }
        // From before the second devices were linked.
        let early = |row: &Message| matches!(row.state, MessageState::BeforeLink);
        if let Some(row) = view.iter().find(|row| !is_readable(row) && !early(row)) {
            return Some(format!("reader {number} cannot read {row:?}"));
        }
        let mine: Vec<_> = view
            .iter()
            .filter(|row| script.contains_key(&row.id))
            .map(|row| {
                (
                    row.id,
                    row.seq,
                    row.text.clone(),
                    row.deleted,
                    reactions(row),
                )
            })
            .collect();
        match &first {
            None => first = Some(mine),
            Some(first) if *first == mine => {}
            Some(first) => {
                return Some(format!(
                    "reader {number} shows {mine:?}, reader 0 {first:?}"
                ));
            }
        }
    }
    None
}

/// Who reacted how, in no order: the order of reacting is each reader's own.
fn reactions(row: &Message) -> Vec<(String, Vec<chatty_protocol::UserId>)> {
    let mut all: Vec<_> = row
        .reactions
        .iter()
        .map(|one| {
            let mut by = one.by.clone();
            by.sort();
            (one.emoji.clone(), by)
        })
        .collect();
    all.sort();
    all
}
