//! Command lines that clap refuses, in the form that the caller reads.

use std::process::ExitCode;

use clap::error::ErrorKind;

use crate::api::ApiError;
use crate::exit;
use crate::output::Output;

/// Help and version go to stdout, usage errors to stderr: as one object where JSON was asked for.
pub fn refuse(error: &clap::Error) -> ExitCode {
    // What was typed did not parse, so the flag is looked for by hand.
    if error.use_stderr() && std::env::args_os().any(|arg| arg == "--json") {
        let error = as_object(error);
        Output::new(true).error(&error);
        return exit::of(&error).into();
    }
    // Prints by itself and leaves with 2, or with 0 after help.
    error.exit()
}

fn as_object(error: &clap::Error) -> ApiError {
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return exit::usage("no command was given").hint("chatty --help lists every command");
    }
    let text = error.render().to_string();
    // The first paragraph says what is wrong, the line with the usage how it is right.
    let wrong: Vec<&str> = text
        .lines()
        .take_while(|line| !line.is_empty())
        .map(str::trim)
        .collect();
    let wrong = wrong.join(" ");
    let usage = text.lines().find(|line| line.starts_with("Usage:"));
    exit::usage(wrong.trim_start_matches("error: "))
        .hint(usage.unwrap_or("chatty --help lists every command"))
}
