//! A13: changed bits. Rows, items and whole frames come with one bit wrong before the genuine ones.
//! None of them counts, and none of them keeps a genuine one out. `CHATTY_SOAK=1`: 100,000 flips.

use chatty_e2e::capture::{self, Kept, changed};
use chatty_e2e::hostile::Hostile;
use chatty_e2e::person::Device;
use chatty_e2e::seed::{Seed, rounds};
use chatty_e2e::wait::until;
use chatty_e2e::world::World;
use chatty_protocol::codec::encode;
use chatty_protocol::frame::{RowFrame, ServerFrame};
use chatty_protocol::limits::{FAILED_DECRYPTS_PER_MINUTE, MINUTE_MS};

/// Flips between two looks: as many as are judged within a minute, so that each one is.
const BURST: usize = FAILED_DECRYPTS_PER_MINUTE as usize - 1;

fn flip(bytes: &mut [u8], seed: &mut Seed) {
    let bit = seed.below(bytes.len() * 8);
    bytes[bit / 8] ^= 1 << (bit % 8);
}

/// Keeps back what this script is asked to, for the test to give out.
fn withholding(kept: &Kept, what: impl Fn(&ServerFrame) -> bool + Send + 'static) -> Hostile {
    let keep = kept.clone();
    Hostile::new().down(move |frame| {
        if what(&frame) {
            keep.put(&frame);
            return Vec::new();
        }
        vec![frame]
    })
}

/// Gives `count` changed frames in bursts; the clock moves a minute with each.
async fn bursts(device: &Device, count: usize, mut frame: impl FnMut() -> Vec<u8>) {
    // What is held for a minute is tried again by a clock of its own.
    device.link.pace(60);
    let mut skew = 0;
    for done in (0..count).step_by(BURST) {
        for _ in 0..BURST.min(count - done) {
            device.link.inject_bytes(&frame());
        }
        device.took_all().await;
        skew += i64::try_from(MINUTE_MS).expect("small") + 1_000;
        device.link.skew(skew);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a13_no_changed_bit_of_a_row_is_shown() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    let chat = world.friends(&ann, &bob).await;
    let (kept, of) = (Kept::default(), bob.id);
    ann.link.attack(withholding(
        &kept,
        move |frame| matches!(frame, ServerFrame::Row(RowFrame::Message { device, .. }) if *device == of),
    ));
    bob.send(chat, "every bit counts").await;
    let row = until("the row", async || capture::rows(&kept.all(), of).pop()).await;
    let before = ann.texts(chat).await;
    let mut seed = Seed::new(13);
    bursts(&ann, rounds(1_200, 60_000), || {
        let forged = changed(&row, |parts| flip(&mut parts.send.ct.0, &mut seed));
        encode(&ServerFrame::Row(forged))
    })
    .await;
    assert_eq!(ann.texts(chat).await, before, "nothing was accepted");
    // Bits of the envelope and of the frame: the relay may lie about number and time, not more.
    let whole = encode(&ServerFrame::Row(row.clone()));
    bursts(&ann, rounds(600, 20_000), || {
        let mut bytes = whole.clone();
        flip(&mut bytes, &mut seed);
        bytes
    })
    .await;
    let readable = async |text: &str| {
        let rows = ann.messages(chat).await.into_iter();
        let mut rows = rows.filter(|row| row.text.as_deref() == Some(text));
        (rows.next(), rows.count())
    };
    let (_, more) = readable("every bit counts").await;
    assert_eq!(more, 0, "shown once at most");
    ann.link.calm();
    ann.link.inject(&ServerFrame::Row(row));
    let shown = ann.reads(chat, "every bit counts").await;
    assert_eq!((shown.from, shown.from_device), (bob.user, bob.id));
    let texts: Vec<_> = ann.messages(chat).await;
    let texts = texts.iter().filter_map(|row| row.text.clone());
    let wanted: Vec<_> = before
        .into_iter()
        .chain(["every bit counts".into()])
        .collect();
    assert_eq!(texts.collect::<Vec<_>>(), wanted, "and nothing else");
    bob.send(chat, "and afterwards").await;
    ann.reads(chat, "and afterwards").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a13_no_changed_bit_of_an_item_counts() {
    let world = World::new().await;
    let (ann, bob) = (world.person("ann").await, world.person("bob").await);
    world.friends(&ann, &bob).await;
    let (kept, of) = (Kept::default(), bob.id);
    ann.link.attack(withholding(
        &kept,
        move |frame| matches!(frame, ServerFrame::TdItem(item) if item.device == of),
    ));
    let group = world.group(&bob, &[&ann], "A new key").await;
    bob.send(group, "locked").await;
    let item = until("the key", async || capture::items(&kept.all(), of).pop()).await;
    let mut seed = Seed::new(31);
    bursts(&ann, rounds(200, 20_000), || {
        let mut forged = item.clone();
        flip(&mut forged.item.olm.0, &mut seed);
        encode(&ServerFrame::TdItem(forged))
    })
    .await;
    let texts = ann.texts(group).await;
    assert!(!texts.contains(&"locked".to_owned()), "{texts:?}");
    ann.link.calm();
    // The hint is the relay's to change: it helps to find the session, and says nothing.
    for frame in kept.all() {
        if let ServerFrame::TdItem(mut item) = frame {
            flip(&mut item.item.hint.0, &mut seed);
            ann.link.inject(&ServerFrame::TdItem(item));
        }
    }
    ann.reads(group, "locked").await;
    bob.send(group, "and afterwards").await;
    ann.reads(group, "and afterwards").await;
}
