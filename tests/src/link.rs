//! The line between one engine and its relay, in a test's hands.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard};

use async_channel::{Receiver, Sender};
use chatty_core::platform::{SOCKET_FRAMES, Socket};
use chatty_protocol::codec::{decode_exact, encode};
use chatty_protocol::envelope::Item;
use chatty_protocol::frame::{ClientFrame, ServerFrame, TdItem};
use chatty_protocol::{DeviceId, UserId};
use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::faults::{Faults, disturb};
use crate::hostile::Hostile;

/// Old frames kept for replays.
const KEPT: usize = 64;

/// A test's hold on a line.
#[derive(Clone, Default)]
pub struct Link(Arc<Mutex<State>>);

pub(crate) struct State {
    pub(crate) online: bool,
    pub(crate) skew_ms: i64,
    pub(crate) pace: u64,
    pub(crate) platform: Option<String>,
    pub(crate) hostile: Option<Hostile>,
    pub(crate) faults: Option<Faults>,
    sockets: Vec<Sender<Order>>,
    kept: VecDeque<ServerFrame>,
    sent: Vec<ClientFrame>,
    pub(crate) asked: Vec<(&'static str, String)>,
    pub(crate) claimed: Vec<DeviceId>,
    cuts: u64,
}

impl State {
    /// How long the next frame is held back; none = its socket breaks.
    fn strike(&mut self) -> Option<u64> {
        let Some(faults) = &mut self.faults else {
            return Some(0);
        };
        if faults.seed.per_mille(faults.cut) {
            self.cuts += 1;
            return None;
        }
        match faults.seed.per_mille(faults.delay) {
            true => Some(1 + faults.seed.number() % 4),
            false => Some(0),
        }
    }
}

impl Default for State {
    fn default() -> Self {
        Self {
            online: true,
            skew_ms: 0,
            pace: 1,
            platform: None,
            hostile: None,
            faults: None,
            sockets: Vec::new(),
            kept: VecDeque::new(),
            sent: Vec::new(),
            asked: Vec::new(),
            claimed: Vec::new(),
            cuts: 0,
        }
    }
}

/// What a test tells a live socket.
enum Order {
    Cut,
    Inject(Vec<u8>),
}

impl Link {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        // A test that failed while it held the lock has failed already.
        self.0
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// No network from now on.
    pub fn offline(&self) {
        self.state().online = false;
        self.cut();
    }

    /// The network is back.
    pub fn online(&self) {
        self.state().online = true;
    }

    /// Breaks the socket now.
    pub fn cut(&self) {
        for socket in self.state().sockets.drain(..) {
            // It may have ended by itself.
            let _ = socket.try_send(Order::Cut);
        }
    }

    /// The clock of this device is wrong by so much.
    pub fn skew(&self, ms: i64) {
        self.state().skew_ms = ms;
    }

    /// Waits inside the engine pass so many times faster.
    pub fn pace(&self, times: u64) {
        self.state().pace = times.max(1);
    }

    /// The engine behind it runs on this platform, as it says itself.
    pub fn platform(&self, platform: &str) {
        self.state().platform = Some(platform.to_owned());
    }

    /// A relay that lies from now on.
    pub fn attack(&self, hostile: Hostile) {
        self.state().hostile = Some(hostile);
    }

    /// Faults from now on.
    pub fn disturb(&self, faults: Faults) {
        self.state().faults = Some(faults);
    }

    /// An honest relay and a good line.
    pub fn calm(&self) {
        let mut state = self.state();
        state.hostile = None;
        state.faults = None;
    }

    /// Gives the engine a frame that the relay never sent.
    pub fn inject(&self, frame: &ServerFrame) {
        self.inject_bytes(&encode(frame));
    }

    /// Gives the engine bytes that may be no frame at all.
    pub fn inject_bytes(&self, bytes: &[u8]) {
        for socket in &self.state().sockets {
            let _ = socket.try_send(Order::Inject(bytes.to_vec()));
        }
    }

    /// Whether the engine has acknowledged a row of this number since frames were taken last.
    pub fn acked(&self, conv: &chatty_protocol::ConvId, seq: u64) -> bool {
        self.state().sent.iter().any(|frame| match frame {
            ClientFrame::Ack(ack) => ack.rows.contains(&(*conv, seq)),
            _ => false,
        })
    }

    /// How many items the engine gave to the relay since frames were taken last.
    pub fn items_sent(&self) -> usize {
        let state = self.state();
        let items = state.sent.iter().map(|frame| match frame {
            ClientFrame::ToDevice { items, .. } => items.len(),
            _ => 0,
        });
        items.sum()
    }

    /// The newest frames that came, oldest first.
    pub fn came(&self) -> Vec<ServerFrame> {
        self.state().kept.iter().cloned().collect()
    }

    /// Sends to the engine's side of the socket as this other device would through the relay.
    pub fn deliver(&self, user: UserId, device: DeviceId, n: u64, item: Item) {
        let item = TdItem {
            user,
            device,
            n,
            item,
        };
        self.inject(&ServerFrame::TdItem(item));
    }

    /// Takes what the engine sent since the last call.
    pub fn sent(&self) -> Vec<ClientFrame> {
        std::mem::take(&mut self.state().sent)
    }

    /// Takes which requests the engine made since the last call.
    pub fn asked(&self) -> Vec<(&'static str, String)> {
        std::mem::take(&mut self.state().asked)
    }

    /// Takes the devices for which something left since the last call: items to them on the socket,
    /// and keys claimed to reach them.
    pub fn reached(&self) -> Vec<DeviceId> {
        let mut state = self.state();
        let sent = std::mem::take(&mut state.sent);
        let items = sent.iter().flat_map(|frame| match frame {
            ClientFrame::ToDevice { items, .. } => items.as_slice(),
            _ => &[],
        });
        let mut reached: Vec<DeviceId> = items.map(|item| item.to).collect();
        reached.append(&mut state.claimed);
        reached
    }

    /// Sockets that the faults broke so far.
    pub fn cuts(&self) -> u64 {
        self.state().cuts
    }

    pub(crate) fn wrap(&self, socket: Socket, sleep: Sleep) -> Socket {
        let (send, outgoing) = async_channel::bounded(SOCKET_FRAMES);
        let (incoming, receive) = async_channel::unbounded();
        let (orders, ordered) = async_channel::unbounded();
        self.state().sockets.push(orders);
        let line = Line {
            link: self.clone(),
            socket,
            outgoing,
            incoming,
            ordered,
            sleep,
        };
        tokio::task::spawn_local(line.run());
        Socket { send, receive }
    }
}

pub(crate) type Sleep = Box<dyn Fn(u64) -> LocalBoxFuture<'static, ()>>;

/// What becomes of one frame.
enum Fate {
    Pass(Vec<Vec<u8>>, u64),
    Cut,
}

/// One live socket.
struct Line {
    link: Link,
    socket: Socket,
    outgoing: Receiver<Vec<u8>>,
    incoming: Sender<Vec<u8>>,
    ordered: Receiver<Order>,
    sleep: Sleep,
}

impl Line {
    /// Ends when either side or the test ends it; both ends are closed then.
    async fn run(self) {
        // A row that waits for the frame behind it.
        let mut held: Option<ServerFrame> = None;
        while self.step(&mut held).await.is_some() {}
        self.outgoing.close();
    }

    async fn step(&self, held: &mut Option<ServerFrame>) -> Option<()> {
        futures::select_biased! {
            order = self.ordered.recv().fuse() => match order.ok()? {
                Order::Cut => None,
                Order::Inject(bytes) => self.incoming.send(bytes).await.ok(),
            },
            up = self.outgoing.recv().fuse() => {
                let Fate::Pass(frames, delay) = self.link.up(&up.ok()?) else { return None };
                self.wait(delay).await;
                for frame in frames {
                    self.socket.send.send(frame).await.ok()?;
                }
                Some(())
            }
            down = self.socket.receive.recv().fuse() => {
                let Fate::Pass(frames, delay) = self.link.down(&down.ok()?, held) else { return None };
                self.wait(delay).await;
                for frame in frames {
                    self.incoming.send(frame).await.ok()?;
                }
                Some(())
            }
            // A row that was held back comes late, never never.
            () = self.late(held.is_some()).fuse() => {
                let frame = held.take()?;
                self.incoming.send(encode(&frame)).await.ok()
            }
        }
    }

    async fn wait(&self, ms: u64) {
        if ms > 0 {
            (self.sleep)(ms).await;
        }
    }

    async fn late(&self, held: bool) {
        if held {
            (self.sleep)(20).await;
        } else {
            std::future::pending::<()>().await;
        }
    }
}

impl Link {
    fn up(&self, bytes: &[u8]) -> Fate {
        let mut state = self.state();
        let frame: ClientFrame = decode_exact(bytes).expect("the engine sends frames");
        state.sent.push(frame.clone());
        let frames = match &mut state.hostile {
            Some(hostile) => hostile.on_up(frame),
            None => vec![frame],
        };
        match state.strike() {
            Some(delay) => Fate::Pass(frames.iter().map(encode).collect(), delay),
            None => Fate::Cut,
        }
    }

    fn down(&self, bytes: &[u8], held: &mut Option<ServerFrame>) -> Fate {
        let mut guard = self.state();
        let state = &mut *guard;
        let frame: ServerFrame = decode_exact(bytes).expect("the relay sends frames");
        let mut frames = match &mut state.hostile {
            Some(hostile) => hostile.on_down(frame),
            None => vec![frame],
        };
        let Some(delay) = state.strike() else {
            return Fate::Cut;
        };
        if let Some(faults) = &mut state.faults {
            frames = disturb(frames, faults, &state.kept, held);
        } else if let Some(frame) = held.take() {
            frames.push(frame);
        }
        for frame in &frames {
            if state.kept.len() == KEPT {
                state.kept.pop_front();
            }
            state.kept.push_back(frame.clone());
        }
        Fate::Pass(frames.iter().map(encode).collect(), delay)
    }
}
