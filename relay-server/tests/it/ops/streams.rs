//! `chatty-relay doctor --streams` on databases that were damaged by hand.

use std::path::Path;

use chatty_protocol::codec::{Ext, Fixed, decode_exact};
use chatty_protocol::envelope::{Item, LANE_MARK};
use chatty_protocol::frame::RowFrame;
use chatty_protocol::{ErrorCode, limits};
use chatty_relay::config::Config;
use chatty_relay::ops::doctor::{self, Depth};
use rusqlite::Connection;

use crate::kit::relay::DATABASE;
use crate::kit::{Chat, Person, TestRelay, TestSocket};

/// Messages that Anna sent: rows 3 to 8 of a stream whose rows 1 and 2 are entries.
const SENT: u64 = 6;

struct World {
    relay: TestRelay,
    anna: Person,
    ben: Person,
    chat: Chat,
}

/// Two people, six messages, a mark and two items that wait.
async fn world() -> World {
    let relay = TestRelay::start().await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for n in 1..=SENT {
        assert_eq!(a.send_and_wait(&chat.message(n)).await, Ok(n + 2));
    }
    assert_eq!(a.send_and_wait(&chat.in_lane(LANE_MARK)).await, Ok(0));
    for n in 1..=2 {
        let item = Item {
            id: Fixed([1; 16]),
            to: ben.first().id,
            suite: 1,
            kind: 1,
            hint: Fixed([2; 8]),
            olm: vec![3; 50].into(),
            expires: relay.now_ms() + limits::DAY_MS,
            ext: Ext::default(),
        };
        assert_eq!(a.items(n, vec![item]).await, Ok(Vec::new()));
    }
    World {
        relay,
        anna,
        ben,
        chat,
    }
}

fn change(folder: &Path, statements: &str) {
    let conn = Connection::open(folder.join(DATABASE)).unwrap();
    conn.execute_batch(statements).unwrap();
}

async fn look(config: &Config, depth: Depth) -> (bool, String) {
    let report = doctor::examine(config, depth).await;
    (report.is_sound(), report.to_string())
}

/// Numbers and frames of every row that a person reads.
async fn rows(world: &World) -> Vec<RowFrame> {
    let page = world.relay.rows(world.ben.first(), &world.chat, "?after=0");
    let rows = page.await.rows.into_iter();
    rows.map(|bytes| decode_exact(&bytes.0).unwrap()).collect()
}

#[tokio::test]
async fn a_relay_that_runs_is_whole_and_is_not_repaired() {
    let world = world().await;
    let config = world.relay.app.config.clone();
    let (sound, said) = look(&config, Depth::Streams).await;
    assert!(sound && said.contains("every stream is whole"), "{said}");
    let (sound, said) = look(&config, Depth::Repair).await;
    assert!(!sound && said.contains("stop it"), "{said}");
}

#[tokio::test]
async fn a_hole_is_named_and_filled_so_that_readers_go_on() {
    let mut world = world().await;
    let config = world.relay.app.config.clone();
    let damage = |folder: &Path| change(folder, "DELETE FROM msg WHERE seq IN (5)");
    world.relay = world.relay.restart_after(damage).await;
    assert_eq!(rows(&world).await.len(), 4, "readers stop at the hole");
    let (sound, said) = look(&config, Depth::Streams).await;
    assert!(!sound && said.contains("row 5 is missing"), "{said}");
    assert!(said.contains("--repair"), "{said}");
    let (dir, config) = world.relay.leave().await;
    let (sound, said) = look(&config, Depth::Repair).await;
    assert!(sound && said.contains("mended"), "{said}");
    world.relay = TestRelay::start_on(dir, config).await;
    let rows = rows(&world).await;
    assert_eq!(rows.len() as u64, SENT + 2);
    let RowFrame::Void { seq, device, n, .. } = &rows[4] else {
        panic!("{:?}", rows[4]);
    };
    assert_eq!((*seq, *device, *n), (5, world.anna.first().id, 3));
    // The stream goes on where it was.
    let (mut a, _) = TestSocket::connect(&world.relay, world.anna.first()).await;
    let next = world.chat.message(SENT + 1);
    assert_eq!(a.send_and_wait(&next).await, Ok(SENT + 3));
    let old = a.send_and_wait(&world.chat.message(2)).await;
    assert_eq!(old, Err(ErrorCode::DeviceCloned), "no number is free again");
}

#[tokio::test]
async fn every_kind_of_damage_is_found_and_mended() {
    let world = world().await;
    let (_dir, config) = world.relay.leave().await;
    let kinds = [
        // The newest rows are gone: only the sender's place tells.
        ("DELETE FROM msg WHERE seq>6", "rows 7 to 8 are missing"),
        // The row of an entry, whose bytes are still in the log.
        ("DELETE FROM msg WHERE seq=2", "row 2 is missing"),
        (
            "UPDATE msg SET body=x'00' WHERE seq=4",
            "row 4 cannot be read",
        ),
        ("UPDATE msg SET dev=99 WHERE seq=5", "row 5 cannot be read"),
        (
            "UPDATE msg SET mid=x'00' WHERE seq=6",
            "row 6 cannot be read",
        ),
        ("UPDATE sender SET last_n=2", "last number is behind"),
        ("UPDATE mark SET body=x'80'", "a read marker cannot be read"),
        (
            "UPDATE inbox SET body=x'80' WHERE n=1",
            "can never be delivered",
        ),
        ("UPDATE inbox SET snd=99", "can never be delivered"),
    ];
    for (damage, words) in kinds {
        change(&config.data, damage);
        let (sound, said) = look(&config, Depth::Streams).await;
        assert!(!sound && said.contains(words), "{damage}: {said}");
        let (sound, said) = look(&config, Depth::Repair).await;
        assert!(sound && said.contains(words), "{damage}: {said}");
        let (sound, said) = look(&config, Depth::Streams).await;
        assert!(sound && said.contains("whole"), "{damage}: {said}");
    }
}

#[tokio::test]
async fn a_log_that_does_not_verify_needs_a_backup() {
    let world = world().await;
    let (_dir, config) = world.relay.leave().await;
    let swapped = "UPDATE clog SET bytes=(SELECT bytes FROM clog WHERE ls=0) WHERE ls=1";
    let kinds = [
        (swapped, "log entry 1 does not verify"),
        ("DELETE FROM clog WHERE ls=1", "log entry 1 is missing"),
    ];
    for (damage, words) in kinds {
        change(&config.data, damage);
        for depth in [Depth::Streams, Depth::Repair] {
            let (sound, said) = look(&config, depth).await;
            assert!(!sound && said.contains(words), "{damage}: {said}");
            assert!(said.contains("only a backup helps"), "{said}");
        }
    }
}
