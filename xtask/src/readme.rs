//! Holds README.md against the programs: a command that stands there must exist.

use crate::cache::Cache;
use crate::cargo;
use crate::shell::{self, Result};

/// What a person must find there (issue 3: two commands, then two people talk).
const REQUIRED: &[&str] = &["cargo xtask run", "cargo xtask test"];

pub fn check(cache: &Cache, text: &str) -> Result<()> {
    for command in REQUIRED {
        if !text.contains(command) {
            return Err(format!("README.md does not say `{command}`"));
        }
    }
    let programs = cargo::programs(cache, "workspace", "debug")?;
    for (program, verb) in commands(text) {
        let there = match program.as_str() {
            "xtask" => crate::COMMANDS.iter().any(|command| command.name == verb),
            name => shell::answers(shell::program(programs.join(name)).args([&verb, "--help"])),
        };
        if !there {
            return Err(format!(
                "README.md says `{program} {verb}`, which does not exist"
            ));
        }
    }
    Ok(())
}

/// `(program, verb)` of each of our commands inside the fenced blocks.
fn commands(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let blocks = text.split("```").skip(1).step_by(2);
    let lines = blocks
        .flat_map(str::lines)
        .map(|line| line.split('#').next().unwrap_or(line));
    let lines: Vec<&str> = lines.flat_map(|line| line.split(['&', '|', ';'])).collect();
    for line in lines {
        let mut words = line
            .split_whitespace()
            .skip_while(|word| word.contains('='));
        let Some(first) = words.next() else { continue };
        let name = first
            .rsplit('/')
            .next()
            .unwrap_or(first)
            .trim_start_matches('$');
        let program = match (name, words.clone().next()) {
            ("cargo", Some("xtask")) => {
                words.next();
                "xtask"
            }
            ("chatty" | "chatty-relay", _) => name,
            _ => continue,
        };
        if let Some(verb) = verb(words) {
            found.push((program.to_owned(), verb));
        }
    }
    found.sort();
    found.dedup();
    found
}

/// The first word that is neither a flag nor the value of one of the flags that stand before a verb.
fn verb<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<String> {
    while let Some(word) = words.next() {
        match word {
            "--home" | "--relay" | "--timeout" => drop(words.next()),
            flag if flag.starts_with('-') => {}
            verb => return Some(verb.to_owned()),
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::commands;

    #[test]
    fn commands_are_read_from_fenced_blocks_only() {
        let text = "chatty nothing\n```sh\ncargo xtask run  # chatty remark\n\
                    A=b $chatty --home x --json send @bob hi && chatty chats\n\
                    ./chatty-relay serve --data d\n```\nchatty nothing\n";
        let expected = [
            ("chatty", "chats"),
            ("chatty", "send"),
            ("chatty-relay", "serve"),
            ("xtask", "run"),
        ];
        assert_eq!(
            commands(text),
            expected.map(|(a, b)| (a.to_owned(), b.to_owned()))
        );
    }
}
