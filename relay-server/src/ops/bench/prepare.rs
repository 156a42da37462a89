//! Writes people and their conversations into a data folder, through the relay's own services.

use std::sync::Arc;

use chatty_protocol::codec::Fixed;
use chatty_protocol::conversation_log::{ConvEntry, ConvOp, ConvState, Mode, Policy, authorize};
use chatty_protocol::device_log::DeviceEntry;
use chatty_protocol::sign::{Signed, ZERO_HASH, sha256};
use chatty_protocol::{UserId, limits};
use futures::StreamExt;

use super::person::Person;
use super::{BenchError, Plan};
use crate::clock::{SharedClock, SharedRandom};
use crate::config::LimitConfig;
use crate::gateway::Live;
use crate::lifecycle::DATABASE;
use crate::notice::Notices;
use crate::service::conversation::{Actor, EntryRefusal};
use crate::store::Store;
use crate::store::account::NewAccount;
use crate::store::device::{DeviceChange, NewDeviceEntry};
use crate::store::session::NewFamily;
use crate::store::sqlite::{Options, SqliteStore};

/// People or conversations that are written side by side.
const AT_A_TIME: usize = 64;

/// Everybody signed up, every conversation joined.
pub async fn prepare(
    plan: &Plan,
    clock: &SharedClock,
    random: &SharedRandom,
) -> Result<(), BenchError> {
    std::fs::create_dir_all(&plan.data)?;
    let options = Options::new(random.bytes()?);
    let store = SqliteStore::open(&plan.data.join(DATABASE), options)?;
    let store: Arc<dyn Store> = Arc::new(store);
    let limits = LimitConfig {
        strangers_per_day: u32::MAX,
        ..LimitConfig::default()
    };
    let live = Live::new(&store, clock, &plan.origin(), &limits);
    let tasks = live.start(&Notices::default());
    let people: Vec<Person> = (0..plan.users).map(Person::new).collect();
    // Side by side, so that one commit takes many.
    let signing = people.iter().enumerate();
    let signing = signing.map(|(index, person)| sign_up(&*store, index, person, clock.now_ms()));
    all(signing).await?;
    all((people.chunks(plan.members.max(1))).map(|circle| create(&live, plan, circle))).await?;
    // Whoever holds the store keeps its lock: the relay could not open it.
    for task in tasks {
        task.abort();
        let _aborted = task.await;
    }
    drop(live);
    store.close().await;
    Ok(())
}

/// Runs all, some at a time.
async fn all<F>(work: impl Iterator<Item = F>) -> Result<(), BenchError>
where
    F: Future<Output = Result<(), BenchError>>,
{
    let mut running = futures::stream::iter(work).buffer_unordered(AT_A_TIME);
    while let Some(done) = running.next().await {
        done?;
    }
    Ok(())
}

async fn sign_up(
    store: &dyn Store,
    index: usize,
    person: &Person,
    now: u64,
) -> Result<(), BenchError> {
    let entry = NewDeviceEntry {
        user: person.user,
        on: None,
        seq: 0,
        prev: ZERO_HASH,
        hash: DeviceEntry::hash_of(&person.init),
        recover: false,
        close: false,
        bytes: person.init.to_bytes().into(),
        changes: vec![DeviceChange::Add {
            device: person.device,
            cert: person.cert.to_bytes().into(),
            class: 1,
            expires: 0,
        }],
        now,
    };
    let account = NewAccount {
        handle: format!("bench{index}"),
        email: format!("bench{index}@localhost.localdomain"),
        password: String::new(),
        verified: true,
        entry,
        released_before: 0,
    };
    store.sign_up(account).await?;
    let family = NewFamily {
        family: person.family,
        user: person.user,
        device: Some(person.device),
        hash: [0; 32],
        created: now,
        expires: now.saturating_add(limits::REFRESH_TOKEN_MS),
    };
    Ok(store.family_put(family).await?)
}

fn refused(refusal: EntryRefusal) -> BenchError {
    BenchError::Refused(format!("{}: {}", refusal.code, refusal.detail))
}

fn denied(denied: chatty_protocol::conversation_log::Denied) -> BenchError {
    BenchError::Refused(denied.to_string())
}

/// Operation that creates the conversation of a circle.
pub(super) fn create_op(plan: &Plan, circle: &[Person]) -> ConvOp {
    let mut users: Vec<UserId> = circle.iter().map(|person| person.user).collect();
    users.sort_unstable();
    let direct = users.len() <= 2;
    let mut nonce = [0; 16];
    for user in &users {
        let next = sha256(&[&nonce[..], user.as_ref()].concat()).0;
        nonce.copy_from_slice(&next[..16]);
    }
    ConvOp::Create {
        mode: if direct { Mode::Direct } else { Mode::Group },
        nonce: Fixed(nonce),
        origin: plan.origin(),
        users: if direct { users } else { Vec::new() },
        policy: Policy::default(),
    }
}

/// The first entry of a circle and the state after it; the same bytes every time.
pub(super) fn first(
    plan: &Plan,
    circle: &[Person],
) -> Result<(Signed<ConvEntry>, ConvState), BenchError> {
    let creator = circle.first().ok_or(BenchError::Answer("empty circle"))?;
    let signed = creator
        .entry(None, create_op(plan, circle))
        .map_err(denied)?;
    let state = apply(None, &signed)?;
    Ok((signed, state))
}

fn apply(state: Option<&ConvState>, signed: &Signed<ConvEntry>) -> Result<ConvState, BenchError> {
    let entry = signed.open().map_err(|_| BenchError::Answer("own entry"))?;
    authorize(state, signed, &entry, true).map_err(denied)
}

async fn create(live: &Live, plan: &Plan, circle: &[Person]) -> Result<(), BenchError> {
    let (signed, mut state) = first(plan, circle)?;
    let (creator, others) = circle
        .split_first()
        .ok_or(BenchError::Answer("empty circle"))?;
    let bytes = signed.to_bytes();
    let conversations = &live.conversations;
    let created = conversations.create(actor(creator), bytes).await;
    created.map_err(refused)?;
    if state.mode == Mode::Group {
        for some in others.chunks(limits::INVITES_PER_ENTRY) {
            let users = some.iter().map(|person| person.user).collect();
            append(live, &mut state, creator, ConvOp::Invite { users }).await?;
        }
    }
    for person in others {
        let invite_seq = state.member(&person.user).map_or(0, |m| m.invited_seq);
        append(live, &mut state, person, ConvOp::Join { invite_seq }).await?;
    }
    Ok(())
}

fn actor(person: &Person) -> Actor {
    Actor {
        user: person.user,
        device: person.device,
    }
}

async fn append(
    live: &Live,
    state: &mut ConvState,
    person: &Person,
    op: ConvOp,
) -> Result<(), BenchError> {
    let signed = person.entry(Some(state), op).map_err(denied)?;
    let bytes = signed.to_bytes();
    let conversations = &live.conversations;
    let appended = conversations.append(actor(person), &state.conv, bytes, state.head.seq + 1);
    appended.await.map_err(refused)?;
    *state = apply(Some(state), &signed)?;
    Ok(())
}
