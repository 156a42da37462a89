//! A device that missed 10,000 messages comes back: relay, engine, crypto and encrypted store.
//!
//! `cargo xtask bench catch_up`. The relay runs in this process and shares its cores.

#[path = "../../client-core/examples/figure/mod.rs"]
mod figure;

use std::time::Instant;

use chatty_core::api::chat::ChatList;
use chatty_core::api::message::MessageSend;
use chatty_core::api::sync::SyncState;
use chatty_e2e::person::Device;
use chatty_e2e::wait::blink;
use chatty_e2e::world::World;
use chatty_protocol::ConvId;
use figure::{at_most, ms, plain, process_cpu};

const MISSED: usize = 10_000;
/// Written before the outbox is let run empty.
const AT_A_TIME: usize = 500;

#[tokio::main]
async fn main() {
    let world = World::new().await;
    let (ann, mut bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    bob.kill();
    let sending = Instant::now();
    send(&ann, chat).await;
    let sent = sending.elapsed();

    let (begin, cpu) = (Instant::now(), process_cpu().unwrap_or_default());
    bob.start().await;
    let started = begin.elapsed();
    let mut answers = Vec::new();
    loop {
        let asked = Instant::now();
        bob.must(ChatList {}).await;
        answers.push(asked.elapsed());
        let status = bob.must(SyncState {}).await;
        if status.caught_up && status.behind == 0 {
            break;
        }
        blink().await;
    }
    let took = begin.elapsed();
    let cpu = process_cpu().unwrap_or_default() - cpu;
    check(&bob, chat).await;
    answers.sort_unstable();
    let at = |share: usize| answers[(answers.len() - 1) * share / 100];
    let name = format!("catch-up of {MISSED} messages by an engine");
    at_most(&name, took.as_secs_f64(), 5.0, "s");
    plain("  CPU, the relay's with it", cpu.as_secs_f64(), "s");
    plain("  opening the home", ms(started), "ms");
    plain("  chat list asked meanwhile, p95", ms(at(95)), "ms");
    plain("  chat list asked meanwhile, longest", ms(at(100)), "ms");
    let rate = MISSED as f64 / sent.as_secs_f64();
    plain("sending them through an engine", rate, "msg/s");
}

async fn send(from: &Device, chat: ConvId) {
    for first in (0..MISSED).step_by(AT_A_TIME) {
        for n in first..first + AT_A_TIME {
            let text =
                format!("number {n}: shall we meet at seven at the station, or is that too early?");
            from.must(MessageSend::text(chat, text)).await;
        }
        from.settle().await;
    }
}

/// The last page holds the newest messages, each once, readable and in order.
async fn check(by: &Device, chat: ConvId) {
    let texts = by.texts(chat).await;
    let wanted = MISSED - texts.len()..MISSED;
    for (text, n) in texts.iter().zip(wanted) {
        assert!(
            text.starts_with(&format!("number {n}:")),
            "{text:?} is not number {n}"
        );
    }
    let unread = by.row(chat).await.map(|row| row.unread);
    assert!(unread >= Some(MISSED as u64), "{unread:?} unread");
}
