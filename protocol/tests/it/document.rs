//! `docs/protocol.md` says what the code does: its tables of limits, error codes and REST bodies
//! are made from the source (`CHATTY_UPDATE=1` writes them anew), every vector that it names
//! exists, and every vector and frame is named.

mod bodies;
mod limits;

use std::fmt::Write;

use chatty_protocol::ErrorCode;
use chatty_protocol::sign::SignContext;
use serde_json::Value;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
const VECTORS: &str = include_str!("../../../docs/vectors.json");

fn document() -> String {
    std::fs::read_to_string(FILE).unwrap()
}

/// Lines of documentation that stand right above, as one sentence.
fn sentence(docs: &[&str]) -> String {
    docs.join(" ")
        .replace("[`", "`")
        .replace("`]", "`")
        .replace('|', "\\|")
}

/// Replaces what stands between the two marks of `name`, or compares it.
fn section(name: &str, made: &str) {
    let text = document();
    let (open, close) = (
        format!("<!-- made: {name} -->\n"),
        format!("<!-- end: {name} -->"),
    );
    let start = text.find(&open).unwrap() + open.len();
    let end = start + text[start..].find(&close).unwrap();
    if std::env::var_os("CHATTY_UPDATE").is_some() {
        let text = format!("{}{made}{}", &text[..start], &text[end..]);
        std::fs::write(FILE, text).unwrap();
        return;
    }
    assert_eq!(
        &text[start..end],
        made,
        "docs/protocol.md is older than the code at {name}: run this test with CHATTY_UPDATE=1"
    );
}

fn errors() -> String {
    const SOURCE: &str = include_str!("../../src/error.rs");
    let mut made = "| code | HTTP | meaning |\n|---|---|---|\n".to_owned();
    for code in ErrorCode::ALL {
        let needle = format!("= \"{}\",", code.as_str());
        let before = &SOURCE[..SOURCE.find(&needle).unwrap()];
        let lines = before.lines().rev().skip(1).map(str::trim);
        let mut docs: Vec<&str> = lines.map_while(|line| line.strip_prefix("/// ")).collect();
        docs.reverse();
        writeln!(
            made,
            "| `{code}` | {} | {} |",
            code.status(),
            sentence(&docs)
        )
        .unwrap();
    }
    made
}

/// One test, because all three write the same file.
#[test]
fn the_tables_are_made_from_the_code() {
    section("errors", &errors());
    section("limits", &limits::table());
    section("bodies", &bodies::list());
}

/// Every `v:/a/b` of the text.
fn named(text: &str) -> Vec<&str> {
    text.split("`v:")
        .skip(1)
        .map(|rest| rest.split('`').next().unwrap())
        .collect()
}

#[test]
fn every_vector_that_is_named_exists_and_every_vector_is_named() {
    let text = document();
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let named = named(&text);
    for pointer in &named {
        assert!(vectors.pointer(pointer).is_some(), "no vector at {pointer}");
    }
    let keys = |at: &str| -> Vec<String> {
        let object = vectors.pointer(at).unwrap().as_object().unwrap();
        object.keys().map(|key| format!("{at}/{key}")).collect()
    };
    let mut wanted = keys("");
    wanted.retain(|key| !matches!(key.as_str(), "/version" | "/crypto" | "/encodings"));
    wanted.extend(keys("/crypto"));
    wanted.extend(keys("/encodings").iter().flat_map(|group| keys(group)));
    wanted.extend(
        ["/crypto/content", "/crypto/to_device"]
            .into_iter()
            .flat_map(keys),
    );
    for pointer in wanted {
        let inside = format!("{pointer}/");
        assert!(
            named
                .iter()
                .any(|name| *name == pointer || name.starts_with(&inside)),
            "{pointer} is nowhere in docs/protocol.md"
        );
    }
}

#[test]
fn every_context_and_frame_number_is_in_its_table() {
    let text = document();
    for context in SignContext::ALL {
        let row = format!("| `{}` |", context.name());
        assert!(text.contains(&row), "no row for {}", context.name());
    }
    let client = crate::snapshots::client_frames().len();
    assert_eq!(client, 8, "frames of the client");
    for (name, _) in crate::snapshots::all_examples()
        .into_iter()
        .take(2)
        .flat_map(|(_, rows)| rows)
    {
        let (number, word) = name.split_once(' ').unwrap();
        let word = word.split(' ').next().unwrap();
        let found = text.lines().any(|line| {
            line.starts_with(&format!("| {number} |")) && line.contains(&format!("**{word}"))
        });
        assert!(found, "frame {name} has no row");
    }
}
