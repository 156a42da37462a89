//! Lane 1: a message on its way into its stream.

use std::sync::Arc;

use bytes::Bytes;
use chatty_protocol::envelope::{LANE_LOG, Send};
use chatty_protocol::sign::sha256;
use chatty_protocol::{ErrorCode, limits};

use super::conversation::{Conversations, MessageIn, Pending, Refusal};
use crate::gateway::Route;

/// What is wrong with the shape of a send, whatever the lane.
pub fn check_shape(send: &Send) -> Result<(), Refusal> {
    let numbered = if send.lane == LANE_LOG {
        send.n > 0
    } else {
        send.n == 0
    };
    if !numbered {
        return Err(Refusal::new(ErrorCode::Malformed));
    }
    if send.ext.has_critical() {
        return Err(Refusal::new(ErrorCode::NeedsUpdate));
    }
    if send.ct.0.len() > limits::SEND_CT_BYTES {
        return Err(Refusal::new(ErrorCode::TooLarge));
    }
    Ok(())
}

impl Conversations {
    /// Queues a lane-1 send; 34 or 35 reaches the socket later. `bytes` is the send as it came.
    pub async fn send(
        &self,
        route: &Arc<Route>,
        send: Send,
        bytes: Bytes,
        over_rate: Option<u64>,
    ) -> Result<(), Refusal> {
        check_shape(&send)?;
        let mut message = MessageIn {
            route: Arc::clone(route),
            msg: send.msg,
            n: send.n,
            log_seq: send.log_seq,
            body: bytes,
            ct_hash: sha256(&send.ct.0),
            ct_len: send.ct.0.len(),
            over_rate,
        };
        loop {
            let stream = self.streams.get(&send.conv).await;
            let stream = stream.map_err(|error| Refusal::new(error.code()))?;
            let stream = stream.ok_or(Refusal::new(ErrorCode::NotFound))?;
            let known = self.streams.know_sender(&stream, route.device).await;
            known.map_err(|error| Refusal::new(error.code()))?;
            route.sent();
            match self.streams.submit(&stream, Pending::Message(message)) {
                None | Some(Pending::Entry(_)) => return Ok(()),
                Some(Pending::Message(again)) => {
                    // The stream left the cache between the two steps: load it again.
                    route.unsent();
                    message = again;
                }
            }
        }
    }
}
