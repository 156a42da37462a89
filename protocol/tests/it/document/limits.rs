//! The table of limits, from `limits.rs`: name, value, meaning.

use std::collections::BTreeMap;
use std::fmt::Write;

use super::sentence;

const SOURCE: &str = include_str!("../../../src/limits.rs");

/// Value of a right-hand side: factors joined by `*`, each a number or a name from above.
fn value(text: &str, known: &BTreeMap<&str, u64>) -> u64 {
    if text == "(1 << 53) - 1" {
        return (1 << 53) - 1;
    }
    let factor = |factor: &str| {
        let factor = factor.trim();
        let digits = factor.replace('_', "");
        digits
            .parse()
            .unwrap_or_else(|_| *known.get(factor).unwrap_or_else(|| panic!("{factor}")))
    };
    text.split('*').map(factor).product()
}

/// `1800000` as `1,800,000`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Milliseconds and bytes also in the unit that people think in.
fn shown(name: &str, number: u64) -> String {
    let exact = grouped(number);
    let times = [
        (86_400_000, "d"),
        (3_600_000, "h"),
        (60_000, "min"),
        (1_000, "s"),
    ];
    let sizes = [(1 << 20, "MiB"), (1 << 10, "KiB")];
    let units: &[(u64, &str)] = if name.ends_with("_MS") {
        &times
    } else if name.ends_with("_BYTES") {
        &sizes
    } else {
        &[]
    };
    let fits = units
        .iter()
        .find(|(size, _)| number >= *size && number.is_multiple_of(*size));
    match fits {
        Some((size, unit)) => format!("{exact} ({} {unit})", number / size),
        None => exact,
    }
}

fn rows() -> Vec<(String, String, String)> {
    let mut known = BTreeMap::new();
    let (mut docs, mut rows) = (Vec::new(), Vec::new());
    for line in SOURCE.lines() {
        if let Some(doc) = line.strip_prefix("/// ") {
            docs.push(doc);
            continue;
        }
        if let Some(constant) = line.strip_prefix("pub const ") {
            let (name, rest) = constant.split_once(": ").unwrap();
            let right = rest.split_once(" = ").unwrap().1.trim_end_matches(';');
            let shown = match right
                .strip_prefix('(')
                .and_then(|text| text.strip_suffix(')'))
            {
                Some(pair) => pair.replace(", ", " to "),
                None => {
                    let number = value(right, &known);
                    known.insert(name, number);
                    shown(name, number)
                }
            };
            rows.push((name.to_owned(), shown, sentence(&docs)));
        }
        docs.clear();
    }
    rows
}

pub(super) fn table() -> String {
    let mut made = "| name | value | meaning |\n|---|---|---|\n".to_owned();
    for (name, value, meaning) in rows() {
        writeln!(made, "| `{name}` | {value} | {meaning} |").unwrap();
    }
    made
}

/// The reader above against the compiler.
#[test]
fn the_source_is_read_as_the_compiler_reads_it() {
    use chatty_protocol::limits;
    let rows = rows();
    assert_eq!(rows.len(), SOURCE.matches("\npub const ").count());
    let of = |name: &str| rows.iter().find(|row| row.0 == name).unwrap().1.clone();
    assert_eq!(of("UINT_MAX"), grouped(limits::UINT_MAX));
    assert_eq!(of("CBOR_DEPTH"), limits::CBOR_DEPTH.to_string());
    assert_eq!(of("EXPIRES_MAX_S"), grouped(limits::EXPIRES_MAX_S));
    assert!(of("INBOX_BYTES").starts_with(&grouped(limits::INBOX_BYTES as u64)));
    assert!(of("RETENTION_MS").starts_with(&grouped(limits::RETENTION_MS)));
    let (min, max) = limits::HANDLE_CHARS;
    assert_eq!(of("HANDLE_CHARS"), format!("{min} to {max}"));
}
