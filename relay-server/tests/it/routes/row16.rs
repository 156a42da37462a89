//! Random damage: good requests and frames, spoiled. No 5xx, no
//! trace of the inside, memory stays. 50,000 with `CHATTY_SOAK`.

use chatty_protocol::codec::{Ext, Fixed, encode};
use chatty_protocol::envelope::{Item, LANE_FLASH, LANE_MARK};
use chatty_protocol::frame::{Ack, ClientFrame, Hello, Known, SOCKET_VERSION, ServerFrame};
use chatty_protocol::{ErrorCode, SUITE_1};
use reqwest::Method;

use crate::gateway::kill::Process;
use crate::kit::dice::{Dice, count};
use crate::kit::direct::sign_up_body;
use crate::kit::schema::operations;
use crate::kit::{Chat, Person, TestRelay, TestSocket};

/// Requests of the page, over HTTP and sockets together.
const PAGE: usize = 50_000;
/// Growth of the relay's process that the page allows.
const GROWTH_MIB: u64 = 50;
/// Requests before memory is looked at.
const ROUND: usize = 100;
/// What an answer never says.
const INSIDE: [&str; 6] = [
    "panicked",
    "rusqlite",
    "SELECT",
    ".rs:",
    "serde",
    "stack backtrace",
];
const KINDS: [&str; 4] = [
    "application/json",
    "application/json",
    "text/plain",
    "application/json; charset=utf-16",
];

/// Names for path parameters: real ones lead further in than made-up ones.
fn names(anna: &Person, chat: &Chat) -> Vec<String> {
    let made_up = [
        "x",
        "%00",
        "..%2f..%2fetc%2fpasswd",
        "%f0%9f%98%80",
        "-1",
        "%ff",
    ];
    let mut names: Vec<String> = made_up.map(str::to_owned).into();
    names.extend([
        anna.user.to_string(),
        anna.first().id.to_string(),
        chat.conv.to_string(),
        anna.handle.clone(),
        "identity".to_owned(),
        "A".repeat(5_000),
    ]);
    names
}

/// Bodies that some route takes, before they are spoiled.
fn bodies(anna: &Person, chat: &Chat) -> Vec<Vec<u8>> {
    let entry = data_encoding::BASE64URL_NOPAD.encode(&chat.entries[0].to_bytes());
    let id = anna.first().id;
    let user = anna.user;
    let mut bodies = vec![
        serde_json::to_vec(&sign_up_body(anna)).unwrap(),
        format!("{{\"login\":\"anna\",\"password\":\"a password\",\"proof\":{{\"nonce\":\"AAAA\",\"device\":\"{id}\",\"time\":1,\"sig\":\"AAAA\"}}}}").into_bytes(),
        format!("{{\"claim_id\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"targets\":[[\"{user}\",\"{id}\"]]}}").into_bytes(),
        format!("{{\"entry\":\"{entry}\",\"create\":\"{entry}\",\"statement\":\"{entry}\",\"m1\":\"{entry}\",\"frame\":\"{entry}\",\"expect_seq\":1}}").into_bytes(),
        format!("{{\"users\":[\"{user}\"],\"keys\":[\"{entry}\"]}}").into_bytes(),
    ];
    bodies.push(b"{\"code\":\"123456\",\"token\":\"AAAA\",\"old\":\"a\",\"new\":\"b\",\"email\":\"a@b.example\",\"refresh_token\":\"AAAA\"}".to_vec());
    bodies
}

const QUERIES: [&str; 6] = [
    "",
    "?limit=-1&from=x",
    "?after=9007199254740993&limit=0",
    "?before=0&after=0",
    "?cursor=%ff&since=1e9",
    "?from=18446744073709551616&branch=-1",
];

/// Where requests go, and who sends them.
struct Target<'a> {
    base: String,
    anna: &'a Person,
    chat: &'a Chat,
}

/// Sends so many spoiled requests; every route in turn, so that none is left out in a short run.
async fn fire(target: &Target<'_>, dice: &mut Dice, rounds: usize) {
    let http = reqwest::Client::new();
    let Target { base, anna, chat } = target;
    let (names, bodies, operations) = (names(anna, chat), bodies(anna, chat), operations());
    for round in 0..rounds {
        let (method, pattern) = &operations[round % operations.len()];
        let parts = pattern.split('/').map(|part| match part.starts_with('{') {
            true => dice.of(&names).as_str(),
            false => part,
        });
        let path = parts.collect::<Vec<_>>().join("/");
        let mut body = dice.of(&bodies).clone();
        if dice.below(8) > 0 {
            dice.spoil(&mut body);
        }
        let mut token = anna.first().access_token.clone().into_bytes();
        if dice.below(4) == 0 {
            dice.spoil(&mut token);
            token.retain(u8::is_ascii_graphic);
        }
        let call = format!("round {round}: {method} {path}");
        let url = format!("{base}{path}{}", dice.of(&QUERIES));
        let request = http
            .request(method.parse::<Method>().unwrap(), url)
            .body(body);
        let request = request.header("authorization", [b"Bearer ".to_vec(), token].concat());
        let request = request.header("content-type", *dice.of(&KINDS));
        let response = request.send().await.unwrap();
        let status = response.status();
        assert!(!status.is_server_error(), "{call}: {status}");
        let text = response.text().await.unwrap();
        for inside in INSIDE {
            assert!(!text.contains(inside), "{call}: {text}");
        }
    }
}

#[tokio::test]
async fn row_16_spoiled_requests_get_no_5xx() {
    let relay = TestRelay::start_with(|config| config.limits.hash_queue = 1).await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let target = Target {
        base: relay.base(),
        anna: &anna,
        chat: &chat,
    };
    fire(&target, &mut Dice::new(0x51de), count(PAGE) * 4 / 5).await;
    assert!(
        relay
            .metrics()
            .await
            .contains("chatty_store_commit_errors_total 0")
    );
}

/// Resident memory of a process.
fn resident_mib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.unwrap().split_whitespace().nth(1).unwrap();
    kib.parse::<u64>().unwrap() / 1024
}

#[tokio::test]
async fn row_16_a_relay_under_spoiled_requests_does_not_grow() {
    let relay = TestRelay::start_today(|_| {}).await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let target = Target {
        base: relay.base(),
        anna: &anna,
        chat: &chat,
    };
    let (dir, config) = relay.leave().await;
    // One hash at a time: each takes its memory, and is no growth.
    let limits = "[limits]\nhash_concurrency = 1\nhash_queue = 1\n";
    std::fs::write(dir.path().join("test.toml"), limits).unwrap();
    let process = Process::start(dir.path(), config.listen.address).await;
    let mut dice = Dice::new(0x4e5);
    fire(&target, &mut dice, ROUND).await;
    let before = resident_mib(process.0.id());
    fire(&target, &mut dice, 4 * ROUND).await;
    let grown = resident_mib(process.0.id()).saturating_sub(before);
    assert!(grown <= GROWTH_MIB, "{grown} MiB more");
}

/// Frames that a relay takes, before they are spoiled.
fn frames(chat: &Chat, anna: &Person, ben: &Person, n: u64) -> Vec<ClientFrame> {
    let item = Item {
        id: Fixed([1; 16]),
        to: ben.first().id,
        suite: SUITE_1,
        kind: 1,
        hint: Fixed([2; 8]),
        olm: vec![3; 60].into(),
        expires: u64::MAX >> 11,
        ext: Ext::default(),
    };
    vec![
        ClientFrame::Send(chat.message_of(n, 40)),
        ClientFrame::Send(chat.in_lane(LANE_MARK)),
        ClientFrame::Flash(chat.in_lane(LANE_FLASH)),
        ClientFrame::ToDevice {
            n0: n,
            items: vec![item],
        },
        ClientFrame::Ack(Ack {
            items: vec![(anna.first().id, n)],
            rows: vec![(chat.conv, n)],
        }),
        ClientFrame::Open(vec![chat.conv]),
        ClientFrame::Presence { share: true },
        ClientFrame::Ping,
        ClientFrame::Hello(Hello {
            version: SOCKET_VERSION,
            ticket: "AAAA".to_owned(),
            suites: vec![SUITE_1],
            known: vec![Known {
                conv: chat.conv,
                seq: n,
                mark_time: n,
            }],
        }),
    ]
}

#[tokio::test]
async fn row_16_spoiled_frames_never_stop_the_relay() {
    let relay = TestRelay::start_with(|config| {
        config.limits.send_burst = 1_000_000;
        config.limits.item_burst = 1_000_000;
    })
    .await;
    let (anna, ben) = (relay.sign_up("anna").await, relay.sign_up("ben").await);
    let chat = relay.direct(&anna, &ben).await;
    let mut dice = Dice::new(0xf4a3e);
    let (mut a, _) = TestSocket::connect(&relay, anna.first()).await;
    for round in 0..count(PAGE) / 5 {
        let frames = frames(&chat, &anna, &ben, round as u64 + 1);
        let mut bytes = encode(dice.of(&frames));
        if dice.below(10) > 0 {
            dice.spoil(&mut bytes);
        }
        a.put_bytes(bytes).await;
        a.put(&ClientFrame::Ping).await;
        // A pong means that the socket lives on; else it said why it did not.
        loop {
            match a.next_or_closed().await {
                Some(ServerFrame::Pong) => break,
                Some(ServerFrame::Bye { code }) => {
                    let known = [ErrorCode::Malformed, ErrorCode::TooLarge];
                    assert!(known.contains(&code), "round {round}: {code}");
                }
                Some(_) => {}
                None => {
                    // More new sockets than a second takes: time goes on.
                    relay.clock.advance(2);
                    a = TestSocket::connect(&relay, anna.first()).await.0;
                    break;
                }
            }
        }
    }
    let (mut b, _) = TestSocket::connect(&relay, ben.first()).await;
    b.settle().await;
    assert!(
        relay
            .metrics()
            .await
            .contains("chatty_store_commit_errors_total 0")
    );
}
