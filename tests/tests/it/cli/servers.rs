//! Servers that are none of ours: each is said in words, changes nothing, and ends with 69.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;

use chatty_e2e::process::{Cli, RelayProcess};
use chatty_e2e::town::Town;

/// A server that gives one answer to every request, until the test ends.
fn answering(listener: TcpListener, answer: impl Fn(&str) -> String + Send + 'static) {
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let _gone = respond(stream, &answer);
        }
    });
}

fn respond(mut stream: TcpStream, answer: &impl Fn(&str) -> String) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut first = String::new();
    reader.read_line(&mut first)?;
    let path = first.split_whitespace().nth(1).unwrap_or("/").to_owned();
    let mut line = String::new();
    while reader.read_line(&mut line)? > 2 {
        line.clear();
    }
    stream.write_all(answer(&path).as_bytes())
}

fn page(status: &str, kind: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\n\
         location: http://192.0.2.1/login\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

fn free_port() -> (TcpListener, String) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    (listener, origin)
}

const SIGN_UP: [&str; 5] = ["signup", "--handle", "ann", "--email", "ann@example.org"];

fn sign_up(home: PathBuf, relay: &str) -> (i32, String, String) {
    refused(&Cli::new(home, relay))
}

fn refused(cli: &Cli) -> (i32, String, String) {
    let ran = cli.run(&SIGN_UP);
    let (code, name) = ran.refused();
    let hint = ran.error()["hint"].as_str().unwrap().to_owned();
    assert!(!hint.is_empty(), "one next step: {ran:?}");
    assert_eq!(cli.run(&["whoami"]).code, 3, "nothing changed");
    (code, name, hint)
}

#[test]
fn what_is_no_chatty_server_is_said_before_an_account_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let html = "<html><body>Please sign in to the hotel's network</body></html>";
    let not_found = "{\"error\":\"no such page\"}";
    for (name, status, kind, body) in [
        ("portal", "200 OK", "text/html", html),
        ("redirect", "302 Found", "text/html", html),
        ("other", "404 Not Found", "application/json", not_found),
        ("forbidden", "401 Unauthorized", "text/html", html),
    ] {
        let (listener, origin) = free_port();
        answering(listener, move |_| page(status, kind, body));
        let (code, error, hint) = sign_up(folder.path().join(name), &origin);
        assert_eq!((code, error.as_str()), (69, "bad_answer"), "{name}");
        assert!(hint.contains("address"), "{hint}");
    }
    let (listener, origin) = free_port();
    drop(listener);
    let (code, error, _) = sign_up(folder.path().join("nobody"), &origin);
    assert_eq!((code, error.as_str()), (69, "not_reachable"));
}

#[test]
fn a_relay_of_another_version_or_address_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let (listener, origin) = free_port();
    let told = format!("{{\"origin\":\"{origin}\",\"versions\":[2,3]}}");
    answering(listener, move |path| match path {
        "/.well-known/chatty" => page("200 OK", "application/json", &told),
        _ => page("404 Not Found", "text/plain", "gone with version 1"),
    });
    let (code, error, hint) = sign_up(folder.path().join("newer"), &origin);
    assert_eq!((code, error.as_str()), (69, "needs_update"));
    assert!(hint.contains("Update"), "{hint}");

    let (listener, origin) = free_port();
    let told = "{\"origin\":\"https://chat.example.org\",\"versions\":[1]}";
    answering(listener, move |_| page("200 OK", "application/json", told));
    let (code, error, hint) = sign_up(folder.path().join("elsewhere"), &origin);
    assert_eq!((code, error.as_str()), (2, "invalid"));
    assert!(hint.contains("https://chat.example.org"), "{hint}");
}

#[test]
fn tls_where_there_is_none_is_said() {
    let town = Town::new();
    let folder = tempfile::tempdir().unwrap();
    let https = town.origin.replace("http://", "https://");
    let (code, error, hint) = sign_up(folder.path().join("plain"), &https);
    assert_eq!((code, error.as_str()), (69, "not_reachable"));
    assert!(hint.contains("https://"), "{hint}");
}

#[test]
fn a_certificate_of_another_name_or_of_nobody_known_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let files = ["127.0.0.1", "chat.example.org"].map(|name| {
        let made = rcgen::generate_simple_self_signed(vec![name.to_owned()]).unwrap();
        let write = |ending: &str, text: String| {
            let path = folder.path().join(format!("{name}.{ending}"));
            std::fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let key = made.signing_key.serialize_pem();
        (write("cert", made.cert.pem()), write("key", key))
    });
    let [right, wrong] = &files;
    for (what, shown, known, taken) in [
        ("the right one", right, right, true),
        ("another name", wrong, wrong, false),
        ("nobody known", right, wrong, false),
    ] {
        let flags = ["--tls-cert", &shown.0, "--tls-key", &shown.1];
        let flags = [&flags[..], &["--open-signup-without-mail"]].concat();
        let data = folder.path().join(format!("relay of {what}"));
        let relay = RelayProcess::start(&data, "127.0.0.1:0", &flags);
        assert!(relay.origin.starts_with("https://"), "{}", relay.origin);
        let home = folder.path().join(what);
        let ann = Cli::new(home, &relay.origin).with("SSL_CERT_FILE", &known.0);
        if taken {
            ann.run(&SIGN_UP).ok();
            // By the socket too.
            let sent = ann.run(&["send", "@ann", "a note"]).row();
            assert_eq!(sent["state"], "accepted", "{what}");
        } else {
            let (code, error, _) = refused(&ann);
            assert_eq!((code, error.as_str()), (69, "not_reachable"), "{what}");
        }
    }
}

#[test]
fn a_home_survives_a_portal_and_a_newer_relay_in_the_place_of_its_own() {
    let mut town = Town::new();
    let (ann, bob) = town.friends("ann", "bob");
    town.kill_relay();
    let address = town.origin.trim_start_matches("http://").to_owned();
    let told = format!("{{\"origin\":\"{}\",\"versions\":[2]}}", town.origin);
    let portal = "<html>sign in</html>".to_owned();
    for (status, body, warned) in [
        ("200 OK", portal.clone(), "bad_answer"),
        ("401 Unauthorized", portal, "bad_answer"),
        ("404 Not Found", told, "needs_update"),
    ] {
        let stopped = Stoppable::start(&address, status, &body);
        let stored = ann.run(&["messages", "@bob"]);
        assert_eq!(stored.code, 0, "{stored:?}");
        assert_eq!(stored.texts()[..2], ["hello", "hello back"]);
        assert!(stored.errors.contains(warned), "{stored:?}");
        let away = ann.run(&["block", "@bob"]);
        assert_eq!(away.refused(), (69, warned.to_owned()), "{status}");
        assert_eq!(ann.run(&["send", "@bob", status]).code, 75);
        stopped.stop();
    }
    town.start_relay();
    ann.run(&["chats"]).ok();
    let texts = bob.run(&["messages", "@ann"]).texts();
    assert_eq!(texts[2..], ["200 OK", "401 Unauthorized", "404 Not Found"]);
}

/// A server on a port that somebody else needs again.
struct Stoppable {
    address: String,
    thread: std::thread::JoinHandle<()>,
}

impl Stoppable {
    fn start(address: &str, status: &'static str, body: &str) -> Self {
        let listener =
            chatty_e2e::wait::until_now("the port is free", || TcpListener::bind(address).ok());
        let body = body.to_owned();
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answer = |path: &str| match path {
                    "/stop" => String::new(),
                    // A relay of the future still says of itself what it is.
                    "/.well-known/chatty" if body.starts_with('{') => {
                        page("200 OK", "application/json", &body)
                    }
                    _ => page(status, "text/html", &body),
                };
                let mut first = [0; 9];
                let stops = stream.peek(&mut first).is_ok() && &first == b"GET /stop";
                let _gone = respond(stream, &answer);
                if stops {
                    return;
                }
            }
        });
        Self {
            address: address.to_owned(),
            thread,
        }
    }

    fn stop(self) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(b"GET /stop HTTP/1.1\r\n\r\n").unwrap();
        self.thread.join().unwrap();
    }
}
