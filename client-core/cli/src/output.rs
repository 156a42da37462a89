//! What is printed: rows for people or JSON lines, errors and warnings on stderr.

use std::io::Write;

use crate::api::ApiError;
use serde::Serialize;
use serde_json::{Value, json};

/// Where rows and errors go.
pub struct Output {
    json: bool,
}

impl Output {
    /// JSON lines or text for people.
    pub fn new(json: bool) -> Self {
        Self { json }
    }

    /// Whether scripts read this.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// One row: the JSON object, or what a person reads.
    pub fn row<T: Serialize>(&self, row: &T, text: impl FnOnce(&T) -> String) {
        if self.json {
            self.line(&to_value(row).to_string());
        } else {
            self.line(&text(row));
        }
    }

    /// Rows of a list; `empty` is said to people when there are none.
    pub fn rows<T: Serialize>(&self, rows: &[T], empty: &str, text: impl Fn(&T) -> String) {
        if rows.is_empty() && !self.json {
            self.line(empty);
        }
        for row in rows {
            self.row(row, &text);
        }
    }

    /// A JSON object as it is, in both modes: events and the answers of `rpc`.
    pub fn object<T: Serialize>(&self, object: &T) {
        self.line(&to_value(object).to_string());
    }

    /// A remark for people that scripts do not need.
    pub fn say(&self, text: &str) {
        if !self.json {
            self.line(text);
        }
    }

    /// Something to know that is no failure; on stderr.
    pub fn warn(&self, code: &str, message: &str) {
        let text = if self.json {
            json!({ "warning": { "code": code, "message": message } }).to_string()
        } else {
            format!("chatty: {message}")
        };
        write_line(&mut std::io::stderr(), &text);
    }

    /// The failure that ends the command; on stderr.
    pub fn error(&self, error: &ApiError) {
        let text = if self.json {
            json!({ "error": to_value(error) }).to_string()
        } else if error.hint.is_empty() {
            format!("chatty: {}", error.message)
        } else {
            format!("chatty: {}\n        {}", error.message, error.hint)
        };
        write_line(&mut std::io::stderr(), &text);
    }

    /// A question to a person; on stderr, so that stdout stays rows.
    pub fn ask(&self, text: &str) {
        write_line(&mut std::io::stderr(), text);
    }

    fn line(&self, text: &str) {
        write_line(&mut std::io::stdout(), text);
    }
}

/// A closed pipe (`chatty … | head`) is no reason to fail.
fn write_line(to: &mut impl Write, text: &str) {
    let _closed = writeln!(to, "{text}").and_then(|()| to.flush());
}

fn to_value<T: Serialize>(row: &T) -> Value {
    // Rows are plain data with text keys; serialising them cannot fail.
    serde_json::to_value(row).unwrap_or(Value::Null)
}

/// A text of somebody else on a terminal: control characters and direction overrides are shown,
/// not obeyed.
pub fn plain(text: &str) -> String {
    let harmless = |c: char| {
        let steers = c.is_control() && c != '\n' && c != '\t';
        let bends = matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        if steers || bends { '\u{fffd}' } else { c }
    };
    text.chars().map(harmless).collect()
}

/// Unix ms as local date and time.
pub fn time(at_ms: u64) -> String {
    let at = i64::try_from(at_ms)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok());
    let zone = jiff::tz::TimeZone::system();
    at.map_or_else(String::new, |at| {
        at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string()
    })
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_text_cannot_steer_the_terminal() {
        assert_eq!(
            super::plain("a\u{1b}[2Jb\u{202e}c\nd"),
            "a\u{fffd}[2Jb\u{fffd}c\nd"
        );
    }
}
