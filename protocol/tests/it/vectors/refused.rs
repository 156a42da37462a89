//! Entries that a verifier must judge in one way and no other: on top of a log that stands, what
//! becomes of one more entry.

use chatty_protocol::codec::encode;
use chatty_protocol::conversation_log::{ConvOp, ConvState, Mode, Role, authorize, propose};
use chatty_protocol::device_log::{
    Class, DeviceEntry, DeviceLog, DeviceOp, LogError, RevokeReason, Verdict,
};
use chatty_protocol::sign::{Head, SignContext, Signed, ZERO_HASH};
use serde_json::{Value, json};

use super::hex;
use crate::kit::{ORIGIN, Person, conv_entry, create_op, device, entry, open, sign};

fn verdict(log: &DeviceLog, signed: &Signed<DeviceEntry>) -> &'static str {
    match log.clone().apply(signed) {
        Ok(Verdict::Applied(_)) => "applied",
        Ok(Verdict::Known) => "known",
        Ok(Verdict::Fork) => "fork",
        Err(LogError::Decode(_)) => "malformed",
        Err(LogError::WrongUser) => "wrong user",
        Err(LogError::WrongSeq { .. }) => "wrong seq",
        Err(LogError::WrongPrev) => "wrong prev",
        Err(LogError::WrongSigner) => "wrong signer",
        Err(LogError::BadSignature) => "bad signature",
        Err(LogError::Rule(_)) => "rule",
        Err(LogError::Closed) => "closed",
    }
}

fn handle(name: &str) -> DeviceOp {
    DeviceOp::Handle {
        handle: name.into(),
        origin: ORIGIN.into(),
    }
}

/// Ann with a second full device, a limited one, and the first one revoked.
fn ann() -> (Person, usize, usize) {
    let mut ann = Person::new(1);
    let second = ann.add_device(50, Class::Full);
    let limited = ann.add_device(51, Class::Limited);
    let first = ann.devices[0].id;
    let reason = RevokeReason::Lost;
    let op = DeviceOp::Revoke {
        device: first,
        reason,
    };
    ann.append(op, Some(second));
    (ann, second, limited)
}

fn recover(ann: &Person, epoch: u64, base: u64, keep: usize) -> Signed<DeviceEntry> {
    let hash = ann.log.hashes[usize::try_from(base).unwrap()];
    let op = DeviceOp::Recover {
        epoch,
        base: Head { seq: base, hash },
        keep: vec![ann.devices[keep].id],
        cert: None,
        class: Class::Full,
    };
    let entry = entry(ann.user, base + 1, hash, op, None);
    sign(&ann.aik, SignContext::DeviceLog, encode(&entry))
}

pub(super) fn device_log() -> Value {
    let (ann, second, limited) = ann();
    let at = |seq, prev, op, by: usize| -> Signed<DeviceEntry> {
        let device = &ann.devices[by];
        let entry = entry(ann.user, seq, prev, op, Some(device.id));
        sign(&device.key, SignContext::DeviceLog, encode(&entry))
    };
    let head = ann.log.head;
    let good = ann.signed(handle("ann"), Some(second));
    let spoiled = Signed::from_parts(good.inner().to_vec(), [7; 64]);
    let stranger = DeviceOp::Add {
        cert: device(Person::new(2).user, 60).cert,
        class: Class::Full,
        expires: 0,
    };
    let rows = [
        ("the next entry", good.clone()),
        ("an entry that stands", ann.entries[2].clone()),
        (
            "a number skipped",
            at(head.seq + 2, head.hash, handle("ann"), second),
        ),
        (
            "another predecessor",
            at(head.seq + 1, ZERO_HASH, handle("ann"), second),
        ),
        ("another signature", spoiled),
        ("a revoked device", ann.signed(handle("ann"), Some(0))),
        ("a limited device", ann.signed(handle("ann"), Some(limited))),
        ("the AIK names a handle", ann.signed(handle("ann"), None)),
        (
            "a certificate of somebody else",
            ann.signed(stranger, Some(second)),
        ),
        ("no handle", ann.signed(handle("Ann"), Some(second))),
        (
            "a second history",
            at(2, ann.log.hashes[1], handle("ann"), second),
        ),
        ("recover without a new epoch", recover(&ann, 0, 2, second)),
        (
            "recover that keeps a device which came later",
            recover(&ann, 1, 0, second),
        ),
        ("recover", recover(&ann, 1, 2, second)),
    ];
    let row = |(what, signed): (&str, Signed<DeviceEntry>)| json!({ "what": what, "entry": hex(signed.to_bytes()), "verdict": verdict(&ann.log, &signed) });
    json!({
        "log": ann.entries.iter().map(|entry| hex(entry.to_bytes())).collect::<Vec<_>>(),
        "then": rows.into_iter().map(row).collect::<Vec<_>>(),
    })
}

/// A signed entry with a right `state`, whether the table allows the operation or not.
fn try_entry(state: &ConvState, by: &Person, seq: u64, op: ConvOp, full: bool) -> (String, Value) {
    let after = propose(state, &by.user, &op, true);
    let after = after.map_or(ZERO_HASH, |after| after.state_hash());
    let signed = conv_entry(by, Some(state), seq, state.head.hash, op, after);
    let verdict = match authorize(Some(state), &signed, &signed.open().unwrap(), full) {
        Ok(_) => "applied".to_owned(),
        Err(denied) => denied.code.to_string(),
    };
    (hex(signed.to_bytes()), json!(verdict))
}

/// Each with the code that the table gives; `full` says whether the signer is a full device.
pub(super) fn conversation_log() -> Value {
    let (ann, bob, eve) = (Person::new(1), Person::new(2), Person::new(3));
    let (mut state, first) = open(&ann, create_op(Mode::Group, vec![])).unwrap();
    let invite = |person: &Person| ConvOp::Invite {
        users: vec![person.user],
    };
    let mut log = vec![hex(first.to_bytes())];
    let after = propose(&state, &ann.user, &invite(&bob), true).unwrap();
    let invited = conv_entry(
        &ann,
        Some(&state),
        1,
        state.head.hash,
        invite(&bob),
        after.state_hash(),
    );
    state = authorize(Some(&state), &invited, &invited.open().unwrap(), true).unwrap();
    log.push(hex(invited.to_bytes()));
    let join = |invite_seq| ConvOp::Join { invite_seq };
    let (user, role) = (ann.user, Role::Member);
    let leave = ConvOp::Leave {
        cuts: vec![],
        successor: None,
    };
    let rotate = || ConvOp::Rotate { cuts: vec![] };
    let rows = [
        ("the invited joins", &bob, 2, join(1), true),
        ("by another invite", &bob, 2, join(0), true),
        ("the invited invites", &bob, 2, invite(&eve), true),
        ("a stranger joins", &eve, 2, join(1), true),
        ("the invited declines", &bob, 2, leave, true),
        ("somebody is invited twice", &ann, 2, invite(&bob), true),
        (
            "the last admin steps down",
            &ann,
            2,
            ConvOp::SetRole { user, role },
            true,
        ),
        ("a number skipped", &ann, 3, rotate(), true),
        ("rotate", &ann, 2, rotate(), true),
        ("rotate by a limited device", &ann, 2, rotate(), false),
    ];
    let row = |(what, by, seq, op, full): (&str, &Person, u64, ConvOp, bool)| {
        let (entry, verdict) = try_entry(&state, by, seq, op, full);
        json!({ "what": what, "entry": entry, "full": full, "verdict": verdict })
    };
    json!({ "log": log, "then": rows.into_iter().map(row).collect::<Vec<_>>() })
}
