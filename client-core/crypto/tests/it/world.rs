//! Random schedules over three people with two devices each: whatever the order in which keys,
//! entries and messages arrive, everybody who is entitled reads every message once.

use std::collections::BTreeSet;

use chatty_crypto::megolm::{self, Verdict};
use chatty_protocol::conversation_log::ConvOp;
use chatty_protocol::device_log::{DeviceOp, RevokeReason};
use chatty_protocol::limits;
use proptest::prelude::*;

use crate::room::{Room, Row};

#[derive(Debug, Clone)]
enum Step {
    Send(usize),
    Drain(usize),
    /// Tries to read a row that may have no key yet.
    Read(usize, prop::sample::Index),
    /// Time passes, up to beyond the life of a generation.
    Pass(u64),
    /// Everybody changes the generation.
    Rotate(usize),
    /// A device crashes and forgets what was not committed: reading without a commit.
    Crash(usize, prop::sample::Index),
}

fn step() -> impl Strategy<Value = Step> {
    let device = 0usize..6;
    prop_oneof![
        4 => device.clone().prop_map(Step::Send),
        3 => device.clone().prop_map(Step::Drain),
        4 => (device.clone(), any::<prop::sample::Index>()).prop_map(|(d, i)| Step::Read(d, i)),
        1 => (1u64..30 * limits::HOUR_MS).prop_map(Step::Pass),
        1 => device.clone().prop_map(Step::Rotate),
        1 => (device, any::<prop::sample::Index>()).prop_map(|(d, i)| Step::Crash(d, i)),
    ]
}

fn six(seed: u64) -> Room {
    let mut room = Room::group(seed, 3);
    for person in 0..3 {
        room.link(person, seed * 1_000 + 500 + person as u64);
    }
    room
}

/// Reads everything that can be read, again and again, newest first.
fn settle(room: &mut Room, at: usize, shown: &mut BTreeSet<u64>, rows: &[Row]) {
    for _ in 0..3 {
        room.drain(at);
        for row in rows.iter().rev() {
            if let Verdict::Show(_) = room.receive(at, row) {
                assert!(shown.insert(row.seq), "{at} saw {} twice", row.seq);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn everybody_reads_everything_once(
        seed in 0u64..500,
        steps in proptest::collection::vec(step(), 10..60),
    ) {
        let mut room = six(10_000 + seed);
        let conv = room.conv;
        let mut shown: Vec<BTreeSet<u64>> = vec![BTreeSet::new(); 6];
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Send(from) => {
                    let row = room.text(from, &number.to_string());
                    shown[from].insert(row.seq);
                }
                Step::Drain(at) => room.drain(at),
                Step::Read(at, index) if !room.stream.is_empty() => {
                    let row = room.stream[index.index(room.stream.len())].clone();
                    if let Verdict::Show(_) = room.receive(at, &row) {
                        prop_assert!(shown[at].insert(row.seq));
                    }
                }
                Step::Crash(at, index) if !room.stream.is_empty() => {
                    let row = room.stream[index.index(room.stream.len())].clone();
                    let before = room.devices[at].store.clone();
                    room.receive(at, &row);
                    room.devices[at].store = before;
                }
                Step::Pass(ms) => room.pass(ms),
                Step::Rotate(by) => room.entry(by, ConvOp::Rotate { cuts: Vec::new() }),
                Step::Read(..) | Step::Crash(..) => {}
            }
        }
        let rows = room.stream.clone();
        for (at, seen) in shown.iter_mut().enumerate() {
            settle(&mut room, at, seen, &rows);
            let all: BTreeSet<u64> = rows.iter().map(|row| row.seq).collect();
            prop_assert_eq!(&*seen, &all, "device {}", at);
        }
        room.pass(2 * limits::GAP_SHOWN_MS);
        for at in 0..6 {
            let gaps = room.devices[at].run(|tx| megolm::gaps(tx, &conv)).unwrap();
            prop_assert!(gaps.is_empty(), "device {} misses {:?}", at, gaps);
        }
    }
}

#[test]
fn a_revoked_device_reads_and_writes_nothing_more() {
    let mut room = six(20_000);
    let conv = room.conv;
    let (owner, lost) = (1, 4);
    let before = room.text(lost, "last word");
    let early: Vec<_> = [0, 2].to_vec();
    for reader in &early {
        assert!(matches!(room.read(*reader, &before), Verdict::Show(_)));
    }
    assert!(matches!(room.read(owner, &before), Verdict::Show(_)));
    // Device 3 has the key and reads nothing yet.
    room.drain(3);
    // The owner revokes it and cuts it in the conversation.
    let device = room.devices[lost].device;
    let entry = room.devices[owner]
        .own_op(DeviceOp::Revoke {
            device,
            reason: RevokeReason::Lost,
        })
        .unwrap();
    let user = room.devices[owner].user;
    let late = room.text(lost, "too late");
    for at in [0, 2, 3, 5] {
        room.devices[at].learn(&user, std::slice::from_ref(&entry));
    }
    let cuts = room.devices[owner]
        .run(|tx| megolm::cuts_for(tx, &conv, &user))
        .unwrap();
    let cuts: Vec<_> = cuts
        .into_iter()
        .filter(|cut| cut.device == device)
        .collect();
    assert_eq!(cuts.len(), 1);
    room.entry(owner, ConvOp::Rotate { cuts });
    // Device 3 reads now, for the first time: the cut tells which is which.
    assert_eq!(
        room.receive(3, &late),
        Verdict::Hold(megolm::Hold::WaitingCut)
    );
    assert!(matches!(room.receive(3, &before), Verdict::Show(_)));
    // And it gets no key any more.
    let after = room.text(0, "without it");
    assert!(matches!(room.read(owner, &after), Verdict::Show(_)));
    let verdict = room.read(lost, &after);
    assert!(crate::room::unreadable(&verdict).is_some(), "{verdict:?}");
}
