//! `cargo xtask run`: from a fresh clone to a relay on this machine, and the words for two people to talk.

use crate::apt;
use crate::cache::Cache;
use crate::cargo;
use crate::serve::Relay;
use crate::shell::{self, Result};
use crate::stage::Stages;
use crate::wasm::Profile;
use crate::{flags, mailbox, web};
use std::path::{Path, PathBuf};

/// Two packages with the embedded feature set are other features than the workspace's: a directory of their own.
const LANE: &str = "run";
const ADDRESS: &str = "127.0.0.1:8420";

pub fn run(words: &[String]) -> Result<()> {
    flags::check()?;
    let cache = Cache::open()?;
    let mut stages = Stages::new();
    let built = stages.run("apt", 90, || apt::ensure(&cache, "run", apt::BUILD))
        && stages.run("build", 240, || build(&cache));
    // Who names a folder has built one.
    let pages = match value(words, "--ui") {
        Some(folder) => Some(PathBuf::from(folder)),
        None if built => web::build(&cache, &mut stages, Profile::Quick).map(|built| built.pages),
        None => None,
    };
    stages.finish()?;
    let Some(pages) = pages else {
        return Err("nothing was built".into());
    };
    let programs = cargo::programs(&cache, LANE, "debug")?;
    let data = match value(words, "--data") {
        Some(path) => PathBuf::from(path),
        None => cache.folder("dev-data")?,
    };
    let address = value(words, "--listen").unwrap_or(ADDRESS);
    let relay = Relay::start(
        &programs.join("chatty-relay"),
        &arguments(words, &data, &pages),
        address,
    )?;
    println!("{}", next_step(&programs.join("chatty"), &data, address));
    mailbox::watch(data.join("mail"));
    // Others may build while this one serves.
    drop(cache);
    let status = relay.wait()?;
    match status.success() || status.code().is_none() {
        // no code: ended by a signal, which is how a person stops it
        true => Ok(()),
        false => Err(format!("the relay ended with {status}")),
    }
}

/// The dev profile: its dependencies are built with optimisation where that matters, and it takes half the time.
fn build(cache: &Cache) -> Result<String> {
    let mut command = cargo::cargo(cache, LANE)?;
    command.args([
        "build",
        "--package",
        "chatty-relay",
        "--package",
        "chatty-cli",
    ]);
    command.args([
        "--no-default-features",
        "--features",
        "chatty-relay/embedded",
    ]);
    shell::run(command.args(cargo::locked()))?;
    Ok(String::new())
}

fn value<'a>(words: &'a [String], flag: &str) -> Option<&'a str> {
    let mut rest = words.iter();
    while let Some(word) = rest.next() {
        if word == flag {
            return rest.next().map(String::as_str);
        }
        if let Some(value) = word
            .strip_prefix(flag)
            .and_then(|rest| rest.strip_prefix('='))
        {
            return Some(value);
        }
    }
    None
}

/// What the caller said, and our defaults for what they did not say.
fn arguments(words: &[String], data: &Path, pages: &Path) -> Vec<String> {
    let mut all = words.to_vec();
    if value(words, "--data").is_none() {
        all.extend(["--data".to_owned(), data.display().to_string()]);
    }
    if value(words, "--listen").is_none() {
        all.extend(["--listen".to_owned(), ADDRESS.to_owned()]);
    }
    if value(words, "--ui").is_none() {
        all.extend(["--ui".to_owned(), pages.display().to_string()]);
    }
    all
}

fn next_step(chatty: &Path, data: &Path, address: &str) -> String {
    let (chatty, mail) = (chatty.display(), data.join("mail"));
    let mail = mail.display();
    format!(
        r#"
The relay serves http://{address} and keeps its data in {}. Ctrl-C stops it.

Open http://{address} in two browser profiles and make two accounts: the codes of the mails appear
below. Or by the command line, in a second terminal:

  alias chatty={chatty}
  export CHATTY_RELAY=http://{address} CHATTY_PASSWORD='correct horse' CHATTY_PASSPHRASE='local lock'

  1  chatty --home /tmp/ann signup --handle ann --email ann@example.org
     chatty --home /tmp/bob signup --handle bob --email bob@example.org
  2  grep -hE '^[0-9]{{6}}' {mail}/*.eml      # each one's code; a real server sends it by mail
     chatty --home /tmp/ann verify-email CODE && chatty --home /tmp/bob verify-email CODE
  3  chatty --home /tmp/ann send @bob 'hello bob'
  4  chatty --home /tmp/bob requests accept @ann && chatty --home /tmp/bob messages @ann
  5  chatty --home /tmp/bob send @ann 'hello ann' && chatty --home /tmp/ann messages @bob
"#,
        data.display()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_is_found_in_both_spellings() {
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(value(&words("--listen 1:2 --x"), "--listen"), Some("1:2"));
        assert_eq!(value(&words("--x --listen=1:2"), "--listen"), Some("1:2"));
        assert_eq!(value(&words("--listening 1:2"), "--listen"), None);
        let all = arguments(&words("--listen 1:2"), Path::new("/d"), Path::new("/u"));
        assert_eq!(all, words("--listen 1:2 --data /d --ui /u"));
    }
}
