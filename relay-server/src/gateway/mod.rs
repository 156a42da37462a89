//! The WebSocket gateway `/v1/ws` (protocol.md §16): one unsplit task per socket.

mod connection;
pub mod encode;
mod hello;
mod hub;
mod io;
mod live;
mod metrics;
mod notices;
mod presence;
mod pump;
mod rate;
mod receive;
mod route;
mod upgrade;

pub use hub::{Hub, TooManySockets};
pub use live::Live;
pub use metrics::GatewayMetrics;
pub use presence::{Doubt, People, Presence};
pub use rate::{Bucket, Rate};
pub use route::{Behind, Route, RowOut, Work};
pub use upgrade::upgrade;
