//! The machine below the engine: clock, random source, network, the epoch's file.

use std::rc::Rc;

use chatty_core::platform::{
    DeviceLabel, HttpAnswer, HttpRequest, Job, NetError, Platform, Socket,
};
use chatty_core::store::StoreError;
use futures::FutureExt;
use futures::future::LocalBoxFuture;
use wasm_bindgen_futures::spawn_local;

use super::epoch_file::EpochFile;
use super::{clock, http, js, socket};
use crate::label;

/// The browser, seen from a dedicated worker.
pub struct Browser {
    epoch: Rc<EpochFile>,
}

impl Browser {
    /// Over the open file of the epoch.
    pub fn new(epoch: Rc<EpochFile>) -> Self {
        Self { epoch }
    }
}

impl Platform for Browser {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        spawn_local(task);
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        clock::sleep(ms).boxed_local()
    }

    fn now_ms(&self) -> u64 {
        clock::now_ms()
    }

    fn monotonic_ms(&self) -> u64 {
        clock::monotonic_ms()
    }

    fn random(&self, out: &mut [u8]) {
        if getrandom::fill(out).is_err() {
            // Without randomness no key is safe; there is no way on, and no way to report it.
            std::process::abort();
        }
    }

    fn http(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpAnswer, NetError>> {
        http::request(request).boxed_local()
    }

    fn connect(&self, url: &str) -> LocalBoxFuture<'static, Result<Socket, NetError>> {
        socket::connect(url.to_owned()).boxed_local()
    }

    fn blocking(&self, job: Job) -> LocalBoxFuture<'static, ()> {
        async move {
            // There is one thread, so it runs here, after what waits has had its turn.
            clock::sleep(0).await;
            job();
        }
        .boxed_local()
    }

    fn epoch(&self) -> Result<Option<u64>, StoreError> {
        self.epoch.read()
    }

    fn set_epoch(&self, epoch: u64) -> Result<(), StoreError> {
        self.epoch.write(epoch)
    }

    fn device_label(&self) -> DeviceLabel {
        let agent = js::navigator().and_then(|navigator| navigator.user_agent().ok());
        DeviceLabel {
            name: label::of(&agent.unwrap_or_default()),
            platform: "web".to_owned(),
        }
    }
}
