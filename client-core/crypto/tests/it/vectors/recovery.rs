//! Recovery key: text, account identity key, `K(name)`, passphrase wrap.

use chatty_crypto::recovery::{KeyName, RecoverySecret, wrap};
use chatty_protocol::UserId;
use chatty_protocol::codec::Fixed;
use serde_json::{Value, json};

use super::hex;
use crate::kit::Dice;

const SECRET: &[u8; 20] = b"chatty self-test key";

pub(super) fn all() -> Value {
    let secret = RecoverySecret::from_bytes(*SECRET);
    let aik = secret.aik();
    let public = Fixed(*aik.public_key().as_bytes());
    let user = UserId::of_aik(&public);
    json!({
        "secret": hex(SECRET),
        "text": secret.to_text().as_str(),
        "typed": typed(&secret),
        "aik_seed": hex(aik.to_bytes().as_slice()),
        "aik": hex(public),
        "user": user.to_string(),
        "keys": keys(&secret, &user),
        "wrap": wrapped(&secret, &user),
    })
}

/// What people type, and whether it is this secret.
fn typed(secret: &RecoverySecret) -> Value {
    let text = secret.to_text();
    let rows = [
        text.to_lowercase(),
        text.replace('-', " "),
        text.replace('1', "l").replace('0', "O"),
        text.replacen('C', "D", 1),
        text.replacen("CDM6Q", "CMD6Q", 1),
        text[..41].to_owned(),
        text.replacen('-', "-U", 1),
    ];
    let row = |typed: String| {
        let accepted = RecoverySecret::from_text(&typed)
            .is_ok_and(|read| read.as_bytes() == secret.as_bytes());
        json!({ "typed": typed, "accepted": accepted })
    };
    rows.into_iter().map(row).collect()
}

fn keys(secret: &RecoverySecret, user: &UserId) -> Value {
    let names = [
        (KeyName::Vault, "vault"),
        (KeyName::Record, "record"),
        (KeyName::Index, "index"),
    ];
    names
        .into_iter()
        .map(|(key, name)| {
            json!({ "name": name, "version": 1, "key": hex(*secret.key(key, user, 1)) })
        })
        .collect()
}

fn wrapped(secret: &RecoverySecret, user: &UserId) -> Value {
    let passphrase = "correct horse battery staple";
    let wrapped = wrap(secret, user, 1, passphrase, &mut Dice(1)).unwrap();
    json!({ "passphrase": passphrase, "wrapped": hex(wrapped.to_bytes()) })
}
