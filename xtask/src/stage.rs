//! Progress while a run goes on, and the table at its end.

use crate::shell::Result;
use std::time::Instant;

/// Above budget times this the table says so; nothing fails because of it, since machines differ.
const SLOW: f64 = 1.5;

struct Row {
    name: &'static str,
    seconds: f64,
    budget: f64,
    verdict: Verdict,
}

enum Verdict {
    Ok(String),
    Failed(String),
}

/// The stages of one run, in order.
pub struct Stages {
    rows: Vec<Row>,
    started: Instant,
}

impl Stages {
    pub fn new() -> Self {
        Self {
            rows: Vec::new(),
            started: Instant::now(),
        }
    }

    /// Runs one stage. Its note stands in the table; its error is shown at once and again at the end.
    /// True when it went well: a later stage may go on without, or stop.
    pub fn run(
        &mut self,
        name: &'static str,
        budget: u32,
        work: impl FnOnce() -> Result<String>,
    ) -> bool {
        println!(
            "\n== {name} ({} so far)",
            minutes(self.started.elapsed().as_secs_f64())
        );
        let started = Instant::now();
        let verdict = match work() {
            Ok(note) => Verdict::Ok(note),
            Err(message) => {
                eprintln!("== {name} FAILED: {message}");
                Verdict::Failed(message)
            }
        };
        let went_well = matches!(verdict, Verdict::Ok(_));
        let seconds = started.elapsed().as_secs_f64();
        self.rows.push(Row {
            name,
            seconds,
            budget: f64::from(budget),
            verdict,
        });
        went_well
    }

    /// Prints the table; an error when any stage failed.
    pub fn finish(self) -> Result<()> {
        print!("\n{}", self.table());
        let failed: Vec<&str> = self
            .rows
            .iter()
            .filter(|row| matches!(row.verdict, Verdict::Failed(_)))
            .map(|row| row.name)
            .collect();
        match failed.is_empty() {
            true => Ok(()),
            false => Err(format!("failed: {}", failed.join(", "))),
        }
    }

    fn table(&self) -> String {
        let mut text = format!("{:<12} {:>8} {:>8}\n", "stage", "seconds", "budget");
        for row in &self.rows {
            let verdict = match &row.verdict {
                Verdict::Ok(note) => format!("ok  {note}"),
                Verdict::Failed(message) => {
                    format!("FAILED  {}", message.lines().next().unwrap_or_default())
                }
            };
            let slow = if row.seconds > row.budget * SLOW {
                "  SLOW"
            } else {
                ""
            };
            text += &format!(
                "{:<12} {:>8.1} {:>8.0}  ",
                row.name, row.seconds, row.budget
            );
            text += &format!("{}{slow}\n", verdict.trim_end());
        }
        let budget: f64 = self.rows.iter().map(|row| row.budget).sum();
        let seconds = self.started.elapsed().as_secs_f64();
        text + &format!(
            "{:<12} {seconds:>8.1} {budget:>8.0}  {}\n",
            "all",
            minutes(seconds)
        )
    }
}

fn minutes(seconds: f64) -> String {
    format!("{}:{:02} min", seconds as u64 / 60, seconds as u64 % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failed_stage_fails_the_run_and_the_others_are_kept() {
        let mut stages = Stages::new();
        assert!(stages.run("one", 1, || Ok("cached".into())));
        assert!(!stages.run("two", 1, || Err("broken\nand why".into())));
        let table = stages.table();
        assert!(table.contains("ok  cached"), "{table}");
        assert!(table.contains("FAILED  broken"), "{table}");
        assert_eq!(stages.finish(), Err("failed: two".into()));
    }

    #[test]
    fn a_stage_far_over_its_budget_is_marked() {
        let mut stages = Stages::new();
        stages.run("slow", 0, || {
            // any time at all is more than 1.5 x 0
            Ok(String::new())
        });
        assert!(stages.table().contains("SLOW"));
    }
}
