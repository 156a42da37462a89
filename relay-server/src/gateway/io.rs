//! The upgraded connection with a count of the bytes that really left: progress of a slow reader.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// An upgraded connection that counts.
pub struct Counted {
    inner: TokioIo<Upgraded>,
    written: u64,
    stall: Duration,
}

impl Counted {
    /// Starts at zero. `stall` is how long no byte may leave.
    pub fn new(upgraded: Upgraded, stall: Duration) -> Self {
        Self {
            inner: TokioIo::new(upgraded),
            written: 0,
            stall,
        }
    }

    /// How long no byte may leave.
    pub fn stall(&self) -> Duration {
        self.stall
    }

    /// Bytes that the other side's window has taken so far.
    pub fn written(&self) -> u64 {
        self.written
    }

    fn count(&mut self, result: &Poll<io::Result<usize>>) {
        if let Poll::Ready(Ok(bytes)) = result {
            self.written = self.written.wrapping_add(*bytes as u64);
        }
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(cx, buf)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        let result = Pin::new(&mut self.inner).poll_write(cx, buf);
        self.count(&result);
        result
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(cx)
    }
}
