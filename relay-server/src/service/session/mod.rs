//! Sessions: who somebody is, proved by a password and by a device.

mod challenge;
mod issue;
mod log_in;
mod log_out;
mod proof;
mod refresh;
mod ticket;

pub use challenge::challenge;
pub use issue::issue;
pub use log_in::log_in;
pub use log_out::log_out;
pub use proof::{is_usable, prove, signing_key};
pub use refresh::refresh;
pub use ticket::ticket;
