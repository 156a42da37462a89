//! `cargo xtask soak`: the same tests with full counts, for a night (ARCHITECTURE.md §9).

use crate::cache::Cache;
use crate::shell::Result;
use crate::stage::Stages;
use crate::{flags, test};

/// The tests read both: `CHATTY_SOAK=1` takes the full counts, `CHATTY_SEEDS` the number of random worlds.
const DEFAULT_SEEDS: &str = "20000";

pub fn run(words: &[String]) -> Result<()> {
    let (seeds, names) = split(words)?;
    flags::check()?;
    let cache = Cache::open()?;
    let mut stages = Stages::new();
    let variables = [("CHATTY_SOAK", "1".to_owned()), ("CHATTY_SEEDS", seeds)];
    if stages.run("build", 420, || test::build(&cache)) {
        stages.run("soak", 12 * 60 * 60, || {
            test::tests(&cache, &names, &variables)
        });
    }
    stages.finish()
}

fn split(words: &[String]) -> Result<(String, Vec<String>)> {
    let Some(place) = words.iter().position(|word| word == "--seeds") else {
        return Ok((DEFAULT_SEEDS.to_owned(), words.to_vec()));
    };
    let mut names = words.to_vec();
    names.remove(place);
    if place >= names.len() || names[place].parse::<u64>().is_err() {
        return Err("--seeds needs a number".into());
    }
    Ok((names.remove(place), names))
}

#[cfg(test)]
mod tests {
    use super::split;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn the_seeds_are_taken_out_of_the_words() {
        assert_eq!(
            split(&words("kills --seeds 7")),
            Ok(("7".into(), words("kills")))
        );
        assert_eq!(split(&[]), Ok((super::DEFAULT_SEEDS.into(), Vec::new())));
        assert!(split(&words("--seeds")).is_err());
        assert!(split(&words("--seeds many")).is_err());
    }
}
