//! A32: the relay stands in the middle of a device approval, in both directions. It shows each
//! side what it likes, knows every key that it put there itself, and even makes the proofs at the
//! end. The users compare the pictures; nobody is approved.

use std::sync::{Arc, Mutex};

use chatty_core::api::device::{
    Approval, ApprovalStep, DeviceApprovals, DeviceApprove, DeviceConfirm, DeviceList,
};
use chatty_core::api::state::DeviceState;
use chatty_crypto::approval::LinkFrame;
use chatty_e2e::forge::{Forged, bytes};
use chatty_e2e::hostile::{Hostile, edit};
use chatty_e2e::person::Device;
use chatty_e2e::seed::{Seed, rounds};
use chatty_e2e::wait::until;
use chatty_e2e::world::{World, approve};
use chatty_protocol::certificate::Certificate;
use chatty_protocol::codec::{Bytes, Fixed, decode_exact, encode};
use chatty_protocol::device_log::DeviceLog;
use chatty_protocol::rest::{B64, Frames, Links};
use chatty_protocol::sign::{Hash32, Key, Signed, hash};
use chatty_protocol::{DeviceId, Head, UserId};

/// First message, as its layout is public.
type First = (
    Fixed<16>,
    Signed<Certificate>,
    UserId,
    Key,
    Head,
    (String, String),
);
/// What the trusted device says of itself.
type Trusted = (Signed<Certificate>, Key, Head);

/// Which messages the relay replaces in a run.
#[derive(Clone, Copy, Debug)]
struct Plan {
    certificate: bool,
    commitment: bool,
    new_key: bool,
    opening: bool,
    proofs: bool,
}

impl Plan {
    /// At least one lie that matters.
    fn draw(seed: &mut Seed) -> Self {
        loop {
            let plan = Self {
                certificate: seed.per_mille(600),
                commitment: seed.per_mille(600),
                new_key: seed.per_mille(600),
                opening: seed.per_mille(600),
                proofs: seed.per_mille(600),
            };
            if plan.certificate || plan.commitment || plan.new_key || plan.opening {
                return plan;
            }
        }
    }
}

/// What the relay in the middle knows.
struct Middle {
    plan: Plan,
    /// Its own device, to be approved in the new one's place.
    device: Forged,
    /// What the trusted device would say of itself; public.
    trusted: Trusted,
    /// The true first message, once it was seen.
    first: Option<Vec<u8>>,
    /// Its keys towards the new and towards the trusted device.
    to_new: Key,
    to_trusted: Key,
}

fn random_key() -> Key {
    let mut key = bytes::<32>();
    key[31] &= 0x7f;
    Fixed(key)
}

impl Middle {
    /// The first message as the trusted device is shown it.
    fn first(&mut self, m1: &mut B64) {
        self.first = Some(m1.0.clone());
        if self.plan.certificate {
            let mut read: First = decode_exact(&m1.0).expect("a first message");
            read.1 = self.device.cert.clone();
            m1.0 = encode(&read);
        }
    }

    /// A frame on its way to either side.
    fn frame(&self, bytes: &mut B64) {
        let Ok(mut frame) = LinkFrame::from_bytes(&bytes.0) else {
            return;
        };
        let lie = match frame.step {
            2 if self.plan.commitment => Some(encode(&(self.commitment(),))),
            3 if self.plan.new_key => Some(encode(&(self.to_trusted,))),
            4 if self.plan.opening => Some(encode(&(self.to_new, self.trusted.clone()))),
            5 | 6 if self.plan.proofs => Some(bytes_of_a_proof()),
            _ => None,
        };
        if let Some(lie) = lie {
            frame.bytes = Bytes(lie);
            bytes.0 = frame.to_bytes();
        }
    }

    fn commitment(&self) -> Hash32 {
        let first = self.first.clone().unwrap_or_default();
        let parts = [
            &encode(&self.to_new)[..],
            &first,
            &encode(&self.trusted)[..],
        ];
        hash("sas-commit", &parts.concat())
    }
}

fn bytes_of_a_proof() -> Vec<u8> {
    bytes::<32>().to_vec()
}

/// The same relay on a link of either side.
fn on_link(middle: &Arc<Mutex<Middle>>) -> Hostile {
    let middle = middle.clone();
    Hostile::new().answer(move |ask, answer| {
        let mut middle = middle.lock().expect("the relay");
        if ask.is("GET", "/links") {
            edit::<Links>(answer, |page| {
                for link in &mut page.links {
                    middle.first(&mut link.m1);
                }
            });
        }
        if ask.is("GET", "/links/*/frames") {
            edit::<Frames>(answer, |page| {
                page.frames.iter_mut().for_each(|frame| middle.frame(frame));
            });
        }
    })
}

const PACE: u64 = 10;
const WAIT_MS: u64 = 30_000;

/// What the user of the new device sees: pictures, or that it is over.
async fn shown(new: &Device) -> Option<Approval> {
    let rows = new.must(DeviceApprovals {}).await;
    let newest = rows.into_iter().last()?;
    matches!(newest.step, ApprovalStep::Compare | ApprovalStep::Stopped).then_some(newest)
}

async fn says(device: &Device, approval: &Approval, same: bool) {
    let confirm = DeviceConfirm {
        approval: approval.id.clone(),
        same,
        timeout_ms: WAIT_MS,
    };
    // An approval that was stopped answers so.
    let _ = device.call(confirm).await;
}

/// One run. True when pictures were shown on both sides.
async fn run(trusted: &Device, new: &Device, wanted: DeviceId) -> bool {
    until("a device waits", async || {
        let rows = trusted.call(DeviceList {}).await.ok()?;
        rows.into_iter().find(|row| row.id == wanted).map(|_| ())
    })
    .await;
    let approve = DeviceApprove {
        device: wanted,
        timeout_ms: WAIT_MS,
    };
    let ours = match trusted.call(approve).await {
        Ok(view) if view.step == ApprovalStep::Compare => view,
        _ => return false,
    };
    let theirs = until("the new device shows something", async || shown(new).await).await;
    if theirs.step != ApprovalStep::Compare {
        says(trusted, &ours, false).await;
        return false;
    }
    // Two careful users.
    let same = ours.sas.is_some() && ours.sas == theirs.sas;
    futures::join!(says(trusted, &ours, same), says(new, &theirs, same));
    true
}

async fn assert_nobody(trusted: &Device, new: &Device, ghost: DeviceId, plan: Plan) {
    for device in [trusted, new] {
        let Ok(rows) = device.call(DeviceList {}).await else {
            continue;
        };
        for row in rows {
            let is_in_doubt = row.id == ghost || row.id == new.id;
            let approved = row.state == DeviceState::Approved;
            assert!(!(is_in_doubt && approved), "{plan:?}: {row:?}");
        }
    }
    let asked = trusted.link.asked();
    let appended = asked
        .iter()
        .any(|call| *call == ("POST", "/users/me/log".to_owned()));
    assert!(!appended, "{plan:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a32_a_relay_in_the_middle_is_never_approved() {
    let world = World::new().await;
    let mut seed = Seed::new(32);
    let mut compared = 0;
    for number in 0..rounds(24, 1_000) {
        // Three failures lock an account's devices: each run has its own.
        let mut trusted = world.person(&format!("ann{number}")).await;
        let keys = trusted.keys().await;
        let log: DeviceLog = keys.log(&trusted.user);
        trusted.settle().await;
        let plan = Plan::draw(&mut seed);
        let middle = Middle {
            plan,
            device: Forged::of(trusted.user),
            trusted: (keys.own.cert.clone(), log.aik, log.head),
            first: None,
            to_new: random_key(),
            to_trusted: random_key(),
        };
        let ghost = middle.device.id;
        let middle = Arc::new(Mutex::new(middle));
        trusted.link.pace(PACE);
        trusted.link.attack(on_link(&middle));
        let new = world.log_in(&trusted.handle).await;
        new.link.pace(PACE);
        new.link.attack(on_link(&middle));
        trusted.link.asked();
        let wanted = if plan.certificate { ghost } else { new.id };
        compared += u32::from(run(&trusted, &new, wanted).await);
        assert_nobody(&trusted, &new, ghost, plan).await;
    }
    assert!(compared > 0, "no run came to the pictures");
}

/// The same account is approved when the relay stops: the test above can fail.
#[tokio::test(flavor = "multi_thread")]
async fn a32_after_the_attack_an_honest_run_ends_approved() {
    let world = World::new().await;
    let mut trusted = world.person("ann").await;
    let keys = trusted.keys().await;
    let log = keys.log(&trusted.user);
    let middle = Arc::new(Mutex::new(Middle {
        plan: Plan {
            certificate: true,
            commitment: true,
            new_key: true,
            opening: true,
            proofs: false,
        },
        device: Forged::of(trusted.user),
        trusted: (keys.own.cert.clone(), log.aik, log.head),
        first: None,
        to_new: random_key(),
        to_trusted: random_key(),
    }));
    let ghost = middle.lock().expect("the relay").device.id;
    trusted.link.attack(on_link(&middle));
    let new = world.log_in("ann").await;
    new.link.attack(on_link(&middle));
    assert!(run(&trusted, &new, ghost).await, "both sides show pictures");
    trusted.link.calm();
    new.link.calm();
    approve(&trusted, &new).await;
    until("the new device is approved", async || {
        let rows = trusted.must(DeviceList {}).await;
        let row = rows.iter().find(|row| row.id == new.id)?;
        (row.state == DeviceState::Approved).then_some(())
    })
    .await;
}
