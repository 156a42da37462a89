//! Versions below which an attack works (A24, D15, D16, D17), held in deny.toml and in Cargo.lock.

use super::assert_none;
use super::source::checkout;
use toml::{Table, Value};

const FLOORS: &[(&str, &str)] = &[
    ("vodozemac", "0.11.1"),
    ("h2", "0.4.16"),
    ("tungstenite", "0.20.1"),
    ("sqlx", "0.8.1"),
    ("sqlx-core", "0.8.1"),
    ("lettre", "0.11.23"),
    ("jsonwebtoken", "11.0.0"),
    // SQLite before 3.51.3 may damage a file whose log is reset while another connection writes.
    ("libsqlite3-sys", "0.39.0"),
];
const BANNED: &[&str] = &[
    "rsa",
    "openssl",
    "openssl-sys",
    "native-tls",
    "aws-lc-rs",
    "aws-lc-sys",
];
const BANNED_FEATURES: &[(&str, &[&str])] = &[
    ("vodozemac", &["libolm-compat", "insecure-pk-encryption"]),
    ("lettre", &["native-tls", "boring-tls"]),
    ("jsonwebtoken", &["rust_crypto", "aws_lc_rs"]),
];

fn table(name: &str) -> Table {
    let text = std::fs::read_to_string(checkout().join(name)).expect("the file is there");
    text.parse().expect("the file is TOML")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().expect("a text")
}

/// Numbers before any `-pre` or `+build`.
fn version(text: &str) -> Vec<u64> {
    let numbers = text.split(['-', '+']).next().unwrap_or_default();
    numbers
        .split('.')
        .map(|part| part.parse().expect("a number"))
        .collect()
}

#[test]
fn d15_deny_toml_has_every_floor_and_ban() {
    let bans = &table("deny.toml")["bans"];
    let denied: Vec<&str> = list(&bans["deny"])
        .iter()
        .map(|entry| text(entry, "crate"))
        .collect();
    let floors = FLOORS
        .iter()
        .map(|(name, floor)| format!("{name}:<{floor}"));
    let wanted = floors.chain(BANNED.iter().map(|name| (*name).to_owned()));
    let mut findings: Vec<String> = wanted
        .filter(|wanted| !denied.contains(&wanted.as_str()))
        .collect();
    for (name, features) in BANNED_FEATURES {
        let entry = list(&bans["features"])
            .iter()
            .find(|entry| text(entry, "crate") == *name);
        for feature in *features {
            let there = entry.is_some_and(|entry| {
                list(&entry["deny"])
                    .iter()
                    .any(|denied| denied.as_str() == Some(feature))
            });
            if !there {
                findings.push(format!("feature {feature} of {name}"));
            }
        }
    }
    assert_eq!(bans["multiple-versions"].as_str(), Some("deny"));
    for entry in list(&bans["skip"]) {
        if text(entry, "reason").len() < 10 {
            findings.push(format!("a reason for skipping {}", text(entry, "crate")));
        }
    }
    assert_none(&findings, "deny.toml lacks");
}

#[test]
fn d15_the_lockfile_is_above_every_floor() {
    let lock = table("Cargo.lock");
    let mut findings = Vec::new();
    for package in list(&lock["package"]) {
        let (name, found) = (text(package, "name"), text(package, "version"));
        let floor = FLOORS
            .iter()
            .find(|(floored, _)| *floored == name)
            .map(|(_, floor)| *floor);
        let below = floor.is_some_and(|floor| version(found) < version(floor));
        if below || BANNED.contains(&name) {
            findings.push(format!("{name} {found}"));
        }
    }
    assert_none(
        &findings,
        "Cargo.lock holds a crate that is banned or too old",
    );
}
