//! The front door: `cargo xtask run | test | web | ci | bench | soak`.
//!
//! Each command is a file of that name. What they share: [`stage`] prints progress and the closing table, [`cache`]
//! says where build results live (never inside the checkout), [`cargo`] makes Cargo commands that always look
//! the same (a changed flag rebuilds everything), [`apt`] and [`tools`] install what is missing.

mod again;
mod apt;
mod bench;
mod cache;
mod cargo;
mod checks;
mod ci;
mod flags;
mod fuzz;
mod lane;
mod lockfile;
mod mailbox;
mod readme;
mod run;
mod serve;
mod shell;
mod soak;
mod stage;
mod test;
mod tools;
mod ui;
mod wasm;
mod web;

use std::process::ExitCode;

/// One command of the front door.
struct Command {
    name: &'static str,
    help: &'static str,
    run: fn(&[String]) -> shell::Result<()>,
}

const COMMANDS: &[Command] = &[
    Command {
        name: "run",
        help: "build everything, serve the pages on 127.0.0.1:8420 (more words go to `chatty-relay serve`)",
        run: run::run,
    },
    Command {
        name: "test",
        help: "every check and test; with words: only the tests whose name contains one of them",
        run: test::run,
    },
    Command {
        name: "web",
        help: "build the browser's part; `test` tests it in a real browser, `release` makes what people get",
        run: web::run,
    },
    Command {
        name: "ci",
        help: "test, then what a fresh clone must show",
        run: ci::run,
    },
    Command {
        name: "bench",
        help: "measure in release; `list` names what there is, a name runs one",
        run: bench::run,
    },
    Command {
        name: "soak",
        help: "the tests with the full counts (hours); `--seeds N`, and words as in test",
        run: soak::run,
    },
];

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1);
    let name = words.next().unwrap_or_else(|| "help".to_owned());
    let rest: Vec<String> = words.collect();
    if matches!(name.as_str(), "help" | "--help" | "-h") {
        print!("{}", usage());
        return ExitCode::SUCCESS;
    }
    let Some(command) = COMMANDS.iter().find(|command| command.name == name) else {
        eprintln!("xtask: there is no `{name}`\n\n{}", usage());
        return ExitCode::from(2);
    };
    match (command.run)(&rest) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("\nxtask {name}: {message}");
            ExitCode::FAILURE
        }
    }
}

/// What `cargo xtask help` prints; the README check reads the names from here too.
fn usage() -> String {
    let mut text = String::from("cargo xtask COMMAND\n\n");
    for command in COMMANDS {
        text += &format!("  {:<6} {}\n", command.name, command.help);
    }
    text + "\nCHATTY_CACHE (default ~/.cache/chatty) holds build results, tools and the data of `run`.\n"
}
