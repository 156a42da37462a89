//! The accept loop: plain or TLS, header time-out, graceful end.

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::ServiceExt;

use super::tls::Tls;

/// A client that does not finish its headers or its TLS handshake in time is let go (D13).
const HEADER_TIMEOUT: Duration = Duration::from_millis(chatty_protocol::limits::HANDSHAKE_MS);
/// Pause after a failed accept (out of file descriptors): the loop must not spin.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` turns true, then lets open requests end.
pub async fn serve(
    listener: TcpListener,
    tls: Option<Tls>,
    router: Router,
    mut stop: watch::Receiver<bool>,
) {
    let (alive, mut all_gone) = tokio::sync::mpsc::channel::<()>(1);
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stop.wait_for(|stopped| *stopped) => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "accept");
                tokio::time::sleep(ACCEPT_PAUSE).await;
                continue;
            }
        };
        let connection = connect(stream, peer, tls.clone(), router.clone(), stop.clone());
        let held = alive.clone();
        tokio::spawn(async move {
            connection.await;
            drop(held);
        });
    }
    drop(alive);
    // Returns when the last connection task dropped its sender.
    let _none = all_gone.recv().await;
}

async fn connect(
    stream: TcpStream,
    peer: SocketAddr,
    tls: Option<Tls>,
    router: Router,
    stop: watch::Receiver<bool>,
) {
    let _latency_hint = stream.set_nodelay(true);
    match tls {
        None => speak(stream, peer, router, stop).await,
        Some(tls) => {
            let handshake = tokio::time::timeout(HEADER_TIMEOUT, tls.accept(stream)).await;
            if let Ok(Ok(stream)) = handshake {
                speak(stream, peer, router, stop).await;
            }
        }
    }
}

async fn speak<S>(stream: S, peer: SocketAddr, router: Router, mut stop: watch::Receiver<bool>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service = hyper::service::service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().oneshot(request.map(axum::body::Body::new))
    });
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT);
    let connection = builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stop.wait_for(|stopped| *stopped) => {}
    }
    // An idle connection ends at once, a busy one after its answer.
    connection.as_mut().graceful_shutdown();
    let _ended = connection.await;
}
