//! One visit: start the engine, catch up, and afterwards flush and leave.

use std::time::Duration;

use tokio::task::JoinHandle;

use crate::alarm;
use crate::api::{
    AlarmKind, ApiError, Chat, ChatResolve, EngineShutdown, Handle, LocalCode, SyncFlush, SyncWait,
};
use chatty_native::{Engine, Options};
use chatty_protocol::{ConvId, ErrorCode};

use crate::args::Args;
use crate::exit::{self, Exit};
use crate::output::Output;
use crate::{home, input};

/// What a command needs of the relay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Need {
    /// Nothing: the method itself asks where it must.
    Nothing,
    /// Newest rows are nice; stored ones will do.
    Fresh,
    /// What is written may wait in the outbox.
    Outbox,
    /// Nothing can be done without it.
    Relay,
}

/// A running engine for the length of a command.
pub struct Visit<'a> {
    /// Where calls go.
    pub handle: Handle,
    /// Whether the relay was reached.
    pub online: bool,
    engine: Engine,
    args: &'a Args,
    output: &'a Output,
    alarms: JoinHandle<Vec<AlarmKind>>,
}

impl<'a> Visit<'a> {
    /// Opens the home and catches up as far as the command needs.
    pub async fn open(args: &'a Args, output: &'a Output, need: Need) -> Result<Self, ApiError> {
        let options = Options {
            home: home::folder(args)?,
            relay: args.relay.clone(),
            offline: args.offline,
            wait_lock: Duration::from_secs(args.wait_lock),
            passphrase: Box::new(input::passphrase),
        };
        let engine = chatty_native::start(options).await?;
        if engine.damaged() {
            output.warn(
                "store_damaged",
                "the store is damaged; only what can still be read is shown",
            );
        }
        let handle = engine.handle();
        let alarms = tokio::spawn(alarm::gather(handle.listen().await?));
        let mut visit = Self {
            handle,
            online: false,
            engine,
            args,
            output,
            alarms,
        };
        match visit.catch_up(output, need).await {
            Ok(()) => Ok(visit),
            Err(error) => {
                visit.close().await;
                Err(error)
            }
        }
    }

    async fn catch_up(&mut self, output: &Output, need: Need) -> Result<(), ApiError> {
        if need == Need::Nothing {
            return Ok(());
        }
        let answer = if self.args.offline {
            Err(ApiError::new(
                LocalCode::NotReachable,
                "this command needs the server",
            ))
        } else {
            self.handle
                .call(SyncWait {
                    timeout_ms: self.timeout_ms(),
                })
                .await
        };
        match answer {
            Ok(_) => self.online = true,
            Err(error) if is_absence(&error) && need != Need::Relay => {
                if !self.args.offline {
                    output.warn(
                        error.code.as_str(),
                        &format!("{}; showing what is stored", stem(&error.message)),
                    );
                }
            }
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Longest wait for the relay, ms.
    pub fn timeout_ms(&self) -> u64 {
        self.args.timeout.saturating_mul(1_000)
    }

    /// The conversation that a person named.
    pub async fn chat(&self, name: &str) -> Result<Chat, ApiError> {
        self.handle
            .call(ChatResolve {
                name: name.to_owned(),
                create: false,
            })
            .await
    }

    /// The id of the conversation that a person named.
    pub async fn conv(&self, name: &str) -> Result<ConvId, ApiError> {
        self.chat(name).await.map(|chat| chat.id)
    }

    /// Flushes the outbox (keys, receipts, messages) and stops the engine.
    pub async fn close(self) {
        if self.online {
            // What could not leave stays in the outbox and leaves with the next command.
            let _waiting = self
                .handle
                .call(SyncFlush {
                    timeout_ms: self.timeout_ms(),
                })
                .await;
        }
        let _stopped = self.handle.call(EngineShutdown {}).await;
        self.engine.join().await;
        // The channel ends with the engine.
        alarm::say(self.output, &self.alarms.await.unwrap_or_default());
    }
}

/// Whether the relay could not be asked, as opposed to having refused.
pub fn is_absence(error: &ApiError) -> bool {
    exit::of(error) == Exit::NotReachable || error.code == ErrorCode::RateLimited.into()
}

fn stem(sentence: &str) -> &str {
    sentence.trim_end_matches('.')
}
