//! What a bad network does, by a seed. All chances are per mille, per frame or per request.

use std::collections::VecDeque;

use chatty_protocol::frame::{RowFrame, ServerFrame};

use crate::seed::Seed;

/// Chances of one link.
#[derive(Debug, Clone)]
pub struct Faults {
    /// The numbers.
    pub seed: Seed,
    /// The socket breaks; the frame, and what is in flight, is lost.
    pub cut: u32,
    /// The frame comes twice.
    pub duplicate: u32,
    /// An older frame comes again before this one.
    pub replay: u32,
    /// The frame waits up to 4 ms, and all behind it.
    pub delay: u32,
    /// A row of a stream comes after the frame behind it.
    pub swap: u32,
    /// The request is lost before the relay sees it.
    pub request_lost: u32,
    /// The relay does it, the answer is lost.
    pub answer_lost: u32,
}

impl Faults {
    /// A bad mobile connection.
    pub fn rough(seed: Seed) -> Self {
        Self {
            seed,
            cut: 12,
            duplicate: 40,
            replay: 20,
            delay: 60,
            swap: 40,
            request_lost: 15,
            answer_lost: 15,
        }
    }

    /// As rough, but nothing breaks: only order and number change.
    pub fn shuffled(seed: Seed) -> Self {
        Self {
            cut: 0,
            request_lost: 0,
            answer_lost: 0,
            ..Self::rough(seed)
        }
    }
}

/// Repeats, replays and swaps. The handshake itself stays whole: another order there is a relay
/// that breaks the protocol, which is `hostile`'s part.
pub(crate) fn disturb(
    frames: Vec<ServerFrame>,
    faults: &mut Faults,
    kept: &VecDeque<ServerFrame>,
    held: &mut Option<ServerFrame>,
) -> Vec<ServerFrame> {
    let mut out = Vec::new();
    for frame in frames {
        if matches!(frame, ServerFrame::Ready(_) | ServerFrame::Bye { .. }) {
            out.push(frame);
            continue;
        }
        if faults.seed.per_mille(faults.replay) && !kept.is_empty() {
            let old = &kept[faults.seed.below(kept.len())];
            if may_repeat(old) {
                out.push(old.clone());
            }
        }
        let is_row = matches!(frame, ServerFrame::Row(RowFrame::Message { .. }));
        if is_row && held.is_none() && faults.seed.per_mille(faults.swap) {
            *held = Some(frame);
            continue;
        }
        if may_repeat(&frame) && faults.seed.per_mille(faults.duplicate) {
            out.push(frame.clone());
        }
        out.push(frame);
        out.extend(held.take());
    }
    out
}

fn may_repeat(frame: &ServerFrame) -> bool {
    !matches!(
        frame,
        ServerFrame::Ready(_) | ServerFrame::Bye { .. } | ServerFrame::Refused { .. }
    )
}
