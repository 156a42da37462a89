//! Devices and device logs.

mod append;
mod heads;
mod link;
mod list;
mod read_log;
mod statement;

pub use append::{append_entry, append_own, read_entry};
pub use heads::heads;
pub use link::{link_frames, links, open_link, put_frame};
pub use list::devices;
pub use read_log::read_log;
pub use statement::{put_statement, statement};

/// Class number of a full device (protocol.md §8).
pub const FULL: u8 = 1;
