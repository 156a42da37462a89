//! `tests/tidy-exceptions.txt`: places that may break a size or word rule, each with its reason.
//!
//! The list may only shrink: a line that is no longer needed fails, a number larger than the truth fails, and a new
//! line needs [`MOST`] to be raised here, in plain sight of whoever reads the change.

use super::source::checkout;

/// How many lines the file may have.
const MOST: usize = 0;

pub struct Exceptions {
    kind: &'static str,
    lines: Vec<(String, usize)>,
}

impl Exceptions {
    /// The lines of one kind: `KIND PLACE NUMBER the reason in words`.
    pub fn of(kind: &'static str) -> Self {
        let path = checkout().join("tests/tidy-exceptions.txt");
        let text = std::fs::read_to_string(path).expect("tests/tidy-exceptions.txt is there");
        let lines: Vec<Vec<&str>> = text
            .lines()
            .filter(|line| !line.trim().is_empty() && !line.starts_with('#'))
            .map(|line| line.split_whitespace().collect())
            .collect();
        assert!(
            (0..=MOST).contains(&lines.len()),
            "{} exceptions, at most {MOST}",
            lines.len()
        );
        for line in &lines {
            assert!(
                line.len() > 5,
                "an exception needs a reason: {}",
                line.join(" ")
            );
            assert!(
                ["file", "function", "sleep"].contains(&line[0]),
                "no such kind: {}",
                line[0]
            );
        }
        let mine = lines.iter().filter(|line| line[0] == kind);
        let number = |text: &str| text.parse().expect("the third word is a number");
        let lines = mine
            .map(|line| (line[1].to_owned(), number(line[2])))
            .collect();
        Self { kind, lines }
    }

    /// Findings `(place, number)` that no line excuses, and lines that excuse nothing, as sentences.
    pub fn judge(&self, found: &[(String, usize)], what: &str) -> Vec<String> {
        let excused = |place: &str| self.lines.iter().find(|(line, _)| line == place);
        let mut findings: Vec<String> = found
            .iter()
            .filter(|(place, number)| excused(place).is_none_or(|(_, allowed)| number > allowed))
            .map(|(place, number)| format!("{place}: {number} {what}"))
            .collect();
        for (place, allowed) in &self.lines {
            let now = found
                .iter()
                .find(|(found, _)| found == place)
                .map(|(_, number)| *number);
            if now != Some(*allowed) && now.is_none_or(|now| now < *allowed) {
                let advice = now.map_or("is not needed any more".into(), |now| {
                    format!("is {now} now")
                });
                findings.push(format!(
                    "tidy-exceptions.txt: {} {place} {allowed} {advice}",
                    self.kind
                ));
            }
        }
        findings
    }
}

#[test]
fn an_exception_excuses_its_number_and_no_more() {
    let exceptions = Exceptions {
        kind: "file",
        lines: vec![("a.rs".into(), 500)],
    };
    let judge = |number| exceptions.judge(&[("a.rs".into(), number)], "lines");
    assert!(judge(500).is_empty());
    assert_eq!(judge(501), ["a.rs: 501 lines"]);
    assert_eq!(
        judge(450),
        ["tidy-exceptions.txt: file a.rs 500 is 450 now"]
    );
    assert_eq!(
        exceptions.judge(&[("b.rs".into(), 401)], "lines"),
        [
            "b.rs: 401 lines",
            "tidy-exceptions.txt: file a.rs 500 is not needed any more"
        ]
    );
}
