//! A real relay in this process.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use chatty_relay::clock::SystemRandom;
use chatty_relay::config::Config;
use chatty_relay::{BuildError, Deps, build};

use crate::clock::PushedClock;
use crate::wait::until;

/// The relay and what is needed to start it again.
pub struct Relay {
    /// Its origin; the same after a restart.
    pub origin: String,
    /// Its clock.
    pub clock: PushedClock,
    data: PathBuf,
    address: SocketAddr,
    codes: bool,
    running: Option<chatty_relay::Relay>,
}

impl Relay {
    /// Starts one on a free port, or on the given address. Nobody has to prove an e-mail address.
    pub async fn start(data: PathBuf, address: Option<SocketAddr>) -> Self {
        Self::start_with(data, address, false).await
    }

    /// As [`Relay::start`]; with `codes`, a new account types the code of its mail first.
    pub async fn start_with(data: PathBuf, address: Option<SocketAddr>, codes: bool) -> Self {
        let clock = PushedClock::default();
        let running = try_open(&data, address, &clock, codes)
            .await
            .expect("a relay");
        Self {
            origin: running.origin().to_owned(),
            address: running.addr,
            clock,
            data,
            codes,
            running: Some(running),
        }
    }

    /// Folder of its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// Stops it: sockets are told, requests end, the store closes.
    pub async fn stop(&mut self) {
        if let Some(running) = self.running.take() {
            running.shutdown().await;
        }
    }

    /// Starts it again on its data and its port.
    pub async fn start_again(&mut self) {
        self.stop().await;
        // The port is free when the last connection of the old relay has gone.
        let again = until("the relay starts again", async || {
            try_open(&self.data, Some(self.address), &self.clock, self.codes)
                .await
                .ok()
        });
        self.running = Some(again.await);
    }

    /// Does everything that is due by its clock.
    pub async fn run_due(&self) {
        let running = self.running.as_ref().expect("the relay runs");
        assert!(running.run_due().await.is_ok(), "due work failed");
    }
}

async fn try_open(
    data: &Path,
    address: Option<SocketAddr>,
    clock: &PushedClock,
    codes: bool,
) -> Result<chatty_relay::Relay, BuildError> {
    let mut config = Config::for_tests(data);
    if let Some(address) = address {
        config.listen.address = address;
    }
    config.open_signup_without_mail = !codes;
    // People of a test talk faster than people.
    config.limits.send_burst = 100_000;
    config.limits.send_per_second = 100_000;
    config.limits.item_burst = 1_000_000;
    config.limits.item_per_second = 100_000;
    config.limits.lookup_burst = 100_000;
    config.limits.strangers_per_day = 100_000;
    let deps = Deps {
        clock: Arc::new(clock.clone()),
        random: Arc::new(SystemRandom),
    };
    build(config, deps).await
}
