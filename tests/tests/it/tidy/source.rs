//! The repository's files, and Rust text with everything blanked that is not code.

use std::path::Path;
use std::process::Command;

pub struct File {
    /// Relative to the checkout, with `/`.
    pub path: String,
    pub text: String,
    /// `text` with comments, strings and characters turned into spaces: the same length, the same lines.
    pub code: String,
}

pub fn checkout() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests/ lies in the checkout")
}

/// Files with one of these endings (or exactly this name) that are committed or could be.
pub fn files(endings: &[&str]) -> Vec<File> {
    let output = Command::new("git")
        .args([
            "ls-files",
            "-z",
            "--cached",
            "--others",
            "--exclude-standard",
        ])
        .current_dir(checkout())
        .output()
        .expect("git lists the files");
    assert!(
        output.status.success(),
        "git ls-files: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    let names = String::from_utf8(output.stdout).expect("file names are UTF-8");
    let wanted = |name: &&str| {
        endings
            .iter()
            .any(|&ending| *name == ending || name.ends_with(&format!(".{ending}")))
    };
    let read = |name: &str| {
        // A file that is deleted but not yet committed as deleted is listed too.
        let text = std::fs::read_to_string(checkout().join(name)).ok()?;
        let code = if name.ends_with(".rs") {
            blank(&text)
        } else {
            text.clone()
        };
        Some(File {
            path: name.to_owned(),
            text,
            code,
        })
    };
    names.split('\0').filter(wanted).filter_map(read).collect()
}

impl File {
    /// True for files that hold tests only. `tests/src/` is not among them: it is the tests' library.
    pub fn is_test(&self) -> bool {
        let path = format!("/{}", self.path);
        let in_tests = path.contains("/tests/") && !path.starts_with("/tests/src/");
        in_tests || path.ends_with("/tests.rs") || path.contains("/benches/")
    }

    /// The code without `#[cfg(test)]` modules, or nothing for a test file.
    pub fn product_code(&self) -> String {
        if self.is_test() {
            String::new()
        } else {
            split(&self.code).0
        }
    }

    /// What [`File::product_code`] leaves out.
    pub fn test_code(&self) -> String {
        if self.is_test() {
            self.code.clone()
        } else {
            split(&self.code).1
        }
    }
}

/// The line of a byte offset, counted from 1.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset]
        .iter()
        .filter(|&&byte| byte == b'\n')
        .count()
        + 1
}

/// The offset just behind the bracket that closes the one at `open`, in blanked code.
pub fn closing(code: &str, open: usize) -> Option<usize> {
    let mut depth = 0usize;
    for (offset, byte) in code.bytes().enumerate().skip(open) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.checked_sub(1)?,
            _ => continue,
        }
        if depth == 0 {
            return Some(offset + 1);
        }
    }
    None
}

/// Offsets at which `word` stands and is not part of a longer name.
pub fn word_offsets<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let part = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    code.match_indices(word)
        .map(|(offset, _)| offset)
        .filter(move |&offset| {
            let bytes = code.as_bytes();
            let before = offset.checked_sub(1).and_then(|place| bytes.get(place));
            !part(before) && !part(bytes.get(offset + word.len()))
        })
}

/// Blanked code in two: without the test modules, and only these. Both keep the length and the lines.
fn split(code: &str) -> (String, String) {
    let mut product = code.as_bytes().to_vec();
    let mut test = erased(code.as_bytes());
    for (start, _) in code.match_indices("#[cfg(test)]") {
        let Some(open) = code[start..].find(['{', ';']).map(|offset| start + offset) else {
            continue;
        };
        let end = if code.as_bytes()[open] == b'{' {
            closing(code, open)
        } else {
            Some(open + 1)
        };
        let end = end.unwrap_or(code.len());
        test[start..end].copy_from_slice(&code.as_bytes()[start..end]);
        product[start..end].copy_from_slice(&erased(&code.as_bytes()[start..end]));
    }
    let text = |bytes| String::from_utf8(bytes).expect("blanking keeps UTF-8");
    (text(product), text(test))
}

fn erased(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .map(|&byte| if byte == b'\n' { b'\n' } else { b' ' })
        .collect()
}

/// Turns comments, strings and character literals into spaces.
pub fn blank(text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    let mut at = 0;
    while at < bytes.len() {
        match literal_end(text.as_bytes(), at) {
            Some(end) => {
                let blanked = erased(&bytes[at..end]);
                bytes[at..end].copy_from_slice(&blanked);
                at = end;
            }
            None => at += 1,
        }
    }
    String::from_utf8(bytes).expect("whole literals are blanked, so what is left is UTF-8")
}

/// The end of the comment, string or character that begins at `at`, if one does.
fn literal_end(text: &[u8], at: usize) -> Option<usize> {
    let rest = &text[at..];
    let to = |length: Option<usize>| Some(length.map_or(text.len(), |length| at + length));
    if rest.starts_with(b"//") {
        return to(rest.iter().position(|&byte| byte == b'\n'));
    }
    if rest.starts_with(b"/*") {
        return to(comment_length(rest));
    }
    match rest[0] {
        b'"' => to(string_length(rest)),
        b'r' if !name_before(text, at) => raw_length(rest).map(|length| at + length),
        b'\'' => character_length(rest).map(|length| at + length),
        _ => None,
    }
}

fn comment_length(rest: &[u8]) -> Option<usize> {
    let (mut depth, mut at) = (0, 0);
    while at + 1 < rest.len() {
        match &rest[at..at + 2] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn string_length(rest: &[u8]) -> Option<usize> {
    let mut at = 1;
    while at < rest.len() {
        match rest[at] {
            b'\\' => at += 2,
            b'"' => return Some(at + 1),
            _ => at += 1,
        }
    }
    None
}

/// `r"…"`, `r#"…"#`; a raw name such as `r#type` is none.
fn raw_length(rest: &[u8]) -> Option<usize> {
    let hashes = rest[1..].iter().take_while(|&&byte| byte == b'#').count();
    if rest.get(1 + hashes) != Some(&b'"') {
        return None;
    }
    let end: Vec<u8> = std::iter::once(b'"')
        .chain(std::iter::repeat_n(b'#', hashes))
        .collect();
    let body = 2 + hashes;
    let found = rest[body..]
        .windows(end.len())
        .position(|window| window == end);
    Some(found.map_or(rest.len(), |found| body + found + end.len()))
}

/// `'x'` and `'\n'`, but not the lifetime `'x`.
fn character_length(rest: &[u8]) -> Option<usize> {
    if rest.get(1) == Some(&b'\\') {
        return rest[3..]
            .iter()
            .position(|&byte| byte == b'\'')
            .map(|found| found + 4);
    }
    // One character of up to four bytes, then the quote.
    let first = std::str::from_utf8(rest.get(1..rest.len().min(5))?);
    let first = match first {
        Ok(text) => text.chars().next(),
        Err(error) => std::str::from_utf8(&rest[1..1 + error.valid_up_to()])
            .ok()?
            .chars()
            .next(),
    }?;
    let end = 1 + first.len_utf8();
    (rest.get(end) == Some(&b'\'')).then_some(end + 1)
}

/// True inside a name such as `for"`, where the `r` begins no raw string; `br"…"` does.
fn name_before(text: &[u8], at: usize) -> bool {
    let before = &text[..at];
    let before = before
        .strip_suffix(b"b")
        .or(before.strip_suffix(b"c"))
        .unwrap_or(before);
    before
        .last()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_')
}

#[test]
fn what_is_no_code_is_blanked() {
    for (text, code) in [
        ("a // fn b\nc", "a        \nc"),
        ("a /* x /* y */ z */ b", "a                   b"),
        (r#"f("{\"}", '{', 'x')"#, "f(      ,    ,    )"),
        (r##"f(r#"a"{"#, b)"##, "f(        , b)"),
        ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        (
            r"f('\'', 'ä', r#type, b'\n')",
            "f(    ,     , r#type, b    )",
        ),
    ] {
        assert_eq!(blank(text), code);
        assert_eq!(blank(text).len(), text.len());
    }
}

#[test]
fn test_modules_are_cut_out() {
    let code = "fn a() {}\n#[cfg(test)]\nmod tests {\n    fn b() {}\n}\nfn c() {}\n";
    let (product, test) = split(code);
    assert!(product.contains("fn a") && product.contains("fn c") && !product.contains("fn b"));
    assert!(test.contains("fn b") && !test.contains("fn a"));
    assert_eq!(product.lines().count(), code.lines().count());
}
