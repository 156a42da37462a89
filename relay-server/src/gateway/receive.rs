//! Frames from the client, after `hello`.

use std::sync::{MutexGuard, PoisonError};

use bytes::Bytes;
use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::{Item, LANE_FLASH, LANE_LOG, LANE_MARK, Send};
use chatty_protocol::frame::{Ack, ClientFrame, ServerFrame};
use chatty_protocol::{ConvId, ErrorCode, limits};

use super::connection::{End, Session};
use super::live::Buckets;
use super::{Live, encode};
use crate::service::conversation::{Actor, Refusal};

/// Bytes before the `send` in frames 2 and 5: an array of two and the frame's number.
const SEND_AT: usize = 2;

impl Session {
    fn buckets(&self) -> MutexGuard<'_, Buckets> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn actor(&self) -> Actor {
        Actor {
            user: self.route.user,
            device: self.route.device,
        }
    }
}

impl Live {
    /// One binary message. Only what ends the socket is an error; refusals are answers.
    pub(super) async fn receive(&self, session: &mut Session, bytes: Bytes) -> Result<(), End> {
        let malformed = End::Bye(ErrorCode::Malformed);
        self.metrics.frames_in.inc();
        match decode_exact::<ClientFrame>(&bytes).map_err(|_| malformed)? {
            ClientFrame::Hello(_) => Err(malformed),
            ClientFrame::Send(send) => {
                self.take_send(session, send, bytes.slice(SEND_AT..)).await;
                Ok(())
            }
            ClientFrame::ToDevice { n0, items } => {
                self.take_items(session, n0, items).await;
                Ok(())
            }
            ClientFrame::Ack(ack) => self.take_ack(session, ack).await,
            ClientFrame::Flash(send) => {
                if send.lane == LANE_FLASH {
                    let (actor, body) = (session.actor(), bytes.slice(SEND_AT..));
                    let bus = self.bus.as_ref();
                    self.conversations.flash(actor, send, body, bus).await;
                }
                Ok(())
            }
            ClientFrame::Ping => {
                self.lives(session);
                session.route.push_reply(encode::frame(&ServerFrame::Pong));
                Ok(())
            }
            ClientFrame::Open(convs) => {
                open(session, convs)?;
                self.look(session).await;
                Ok(())
            }
            ClientFrame::Presence { share } => {
                self.share(session, share).await;
                Ok(())
            }
        }
    }

    async fn take_send(&self, session: &mut Session, send: Send, body: Bytes) {
        let (msg, lane) = (send.msg, send.lane);
        let now = self.conversations.clock.now_ms();
        let over_rate = session.buckets().sends.take(self.sends, 1, now).err();
        let refused = match lane {
            LANE_LOG => {
                let sent = self
                    .conversations
                    .send(&session.route, send, body, over_rate);
                sent.await.err()
            }
            LANE_MARK => self.take_mark(session, send, body, over_rate).await.err(),
            _ => Some(Refusal::new(ErrorCode::Malformed)),
        };
        if let Some(refusal) = refused {
            self.metrics.refused(refusal.code);
            session.route.push_reply(encode::refused(&msg, refusal));
        }
    }

    async fn take_mark(
        &self,
        session: &Session,
        send: Send,
        body: Bytes,
        over_rate: Option<u64>,
    ) -> Result<(), Refusal> {
        if let Some(retry_ms) = over_rate {
            return Err(Refusal {
                code: ErrorCode::RateLimited,
                retry_ms,
                heads: None,
            });
        }
        let (actor, bus) = (session.actor(), self.bus.as_ref());
        let marked = self.conversations.mark(actor, send, body, bus).await?;
        session.route.push_reply(marked.answer);
        Ok(())
    }

    async fn take_items(&self, session: &mut Session, n0: u64, items: Vec<Item>) {
        let now = self.conversations.clock.now_ms();
        let count = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let spent = session.buckets().items.take(self.items, count, now);
        let answer = match spent {
            Ok(()) => self.inboxes.put(session.actor(), n0, items).await,
            Err(retry_ms) => Err(Refusal {
                code: ErrorCode::RateLimited,
                retry_ms,
                heads: None,
            }),
        };
        session.route.push_reply(match answer {
            Ok(refused) => encode::frame(&ServerFrame::TdAccepted { n0, refused }),
            Err(refusal) => encode::refused_batch(n0, refusal),
        });
    }

    async fn take_ack(&self, session: &mut Session, ack: Ack) -> Result<(), End> {
        if ack.items.is_empty() {
            return Ok(());
        }
        let more = session.inbox.acked(&ack.items);
        self.inboxes.ack(session.route.device, ack.items).await?;
        if more {
            session.route.ring_inbox();
        }
        Ok(())
    }
}

fn open(session: &Session, convs: Vec<ConvId>) -> Result<(), End> {
    if convs.len() > limits::OPEN_CONVERSATIONS {
        return Err(End::Bye(ErrorCode::Malformed));
    }
    session.route.set_open(convs);
    Ok(())
}
