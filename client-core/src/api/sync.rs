//! Connection, catching up, leaving.

use super::state::LinkState;

params! {
    /// Says how the connection stands.
    #[derive(Default)]
    pub struct SyncState {}

    /// The connection and what is on its way.
    pub struct SyncStatus {
        /// The connection.
        pub link: LinkState,
        /// Whether this connection has drained the inbox and brought every conversation's newest
        /// rows.
        pub caught_up: bool,
        /// Rows known to be missing here.
        pub behind: u64,
        /// Things in the outbox.
        pub outbox: u64,
        /// Next attempt to connect, ms from now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub retry_in_ms: Option<u64>,
    }

    /// Tries to connect now, where the next attempt would come later.
    #[derive(Default)]
    pub struct SyncRetry {}

    /// Waits until the inbox is drained and every conversation's newest rows are here.
    pub struct SyncWait {
        /// Longest wait, ms; then the error `timeout`, or `not_reachable` when there is no relay.
        pub timeout_ms: u64,
    }

    /// Waits until the outbox (messages, keys, receipts) is empty.
    pub struct SyncFlush {
        /// Longest wait, ms.
        pub timeout_ms: u64,
    }

    /// Answer to [`SyncFlush`].
    pub struct Flushed {
        /// Things that still wait.
        pub waiting: u64,
    }

    /// Stops the engine: commits, closes the socket, ends its thread.
    #[derive(Default)]
    pub struct EngineShutdown {}
}
