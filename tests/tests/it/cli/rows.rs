//! The shapes of the rows as the contract's table has them (issue 3).

use serde_json::Value;

/// `name:type`: s text, n number, b flag, a list, o object; capital = may be null, `?` = may be
/// missing. What stands behind `+` is not in the table and may come as well.
pub const SIGN_UP: &str = "user:s handle:s device:s recovery_key:s";
pub const WHO_AM_I: &str = "user:s handle:s device:s class:s device_state:s verified_email:b";
pub const MESSAGE: &str = "id:s conv:s seq:N from:s from_device:s at_ms:n state:s text:S edited:b \
     deleted:b reply_to?:s reactions:a expires_at_ms?:n +mentions?:a +reason?:s \
     +older_membership?:s +spans?:a";
pub const HIT: &str = "id:s conv:s seq:N from:s from_device:s at_ms:n state:s text:S edited:b \
     deleted:b reply_to?:s reactions:a expires_at_ms?:n snippet:a +mentions?:a +spans?:a";
pub const COVERAGE: &str = "coverage:o";
pub const CHAT: &str = "id:s kind:s title:s with?:s state:s unread:n last_at_ms:n +reason?:s \
     +last?:o +mention:b +draft?:s +pinned:b +archived:b +muted_until_ms?:n +timer_s?:n";
pub const DEVICE: &str =
    "id:s name:s class:s platform:s state:s current:b created_ms:n last_seen_ms:n";
pub const SENT: &str = "id:s conv:s state:s seq?:n";
pub const REQUEST: &str = "id:s from:s preview:S at_ms:n";
pub const GROUP: &str = "id:s title:s members:a";

/// Words that a field of this name may hold.
fn words(name: &str, row: &Value) -> Option<&'static [&'static str]> {
    let is = |field: &str| row.get(field).is_some();
    match name {
        "kind" => Some(&["direct", "group", "self"]),
        "state" if is("unread") => Some(&["open", "request", "left", "held", "frozen"]),
        "state" if is("platform") => Some(&["waiting", "approved", "expired", "revoked"]),
        "state" if !is("text") && is("conv") => Some(&["accepted", "queued"]),
        _ => None,
    }
}

/// Fails when a row is not of this shape.
pub fn check(row: &Value, shape: &str) {
    let fields = row.as_object().unwrap_or_else(|| panic!("no row: {row}"));
    let mut known = Vec::new();
    for field in shape.split_whitespace() {
        let (name, kind) = field.split_once(':').unwrap();
        let name = name.trim_start_matches('+');
        let optional = name.ends_with('?');
        let name = name.trim_end_matches('?');
        known.push(name);
        let Some(value) = fields.get(name) else {
            assert!(optional, "{name} is missing: {row}");
            continue;
        };
        let may_be_null = kind.chars().all(char::is_uppercase) && value.is_null();
        let right = match kind.to_lowercase().as_str() {
            "s" => value.is_string(),
            "n" => value.is_u64(),
            "b" => value.is_boolean(),
            "a" => value.is_array(),
            "o" => value.is_object(),
            other => panic!("no type {other}"),
        };
        assert!(right || may_be_null, "{name} is no {kind}: {row}");
        if let Some(words) = words(name, row) {
            assert!(words.contains(&value.as_str().unwrap()), "{name}: {row}");
        }
    }
    for name in fields.keys() {
        assert!(
            known.contains(&name.as_str()),
            "{name} is not in the table: {row}"
        );
    }
    let texts = fields.values().filter_map(Value::as_str);
    let long: Vec<&str> = texts.filter(|text| text.contains(' ')).collect();
    for text in &long {
        let times = long.iter().filter(|other| *other == text).count();
        assert_eq!(times, 1, "a text occurs once in a row: {row}");
    }
}

/// Fails when one of the rows is not of this shape, or there is none.
pub fn check_all(rows: &[Value], shape: &str) {
    assert!(!rows.is_empty(), "no row of {shape}");
    for row in rows {
        check(row, shape);
    }
}

#[test]
fn other_shapes_are_seen() {
    let good = serde_json::json!({ "id": "a", "from": "b", "preview": null, "at_ms": 7 });
    check(&good, REQUEST);
    for (field, value) in [
        ("id", serde_json::json!(7)),
        ("at_ms", serde_json::json!("7")),
        ("more", serde_json::json!(1)),
    ] {
        let mut bad = good.clone();
        bad[field] = value;
        assert!(
            std::panic::catch_unwind(|| check(&bad, REQUEST)).is_err(),
            "{bad}"
        );
    }
}
