//! The part `crypto` of `docs/vectors.json`: what another client's cryptography is checked
//! against. Made from fixed inputs and then frozen; `CHATTY_UPDATE=1` writes it anew when the
//! protocol really changes. Only `crypto.stored` cannot be made twice, because vodozemac draws its
//! own randomness: it was made once and is opened again by every run.

mod content;
mod meta;
mod recovery;
mod sas;
mod stored;

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/vectors.json");

fn hex(bytes: impl AsRef<[u8]>) -> String {
    HEXLOWER.encode(bytes.as_ref())
}

/// The bytes of a hex string of the file.
fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

/// The whole file as it is kept.
fn kept() -> Value {
    serde_json::from_str(&std::fs::read_to_string(FILE).unwrap()).unwrap()
}

fn made() -> Value {
    json!({
        "recovery": recovery::all(),
        "padding": content::padding(),
        "olm_bind": content::olm_bind(),
        "megolm_bind": content::megolm_bind(),
        "chain": content::chain(),
        "content": content::contents(),
        "to_device": content::to_device(),
        "meta": meta::meta(),
        "emoji": sas::emoji(),
        "sas": sas::run(),
    })
}

#[test]
fn the_vectors_are_what_the_code_does() {
    let mut file = kept();
    let update = std::env::var_os("CHATTY_UPDATE").is_some();
    let mut wanted = made();
    wanted["stored"] = match &file["crypto"]["stored"] {
        Value::Null if update => stored::make(),
        stored => stored.clone(),
    };
    if update {
        file["crypto"] = wanted.clone();
        let text = serde_json::to_string_pretty(&file).unwrap() + "\n";
        std::fs::write(FILE, text).unwrap();
    }
    for (name, value) in wanted.as_object().unwrap() {
        assert_eq!(
            &file["crypto"][name], value,
            "docs/vectors.json differs at crypto.{name}"
        );
    }
    assert_eq!(
        file["crypto"].as_object().unwrap().len(),
        wanted.as_object().unwrap().len(),
        "a vector that nothing makes"
    );
}
