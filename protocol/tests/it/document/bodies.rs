//! The REST bodies, from the sources of `rest/`: name, use, fields with type and meaning.

use std::fmt::Write;

use super::sentence;

const SOURCES: [&str; 5] = [
    include_str!("../../../src/rest/account.rs"),
    include_str!("../../../src/rest/device.rs"),
    include_str!("../../../src/rest/key.rs"),
    include_str!("../../../src/rest/conversation.rs"),
    include_str!("../../../src/rest/service.rs"),
];

/// A Rust type in the words of the document.
fn word(rust: &str) -> String {
    let inside = |open: &str| {
        rust.strip_prefix(open)
            .and_then(|rest| rest.strip_suffix('>'))
    };
    if let Some(inner) = inside("Option<") {
        return format!("{}, may be left out", word(inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", word(inner));
    }
    match rust {
        "String" => "text",
        "B64" => "base64url",
        "u64" => "number",
        "bool" => "true or false",
        "UserId" => "user id",
        "DeviceId" => "device id",
        "ConvId" => "conversation id",
        "HeadBody" => "head",
        "crate::ErrorCode" => "error code",
        "BTreeMap<String, u64>" => "object of numbers",
        other => return format!("`{other}`"),
    }
    .to_owned()
}

pub(super) fn list() -> String {
    let mut made = String::new();
    for source in SOURCES {
        let mut docs = Vec::new();
        for line in source.lines().map(str::trim) {
            if let Some(doc) = line.strip_prefix("/// ") {
                docs.push(doc);
            } else if let Some(name) = line.strip_prefix("pub struct ") {
                let name = name.trim_end_matches(" {");
                writeln!(made, "- **`{name}`**: {}", sentence(&docs)).unwrap();
                docs.clear();
            } else if let Some((field, rust)) = line
                .strip_prefix("pub ")
                .and_then(|line| line.split_once(": "))
            {
                let kind = word(rust.trim_end_matches(','));
                writeln!(made, "  - `{field}` ({kind}): {}", sentence(&docs)).unwrap();
                docs.clear();
            } else if !line.starts_with('#') {
                docs.clear();
            }
        }
    }
    made
}
