//! The native platform behind a [`Link`].

use std::path::Path;

use chatty_core::platform::{
    DeviceLabel, HttpAnswer, HttpRequest, Job, NetError, Platform, Socket,
};
use chatty_core::store::StoreError;
use chatty_native::platform::Native;
use futures::FutureExt;
use futures::future::LocalBoxFuture;

use crate::hostile::Ask;
use crate::link::{Link, Sleep};

/// The native platform behind a link.
pub struct LinkedPlatform {
    inner: Native,
    link: Link,
}

impl LinkedPlatform {
    /// For the engine of a home. Lives inside its `LocalSet`.
    pub fn new(home: &Path, link: Link) -> Self {
        Self {
            inner: Native::new(home).expect("a native platform"),
            link,
        }
    }

    /// Whether a request gets lost, and when: before the relay or on the way back.
    fn lot(&self) -> (bool, bool) {
        let mut state = self.link.state();
        let Some(faults) = &mut state.faults else {
            return (false, false);
        };
        let before = faults.seed.per_mille(faults.request_lost);
        (before, faults.seed.per_mille(faults.answer_lost))
    }
}

impl Platform for LinkedPlatform {
    fn spawn(&self, task: LocalBoxFuture<'static, ()>) {
        self.inner.spawn(task);
    }

    fn sleep(&self, ms: u64) -> LocalBoxFuture<'static, ()> {
        let pace = self.link.state().pace;
        self.inner.sleep(ms.div_ceil(pace))
    }

    fn now_ms(&self) -> u64 {
        let skew = self.link.state().skew_ms;
        self.inner.now_ms().saturating_add_signed(skew)
    }

    fn monotonic_ms(&self) -> u64 {
        self.inner.monotonic_ms() * self.link.state().pace
    }

    fn random(&self, out: &mut [u8]) {
        self.inner.random(out);
    }

    fn http(&self, request: HttpRequest) -> LocalBoxFuture<'static, Result<HttpAnswer, NetError>> {
        let ask = Ask::of(&request);
        let link = self.link.clone();
        if !link.state().online {
            return async { Err(NetError::Offline) }.boxed_local();
        }
        {
            let mut state = link.state();
            state.asked.push((ask.method, ask.path.clone()));
            state.claimed.extend(ask.claims());
        }
        let (before, after) = self.lot();
        if before {
            return async { Err(NetError::Unreachable) }.boxed_local();
        }
        let asking = self.inner.http(request);
        async move {
            let mut answer = asking.await?;
            if after || !link.state().online {
                return Err(NetError::Unreachable);
            }
            if let Some(hostile) = &mut link.state().hostile {
                hostile.on_answer(&ask, &mut answer);
            }
            Ok(answer)
        }
        .boxed_local()
    }

    fn connect(&self, url: &str) -> LocalBoxFuture<'static, Result<Socket, NetError>> {
        let link = self.link.clone();
        if !link.state().online {
            return async { Err(NetError::Offline) }.boxed_local();
        }
        let connecting = self.inner.connect(url);
        let sleep: Sleep =
            Box::new(|ms| tokio::time::sleep(std::time::Duration::from_millis(ms)).boxed_local());
        async move {
            let socket = connecting.await?;
            if !link.state().online {
                return Err(NetError::Offline);
            }
            Ok(link.wrap(socket, sleep))
        }
        .boxed_local()
    }

    fn blocking(&self, job: Job) -> LocalBoxFuture<'static, ()> {
        self.inner.blocking(job)
    }

    fn epoch(&self) -> Result<Option<u64>, StoreError> {
        self.inner.epoch()
    }

    fn set_epoch(&self, epoch: u64) -> Result<(), StoreError> {
        self.inner.set_epoch(epoch)
    }

    fn device_label(&self) -> DeviceLabel {
        let label = self.inner.device_label();
        match &self.link.state().platform {
            Some(platform) => DeviceLabel {
                platform: platform.clone(),
                ..label
            },
            None => label,
        }
    }
}
