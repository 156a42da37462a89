//! A second run, alone, for tests that failed beside others: real programs on real clocks can lose a race to a
//! loaded machine, and one such loss must not hide what the other seven hundred tests say.
//!
//! What passes then is named in the table, never silent: a test that stands there is a bug of its own. Tests
//! without programs, network and clock get no second run: they fail for a reason.

use crate::shell::{self, Result};
use std::process::Command;

/// Packages whose tests start programs, sockets or engines.
const REAL: &[&str] = &["chatty-e2e", "chatty-relay", "chatty-native", "chatty-cli"];
/// With more than this many something is broken, not slow.
const MOST: usize = 3;

/// What a run of `cargo test --no-fail-fast` said of its failures.
#[derive(Default)]
struct Failures {
    tests: Vec<String>,
    packages: Vec<String>,
}

impl Failures {
    fn hear(&mut self, line: &str) {
        if let Some(name) = line
            .strip_prefix("test ")
            .and_then(|rest| rest.strip_suffix(" ... FAILED"))
        {
            let name = name.strip_suffix(" - should panic").unwrap_or(name);
            self.tests.push(name.to_owned());
        }
        // Cargo's list at the end: "    `-p chatty-e2e --test it`".
        if let Some(target) = line.trim().strip_prefix("`-p ") {
            let package = target.split([' ', '`']).next().unwrap_or_default();
            self.packages.push(package.to_owned());
        }
    }

    /// The names to run again; none when a second run would only hide something.
    fn worth_it(&self) -> Option<&[String]> {
        let few = !self.tests.is_empty() && self.tests.len() <= MOST;
        let real = self
            .packages
            .iter()
            .all(|package| REAL.contains(&package.as_str()));
        (few && real && !self.packages.is_empty()).then_some(&self.tests)
    }
}

/// Runs `first`; what `second` is given by name must pass alone. The note for the table names it.
pub fn tests(first: &mut Command, second: &mut Command) -> Result<String> {
    let mut failures = Failures::default();
    let Err(error) = shell::run_heard(first, |line| failures.hear(line)) else {
        return Ok(String::new());
    };
    let Some(names) = failures.worth_it() else {
        return Err(error);
    };
    println!("\n== again, alone: {}", names.join(", "));
    second
        .args(["--", "--exact", "--test-threads", "1"])
        .args(names);
    shell::run(second)?;
    Ok(format!("ONLY AT THE SECOND RUN: {}", names.join(", ")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(lines: &[&str]) -> Failures {
        let mut failures = Failures::default();
        for line in lines {
            failures.hear(line);
        }
        failures
    }

    #[test]
    fn a_lost_race_of_real_programs_is_run_again() {
        let failures = heard(&[
            "test kills::one ... ok",
            "test kills::two ... FAILED",
            "error: 1 target failed:",
            "    `-p chatty-e2e --test it`",
        ]);
        assert_eq!(failures.worth_it(), Some(&["kills::two".to_owned()][..]));
    }

    #[test]
    fn a_failure_of_pure_code_stands() {
        let failures = heard(&[
            "test content::padding ... FAILED",
            "    `-p chatty-crypto --test it`",
        ]);
        assert_eq!(failures.worth_it(), None);
    }

    #[test]
    fn a_crash_without_a_name_and_many_failures_stand() {
        assert_eq!(heard(&["    `-p chatty-e2e --test it`"]).worth_it(), None);
        let many = heard(&[
            "test a ... FAILED",
            "test b ... FAILED",
            "test c ... FAILED",
            "test d ... FAILED",
            "    `-p chatty-relay --test it`",
        ]);
        assert_eq!(many.worth_it(), None);
    }
}
