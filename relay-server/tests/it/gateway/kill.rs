//! The relay's program is killed under load: what it accepted is there, once and in order.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::Send;
use chatty_protocol::frame::{ClientFrame, RowFrame, ServerFrame};
use chatty_protocol::rest::{Rows, Ticket};

use crate::kit::{Chat, Device, TestRelay, TestSocket};

/// Messages of each sender.
const EACH: u64 = 400;
/// Sends of one sender in flight.
const WINDOW: usize = 8;
const KILLS: u64 = 5;

/// Looks again at every tick until there is something to see; fails after a minute.
async fn until<T>(failure: &str, mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let end = Instant::now() + Duration::from_secs(60);
    let mut tick = tokio::time::interval(Duration::from_millis(5));
    loop {
        tick.tick().await;
        if let Some(seen) = look().await {
            return seen;
        }
        assert!(Instant::now() < end, "{failure}");
    }
}

/// The program on a port and folder; dying with the test.
pub struct Process(pub Child);

impl Process {
    pub async fn start(data: &Path, address: SocketAddr) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_chatty-relay"))
            .args(["serve", "--listen", &address.to_string()])
            .arg("--data")
            .arg(data)
            .arg("--config")
            .arg(data.join("test.toml"))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let process = Self(child);
        until("the relay does not start", async || {
            listens(address).await.then_some(())
        })
        .await;
        process
    }
}

/// Whether somebody listens; a connection that met itself on a free port is nobody.
async fn listens(address: SocketAddr) -> bool {
    let connected = tokio::net::TcpStream::connect(address).await;
    connected.is_ok_and(|stream| stream.local_addr().unwrap() != address)
}

impl Drop for Process {
    fn drop(&mut self) {
        // SIGKILL: nothing is flushed, nobody is told.
        let _dead_already = self.0.kill();
        let _reaped = self.0.wait();
    }
}

/// Where the relay is and who asks.
#[derive(Clone)]
struct Caller {
    http: reqwest::Client,
    address: SocketAddr,
    device: Device,
}

impl Caller {
    async fn get(&self, path: &str) -> Vec<u8> {
        let url = format!("http://{}/v1{path}", self.address);
        let request = self.http.get(url).bearer_auth(&self.device.access_token);
        request
            .send()
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap()
            .to_vec()
    }

    /// A socket, as soon as somebody answers.
    async fn connect(&self) -> TestSocket {
        let end = Instant::now() + Duration::from_secs(60);
        let mut tick = tokio::time::interval(Duration::from_millis(20));
        loop {
            tick.tick().await;
            if let Some(socket) = self.try_connect().await {
                return socket;
            }
            assert!(Instant::now() < end, "nobody answers");
        }
    }

    async fn try_connect(&self) -> Option<TestSocket> {
        let url = format!("http://{}/v1/tickets", self.address);
        let request = self.http.post(url).bearer_auth(&self.device.access_token);
        let ticket: Ticket = request.send().await.ok()?.json().await.ok()?;
        let mut socket = TestSocket::open(&format!("ws://{}/v1/ws", self.address)).await?;
        socket.hello(ticket.ticket, Vec::new()).await;
        while let Some(frame) = socket.next_or_closed().await {
            if matches!(frame, ServerFrame::Ready(_)) {
                return Some(socket);
            }
        }
        None
    }

    /// Sends everything in order, again and again until each was accepted; the stream numbers.
    async fn send_all(self, sends: Vec<Send>, accepted: Arc<AtomicU64>) -> Vec<u64> {
        let mut seqs = Vec::new();
        'connection: loop {
            let mut socket = self.connect().await;
            while seqs.len() < sends.len() {
                let open: Vec<&Send> = sends.iter().skip(seqs.len()).take(WINDOW).collect();
                for send in &open {
                    socket.feed(&ClientFrame::Send((*send).clone())).await;
                }
                socket.flush().await;
                for send in open {
                    let Some(seq) = answer(&mut socket, send).await else {
                        continue 'connection;
                    };
                    seqs.push(seq);
                    accepted.fetch_add(1, Ordering::Relaxed);
                }
            }
            return seqs;
        }
    }
}

/// Stream number of the send; none when the relay went away or asked to come again.
async fn answer(socket: &mut TestSocket, send: &Send) -> Option<u64> {
    loop {
        match socket.next_or_closed().await? {
            ServerFrame::Accepted { msg, seq, .. } => {
                assert_eq!(msg, send.msg, "answers in order");
                return Some(seq);
            }
            ServerFrame::Refused { code, .. } => {
                assert_eq!(code.status(), 503, "{code}");
                return None;
            }
            _ => {}
        }
    }
}

/// Numbers and messages of the whole stream.
async fn stream(caller: &Caller, chat: &Chat) -> Vec<(u64, Send)> {
    let mut found = Vec::new();
    let mut after = 2;
    loop {
        let path = format!("/conversations/{}/rows?after={after}", chat.conv);
        let rows: Rows = serde_json::from_slice(&caller.get(&path).await).unwrap();
        if rows.rows.is_empty() {
            return found;
        }
        for bytes in rows.rows {
            let row = decode_exact::<RowFrame>(&bytes.0).unwrap();
            after = row.position().1;
            if let RowFrame::Message { seq, send, .. } = row {
                found.push((seq, send));
            }
        }
    }
}

#[tokio::test]
async fn kill_9_under_load_loses_nothing_and_doubles_nothing() {
    let relay = TestRelay::start_today(|_| {}).await;
    let mut pairs = Vec::new();
    for pair in 0..4 {
        let anna = relay.sign_up(&format!("anna{pair}")).await;
        let ben = relay.sign_up(&format!("ben{pair}")).await;
        let chat = relay.direct(&anna, &ben).await;
        pairs.push((chat, anna.first().clone(), ben.first().clone()));
    }
    let (dir, config) = relay.leave().await;
    let address = config.listen.address;
    let limits = "[limits]\nsend_burst = 1000000\n";
    std::fs::write(dir.path().join("test.toml"), limits).unwrap();
    let mut process = Process::start(dir.path(), address).await;
    let accepted = Arc::new(AtomicU64::new(0));
    let caller = |device: &Device| Caller {
        http: reqwest::Client::new(),
        address,
        device: device.clone(),
    };
    let mut senders = Vec::new();
    for (chat, anna, ben) in &pairs {
        for device in [anna, ben] {
            let sends: Vec<Send> = (1..=EACH).map(|n| chat.message(n)).collect();
            let sending = caller(device).send_all(sends.clone(), Arc::clone(&accepted));
            senders.push((chat, device.clone(), sends, tokio::spawn(sending)));
        }
    }
    let total = EACH * senders.len() as u64;
    for kill in 1..=KILLS {
        let enough = total * kill / (KILLS + 1);
        until("nothing is accepted", async || {
            (accepted.load(Ordering::Relaxed) >= enough).then_some(())
        })
        .await;
        drop(process);
        process = Process::start(dir.path(), address).await;
    }
    // Everybody first: a stream is whole only when both sides of a pair have written.
    let mut written = Vec::new();
    for (chat, device, sends, sending) in senders {
        written.push((chat, device, sends, sending.await.unwrap()));
    }
    for (chat, device, sends, seqs) in written {
        let stored = stream(&caller(&device), chat).await;
        let mine: Vec<&(u64, Send)> = (stored.iter())
            .filter(|(_, send)| sends.iter().any(|mine| mine.msg == send.msg))
            .collect();
        assert_eq!(mine.len(), sends.len(), "lost or doubled");
        for ((seq, stored), (sent, told)) in mine.into_iter().zip(sends.iter().zip(seqs)) {
            assert_eq!((*seq, stored), (told, sent));
        }
        let numbers: Vec<u64> = stored.iter().map(|(seq, _)| *seq).collect();
        let whole: Vec<u64> = (3..3 + 2 * EACH).collect();
        assert_eq!(numbers, whole, "a hole");
    }
    drop(process);
}
