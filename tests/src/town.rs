//! A relay and people as real processes: everything by command, nothing by a door of the test.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use crate::grep::files_with;
use crate::process::{Cli, RelayProcess};
use crate::wait::until_now;

/// Everybody of a test comes from one address.
const SIGN_UPS: [&str; 2] = ["--sign-ups-per-hour", "1000"];

/// One relay process and the homes of everybody, in a folder that goes away.
pub struct Town {
    relay: Option<RelayProcess>,
    /// Origin of the relay; the same after a restart.
    pub origin: String,
    folder: TempDir,
    flags: Vec<&'static str>,
}

impl Town {
    /// A relay that sends codes by mail.
    pub fn new() -> Self {
        Self::with(&[])
    }

    /// A relay with more flags than the tests' own.
    pub fn with(flags: &[&'static str]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let flags = [&SIGN_UPS, flags].concat();
        let relay = RelayProcess::start(&folder.path().join("relay"), "127.0.0.1:0", &flags);
        Self {
            origin: relay.origin.clone(),
            relay: Some(relay),
            folder,
            flags,
        }
    }

    /// A folder of this town.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Folder of the relay's data.
    pub fn relay_data(&self) -> PathBuf {
        self.path("relay")
    }

    /// A home that nobody has used.
    pub fn home(&self, name: &str) -> Cli {
        Cli::new(self.path(name), &self.origin)
    }

    /// Somebody who has signed up and typed the code of the mail. The home has the handle's name.
    pub fn person(&self, handle: &str) -> Cli {
        let home = self.home(handle);
        self.sign_up(&home, handle);
        home.run(&["verify-email", &self.code(handle)]).ok();
        home
    }

    /// Signs a home up; its row.
    pub fn sign_up(&self, home: &Cli, handle: &str) -> serde_json::Value {
        let email = address(handle);
        home.run(&["signup", "--handle", handle, "--email", &email])
            .row()
    }

    /// Two people who know each other: each has written once and read the other's.
    pub fn friends(&self, a: &str, b: &str) -> (Cli, Cli) {
        let (ann, bob) = (self.person(a), self.person(b));
        let (at_ann, at_bob) = (format!("@{a}"), format!("@{b}"));
        ann.run(&["send", &at_bob, "hello"]).ok();
        bob.run(&["requests", "accept", &at_ann]).ok();
        bob.run(&["send", &at_ann, "hello back"]).ok();
        let texts = ann.run(&["messages", &at_bob]).texts();
        assert_eq!(texts, ["hello", "hello back"]);
        (ann, bob)
    }

    /// The newest mail to somebody with this subject, as soon as it is there: mails are jobs.
    pub fn mail(&self, handle: &str, subject: &str) -> String {
        let subject = format!("Subject: {subject}");
        until_now(&format!("a mail to {handle}: {subject}"), || {
            let mails = mails(&self.relay_data(), &address(handle));
            let wanted = |text: &String| text.lines().any(|line| line.trim() == subject);
            mails.into_iter().rfind(wanted)
        })
    }

    /// The code in the newest mail to somebody: alone on its line.
    pub fn code(&self, handle: &str) -> String {
        let newest = self.mail(handle, "Your Chatty code");
        let six = |line: &&str| line.len() == 6 && line.bytes().all(|byte| byte.is_ascii_digit());
        let codes: Vec<&str> = newest.lines().map(str::trim).filter(six).collect();
        assert_eq!(codes.len(), 1, "one code in {newest}");
        codes[0].to_owned()
    }

    /// `kill -9` of the relay; it stays away.
    pub fn kill_relay(&mut self) {
        drop(self.relay.take());
    }

    /// Starts the relay again, on its data and its port.
    pub fn start_relay(&mut self) {
        let address = self.origin.trim_start_matches("http://");
        let data = self.folder.path().join("relay");
        self.relay = Some(RelayProcess::start(&data, address, &self.flags));
    }

    /// `kill -9`, then the same again.
    pub fn restart_relay(&mut self) {
        self.kill_relay();
        self.start_relay();
    }

    /// Fails when these bytes lie anywhere in the clear: relay or any home.
    pub fn assert_nowhere(&self, canary: &str) {
        let found = files_with(self.folder.path(), canary.as_bytes());
        assert!(
            found.is_empty(),
            "{canary:?} lies in the clear in {found:?}"
        );
    }
}

impl Default for Town {
    fn default() -> Self {
        Self::new()
    }
}

fn address(handle: &str) -> String {
    format!("{handle}@example.org")
}

/// Mails to an address in a relay's data folder, oldest first.
pub fn mails(data: &Path, address: &str) -> Vec<String> {
    let mut files: Vec<PathBuf> = std::fs::read_dir(data.join("mail"))
        .expect("the mail folder")
        .map(|entry| entry.expect("a mail").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
        .collect();
    // Names begin with the time.
    files.sort();
    let to = format!("To: {address}");
    let texts = files
        .iter()
        .map(|path| std::fs::read_to_string(path).expect("a mail"));
    texts
        .filter(|text| text.lines().any(|line| line.trim() == to))
        .collect()
}
