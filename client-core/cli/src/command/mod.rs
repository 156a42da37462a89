//! One verb, one file.

mod account;
mod change;
mod chats;
mod devices;
mod follow;
mod group;
mod invite;
mod login;
mod messages;
mod password;
mod people;
mod recovery;
mod requests;
mod rpc;
mod search;
mod send;
mod signup;
mod whoami;

use crate::api::ApiError;

use crate::args::{Args, Command};
use crate::exit::Exit;
use crate::output::Output;
use crate::visit::{Need, Visit};

/// Runs the command that was typed.
pub async fn run(args: &Args, output: &Output) -> Result<Exit, ApiError> {
    match &args.command {
        Command::Follow => return follow::run(args, output).await,
        Command::Rpc => return rpc::run(args, output).await,
        _ => {}
    }
    let visit = Visit::open(args, output, need(&args.command)).await?;
    let answer = act(args, output, &visit).await;
    visit.close().await;
    answer
}

/// What each command needs of the relay before it starts.
fn need(command: &Command) -> Need {
    match command {
        Command::Chats | Command::Messages { .. } | Command::Search { .. } => Need::Fresh,
        Command::Requests { decision: None } | Command::Profile { name: None, .. } => Need::Fresh,
        Command::Group(crate::args::Group::Members { .. }) => Need::Fresh,
        Command::Send { .. }
        | Command::Reply { .. }
        | Command::Edit { .. }
        | Command::Delete { .. }
        | Command::React { .. }
        | Command::Read { .. } => Need::Outbox,
        Command::Group(_)
        | Command::Requests { .. }
        | Command::Timer { .. }
        | Command::Block { .. }
        | Command::Unblock { .. }
        | Command::Blocked
        | Command::Invite { link: Some(_) }
        | Command::Profile { .. } => Need::Relay,
        Command::Devices(crate::args::Devices::Approve { .. })
        | Command::Devices(crate::args::Devices::Revoke { .. })
        | Command::Devices(crate::args::Devices::Name { .. })
        | Command::Account(_) => Need::Relay,
        _ => Need::Nothing,
    }
}

async fn act(args: &Args, output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    match &args.command {
        Command::Signup { handle, email } => signup::run(args, output, visit, handle, email).await,
        Command::VerifyEmail { code } => signup::verify(output, visit, code).await,
        Command::ResendCode => signup::resend(output, visit).await,
        Command::Login { handle, wait, yes } => {
            login::run(args, output, visit, handle, *wait, *yes).await
        }
        Command::Logout => login::log_out(output, visit).await,
        Command::Whoami => whoami::run(output, visit).await,
        Command::Recovery(what) => recovery::run(output, visit, what).await,
        Command::Password(what) => password::run(args, output, visit, what).await,
        Command::Account(what) => account::run(output, visit, what).await,
        Command::Devices(what) => devices::run(output, visit, what).await,
        Command::Chats => chats::run(output, visit).await,
        Command::Send {
            chat,
            text,
            no_wait,
        } => send::run(output, visit, chat, text, *no_wait).await,
        Command::Messages {
            chat,
            limit,
            before,
        } => messages::run(output, visit, chat, *limit, before.as_deref()).await,
        Command::Search { text, limit } => search::run(output, visit, text, *limit).await,
        Command::Reply { .. }
        | Command::Edit { .. }
        | Command::Delete { .. }
        | Command::React { .. } => change::run(output, visit, &args.command).await,
        Command::Read { chat } => chats::read(output, visit, chat).await,
        Command::Timer { chat, time } => chats::timer(output, visit, chat, time).await,
        Command::Group(what) => group::run(output, visit, what).await,
        Command::Requests { decision } => requests::run(output, visit, decision.as_ref()).await,
        Command::Block { person } => people::block(output, visit, person).await,
        Command::Unblock { person } => people::unblock(output, visit, person).await,
        Command::Blocked => people::blocked(output, visit).await,
        Command::Invite { link } => invite::run(output, visit, link.as_deref()).await,
        Command::Profile { person, name } => {
            people::profile(output, visit, person.as_deref(), name.as_deref()).await
        }
        Command::Follow | Command::Rpc => Ok(Exit::Done),
    }
}
