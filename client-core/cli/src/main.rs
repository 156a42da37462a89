//! `chatty`: the engine without a screen, for people, scripts, bots and tests.
//!
//! One command is one visit: connect, catch up, do the work, flush the outbox, leave. `follow`
//! and `rpc` stay. Everything goes through the engine's one API; nothing here knows a key.

mod alarm;
mod api;
mod args;
mod command;
mod exit;
mod home;
mod input;
mod names;
mod output;
mod usage;
mod visit;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::exit::Exit;
use crate::output::Output;

fn main() -> ExitCode {
    let args = match Args::try_parse() {
        // An empty variable is how a script leaves one out.
        Ok(args) => Args {
            relay: args.relay.filter(|relay| !relay.is_empty()),
            ..args
        },
        Err(error) => return usage::refuse(&error),
    };
    let output = Output::new(args.json);
    let runtime = match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            output.error(&exit::fault(&format!("no runtime: {error}")));
            return Exit::Refused.into();
        }
    };
    let exit = match runtime.block_on(command::run(&args, &output)) {
        Ok(exit) => exit,
        Err(error) => {
            output.error(&error);
            exit::of(&error)
        }
    };
    // A blocked read of standard input must not keep a finished program alive.
    runtime.shutdown_background();
    exit.into()
}
