//! One file is one thought: sizes of files and functions outside tests.

use super::exceptions::Exceptions;
use super::source::{closing, line_of, word_offsets};
use super::{assert_none, rust_files};

const FILE_LINES: usize = 400;
const FUNCTION_LINES: usize = 70;

#[test]
fn files_are_small() {
    let mut found = Vec::new();
    for file in rust_files().iter().filter(|file| !file.is_test()) {
        let tests = file.test_code();
        let all = file.text.lines().count();
        let in_tests = tests.lines().filter(|line| !line.trim().is_empty()).count();
        let lines = all - in_tests;
        if lines > FILE_LINES {
            found.push((file.path.clone(), lines));
        }
    }
    let findings = Exceptions::of("file").judge(&found, "lines without its tests");
    assert_none(&findings, &format!("a file has at most {FILE_LINES} lines"));
}

#[test]
fn functions_are_small() {
    let mut found = Vec::new();
    for file in rust_files() {
        for (name, lines) in functions(&file.product_code()) {
            if lines > FUNCTION_LINES {
                found.push((format!("{}:{name}", file.path), lines));
            }
        }
    }
    let findings = Exceptions::of("function").judge(&found, "lines");
    assert_none(
        &findings,
        &format!("a function has at most {FUNCTION_LINES} lines"),
    );
}

/// Name and number of lines of every function with a body, in blanked code.
fn functions(code: &str) -> Vec<(String, usize)> {
    let mut found = Vec::new();
    for start in word_offsets(code, "fn") {
        let after = code[start + 2..].trim_start();
        let name: String = after
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect();
        if name.is_empty() {
            continue; // the type `fn(…)`
        }
        if let Some(end) = body(code, start).and_then(|open| closing(code, open)) {
            found.push((name, line_of(code, end) - line_of(code, start) + 1));
        }
    }
    found
}

/// Where the body opens: the first brace outside the parameters; a semicolon comes first in a trait.
fn body(code: &str, start: usize) -> Option<usize> {
    let mut depth = 0i32;
    for (offset, byte) in code.bytes().enumerate().skip(start) {
        match byte {
            b'(' | b'[' => depth += 1,
            b')' | b']' => depth -= 1,
            b'{' if depth == 0 => return Some(offset),
            b';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

#[test]
fn functions_are_measured_from_their_first_word_to_their_last_bracket() {
    let code = "trait T {\n fn a(&self, x: [u8; 4]);\n fn b(f: fn(u8) -> u8)\n where\n {\n  if x { y }\n }\n}\n";
    assert_eq!(functions(code), [("b".to_owned(), 5)]);
}
