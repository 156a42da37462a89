//! What people and scripts type: secrets by stdin or environment, answers by the terminal.

use std::io::{BufRead, IsTerminal, stdin};

use crate::api::{ApiError, Secret};
use zeroize::Zeroize;

use crate::exit::usage;
use crate::output::Output;

/// Reads secrets: lines of stdin first, then the environment, then the terminal without echo.
#[derive(Default)]
pub struct Secrets {
    ended: bool,
}

impl Secrets {
    /// The next secret; `what` names it to a person, `variable` is where scripts may put it.
    pub fn next(&mut self, what: &str, variable: &str) -> Result<Secret, ApiError> {
        if let Some(line) = self.line() {
            return Ok(line);
        }
        if let Some(value) = std::env::var(variable)
            .ok()
            .filter(|value| !value.is_empty())
        {
            return Ok(Secret::new(value));
        }
        if stdin().is_terminal() {
            let typed = rpassword::prompt_password(format!("{what}: "));
            return typed
                .map(Secret::new)
                .map_err(|_| usage("nothing was typed"));
        }
        Err(usage(&format!(
            "{what} is missing: give it as a line of stdin or in {variable}"
        )))
    }

    /// A line of stdin where that is no terminal.
    fn line(&mut self) -> Option<Secret> {
        if self.ended || stdin().is_terminal() {
            return None;
        }
        let mut text = String::new();
        let read = stdin().lock().read_line(&mut text).unwrap_or(0);
        self.ended = read == 0;
        let line = text.trim_end_matches(['\r', '\n']).to_owned();
        text.zeroize();
        (!line.is_empty()).then(|| Secret::new(line))
    }
}

/// The vault's passphrase: environment, else asked on the terminal.
pub fn passphrase() -> Option<Secret> {
    if let Some(value) = std::env::var("CHATTY_PASSPHRASE")
        .ok()
        .filter(|value| !value.is_empty())
    {
        return Some(Secret::new(value));
    }
    if !std::io::stderr().is_terminal() {
        return None;
    }
    rpassword::prompt_password("Passphrase of this home: ")
        .ok()
        .map(Secret::new)
}

/// Asks yes or no; without a terminal the answer is no.
pub fn confirm(output: &Output, question: &str) -> bool {
    if !stdin().is_terminal() {
        output.warn(
            "not_confirmed",
            "nobody can answer here; use --yes in scripts",
        );
        return false;
    }
    output.ask(&format!("{question} [y/N]"));
    let mut answer = String::new();
    let read = stdin().lock().read_line(&mut answer);
    read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}

/// `off`, or a number with s, m, h, d or w, as seconds.
pub fn seconds(text: &str) -> Result<u64, ApiError> {
    let wrong = || usage("a time is off, or a number with s, m, h, d or w: 30s, 1h, 7d");
    if text == "off" {
        return Ok(0);
    }
    let unit = text.chars().last().ok_or_else(wrong)?;
    let factor = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 7 * 86_400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number
        .checked_mul(factor)
        .filter(|seconds| *seconds > 0)
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn times_are_read_or_refused() {
        assert_eq!(seconds("off"), Ok(0));
        assert_eq!(seconds("1h"), Ok(3_600));
        assert_eq!(seconds("7d"), Ok(604_800));
        for bad in [
            "",
            "h",
            "1",
            "1y",
            "-1h",
            "0s",
            "99999999999999999999d",
            "1é",
        ] {
            assert!(seconds(bad).is_err(), "{bad}");
        }
    }
}
