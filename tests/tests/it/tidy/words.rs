//! Words that may not stand in the code, each because of what it hides.

use super::exceptions::Exceptions;
use super::source::{File, blank, closing, files, line_of, word_offsets};
use super::{assert_none, rust_files};

/// These two hold the rule against the flag and name it in their own tests.
const KNOW_THE_FLAG: &[&str] = &["xtask/src/flags.rs", "tests/tests/it/tidy/words.rs"];
/// A statement begins with one of these; upper case, as all SQL here is written.
const SQL: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "REPLACE INTO",
    "WHERE",
    "ORDER BY",
];
/// What puts a text together while the program runs.
const BUILDERS: &[&str] = &["format!", "write!", "writeln!", "format_args!", "push_str"];
/// The crates that must be the same on every platform (ARCHITECTURE.md §1).
const PLATFORM_FREE: &[&str] = &[
    "protocol/src/",
    "client-core/src/",
    "client-core/crypto/src/",
];

#[test]
fn no_test_is_switched_off_and_nothing_is_left_to_do() {
    let mut findings = Vec::new();
    for file in rust_files() {
        for word in ["#[ignore", "todo!", "unimplemented!"] {
            let places = file.code.match_indices(word).map(|(offset, _)| offset);
            findings.extend(places.map(|offset| place(&file, offset, word)));
        }
    }
    assert_none(
        &findings,
        "an ignored test tests nothing, and a stub is no code",
    );
}

/// A test that sleeps is slow on a fast machine and wrong on a slow one. Waiting for a state, with a limit, is what
/// the helpers of `tests/src/` are for.
#[test]
fn tests_do_not_sleep() {
    let mut found = Vec::new();
    for file in rust_files() {
        let code = file.test_code();
        let calls = word_offsets(&code, "sleep").filter(|&offset| {
            let call = code[offset + "sleep".len()..].starts_with('(');
            call && !code[..offset].ends_with("fn ")
        });
        match calls.count() {
            0 => {}
            number => found.push((file.path.clone(), number)),
        }
    }
    let findings = Exceptions::of("sleep").judge(&found, "calls of sleep");
    assert_none(&findings, "tests wait for a state and never for a time");
}

/// A30: values reach SQL as parameters only.
#[test]
fn sql_is_never_put_together_from_text() {
    let mut findings = Vec::new();
    for file in rust_files() {
        findings
            .extend(built_sql(&file.text).map(|offset| place(&file, offset, "SQL put together")));
    }
    assert_none(&findings, "SQL is one literal with parameters (A30)");
}

/// A28: with this flag vodozemac accepts a wrong MAC and a wrong signature.
#[test]
fn the_fuzzing_flag_is_nowhere() {
    let mut findings = Vec::new();
    for file in rust_files()
        .iter()
        .filter(|file| !KNOW_THE_FLAG.contains(&file.path.as_str()))
    {
        let conditions = word_offsets(&file.code, "fuzzing");
        let literals = file
            .text
            .match_indices("\"fuzzing\"")
            .map(|(offset, _)| offset);
        let flags = file
            .text
            .match_indices("cfg fuzzing")
            .map(|(offset, _)| offset);
        let all = conditions.chain(literals).chain(flags);
        findings.extend(all.map(|offset| place(file, offset, "fuzzing")));
    }
    for file in files(&["toml", "yml", "yaml", "json", "sh", ".ci/run", "Dockerfile"]) {
        for (number, line) in file.text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            if line.contains("cfg") && word_offsets(line, "fuzzing").next().is_some() {
                findings.push(format!("{}:{}: fuzzing", file.path, number + 1));
            }
        }
    }
    assert_none(
        &findings,
        "the flag turns off checks inside vodozemac (A28)",
    );
}

#[test]
fn only_platform_code_knows_the_platform() {
    let mut findings = Vec::new();
    for file in rust_files() {
        if PLATFORM_FREE
            .iter()
            .any(|folder| file.path.starts_with(folder))
        {
            for word in ["target_arch", "target_os", "target_family", "target_vendor"] {
                let places = word_offsets(&file.code, word);
                findings.extend(places.map(|offset| place(&file, offset, word)));
            }
        }
    }
    assert_none(
        &findings,
        "differences between platforms stand behind the Platform trait",
    );
}

/// A comment that cites a page helps only who can open it.
#[test]
fn cited_pages_are_in_the_repository() {
    let pages = files(&["md"]);
    let known = |name: &str| {
        let mut names = pages.iter().filter_map(|page| page.path.rsplit('/').next());
        names.any(|page| page.strip_suffix(".md") == Some(name))
    };
    let mut findings = Vec::new();
    for file in rust_files() {
        for (offset, _) in file.text.match_indices(".md") {
            let before = &file.text[..offset];
            let rest = before
                .trim_end_matches(|letter: char| letter.is_alphanumeric() || "-_".contains(letter));
            let name = &before[rest.len()..];
            if !name.is_empty() && !known(name) {
                findings.push(place(&file, offset, name));
            }
        }
    }
    assert_none(&findings, "a cited page is a file of this repository");
}

/// Offsets of builders whose text holds SQL. `format!` counts only when something is put in.
fn built_sql(text: &str) -> impl Iterator<Item = usize> {
    let code = blank(text);
    let mut found = Vec::new();
    for builder in BUILDERS {
        for offset in word_offsets(&code, builder) {
            let open = offset + builder.len();
            if !code[open..].starts_with(['(', '[', '{']) {
                continue;
            }
            let inside = &text[open..closing(&code, open).unwrap_or(text.len())];
            let says_sql = SQL
                .iter()
                .any(|word| word_offsets(inside, word).next().is_some());
            if says_sql && (*builder == "push_str" || inside.contains('{')) {
                found.push(offset);
            }
        }
    }
    found.into_iter()
}

fn place(file: &File, offset: usize, what: &str) -> String {
    format!("{}:{}: {what}", file.path, line_of(&file.text, offset))
}

#[test]
fn built_sql_is_seen_and_other_text_is_not() {
    for text in [
        r#"format!("SELECT * FROM t WHERE id = {id}")"#,
        r##"db.execute(&format!(r#"DELETE FROM {table}"#), [])"##,
        r#"sql.push_str(" ORDER BY id")"#,
        "write!(sql, \"\n INSERT INTO t VALUES ({})\", x)",
    ] {
        assert_eq!(built_sql(text).count(), 1, "{text}");
    }
    for text in [
        r#"db.execute("SELECT * FROM t WHERE id = ?1", [id])"#,
        r#"format!("the message was selected by {id}")"#,
        r#"// format!("SELECT {x}")"#,
        r#"format!("SELECT 1")"#,
    ] {
        assert_eq!(built_sql(text).count(), 0, "{text}");
    }
}
