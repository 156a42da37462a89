//! `chatty-relay`: reads settings, then calls the library.

mod args;

use std::process::ExitCode;

use args::{AdminCommand, Cli, Command, ServeArgs};
use chatty_relay::ops::bench::{self, BenchCommand, BenchError};
use chatty_relay::ops::{admin, doctor};
use chatty_relay::{Deps, build};
use clap::Parser;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

type Outcome = Result<ExitCode, Box<dyn std::error::Error>>;

fn main() -> ExitCode {
    let cli = Cli::parse();
    // The rings of two providers are linked in tests; the relay speaks with this one.
    let _already_chosen = rustls::crypto::ring::default_provider().install_default();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return fail(&error),
    };
    match runtime.block_on(run(cli.command)) {
        Ok(code) => code,
        Err(error) => fail(&*error),
    }
}

fn fail(error: &dyn std::error::Error) -> ExitCode {
    say_error(&format!("chatty-relay: {error}"));
    ExitCode::FAILURE
}

async fn run(command: Command) -> Outcome {
    match command {
        Command::Serve(args) => serve(&args).await,
        Command::Doctor(args) => {
            let report = doctor::examine(&args.serve.config()?, args.depth()).await;
            say(&report.to_string());
            Ok(if report.is_sound() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            })
        }
        Command::Bench { command } => {
            say(&measure(command).await?);
            Ok(ExitCode::SUCCESS)
        }
        Command::Admin { command } => {
            say(&care(command).await?);
            Ok(ExitCode::SUCCESS)
        }
    }
}

async fn measure(command: Option<BenchCommand>) -> Result<String, BenchError> {
    let Deps { clock, random } = Deps::default();
    match command {
        None => {
            bench::run_on_load_core(&[])?;
            Ok(String::new())
        }
        Some(BenchCommand::Only { scenarios }) => {
            bench::run_on_load_core(&scenarios)?;
            Ok(String::new())
        }
        Some(BenchCommand::List) => Ok(bench::NAMES.join("\n")),
        Some(BenchCommand::Run { scenarios }) => {
            let all = bench::All {
                clock: &clock,
                random: &random,
                say: &say,
            };
            all.run(&scenarios).await?;
            Ok(String::new())
        }
        Some(BenchCommand::Bare { data, listen }) => {
            bench::serve_bare(&data, listen).await?;
            Ok(String::new())
        }
        Some(BenchCommand::Prepare(plan)) => {
            bench::prepare(&plan, &clock, &random).await?;
            Ok(format!("prepared {} users", plan.users))
        }
        Some(BenchCommand::Load(args)) => {
            let report = bench::load(&args, &clock, &random).await?;
            Ok(report.to_string())
        }
    }
}

async fn serve(args: &ServeArgs) -> Outcome {
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("CHATTY_RELAY_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let relay = build(args.config()?, Deps::default()).await?;
    say(&format!("chatty-relay listens on {}", relay.addr));
    say(&format!("address for people: {}", relay.origin()));
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
    tracing::info!("stopping: sockets are told to come back");
    relay.shutdown().await;
    Ok(ExitCode::SUCCESS)
}

async fn care(command: AdminCommand) -> Result<String, admin::AdminError> {
    match command {
        AdminCommand::Backup { data, file } => admin::backup(&data, &file).await,
        AdminCommand::Restored { data } => admin::restored(&data).await,
        AdminCommand::Stats { data } => admin::stats(&data).await,
        AdminCommand::Forecast {
            data,
            retention_days,
        } => admin::forecast(&data, retention_days).await,
    }
}

#[expect(clippy::print_stdout, reason = "what a command answers goes to stdout")]
fn say(text: &str) {
    println!("{text}");
}

#[expect(clippy::print_stderr, reason = "why a command failed goes to stderr")]
fn say_error(text: &str) {
    eprintln!("{text}");
}
