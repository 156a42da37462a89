//! Conversation encryption: one outbound Megolm session per (conversation, own device), numbered
//! by generation; inbound sessions per (conversation, owner device, session) (protocol.md §13, §14).
//!
//! Sending, as the engine drives it:
//! 1. At Send: [`number_ready`] fixes bytes, number and predecessor; store them with the outbox.
//! 2. Connected and logs compared: [`prepare`]. Every device in `first` gets [`key_for`] through
//!    `olm::encrypt` (or [`mark_dormant`] when no session can be had); those items go to the
//!    relay, then [`encrypt`] and the message. The rest follows with [`keys_due`].
//! 3. Frame 34: nothing to do here. `stale_log`: [`refused`] for the lowest refused message,
//!    sync the log, then from 2 again with the same [`Numbered`].
//! 4. Cancelled before it was accepted: [`cancel`] gives the later ones their new numbers.
//!
//! Receiving: [`receive`] per row, mark or flash; [`void`] per frame 49; the `on_…` functions are
//! called by `dispatch` with what Olm authenticated.

mod authority;
mod chain;
mod checked;
mod conv_key;
mod encrypt;
mod facts;
mod meta;
mod missing;
mod number;
mod prepare;
mod receive;
mod request;
mod reshare;
mod retire;
mod rotate;
mod row;
mod session;
mod share;
mod tidy;
mod types;

pub use chain::{cuts_for, gaps, void};
pub(crate) use checked::{conversation_changed, people_changed};
pub use conv_key::{on_conv_key, on_key_forward, on_withheld};
pub use encrypt::{encrypt, encrypt_mark};
pub use meta::{meta_key, on_conv_meta, open_meta, seal_meta};
pub use number::{cancel, number_ready, own_position, refused};
pub use prepare::{keys_due, prepare, unfinished};
pub use receive::receive;
pub use request::{on_key_request, request_key};
pub(crate) use reshare::reshare;
pub use retire::{retire, retire_all};
pub use share::{key_for, keys_for, mark_dormant};
pub use tidy::tidy;
pub use types::{
    Ask, DeviceRef, Gap, Hold, Incoming, KeyOutcome, Lane, Numbered, OwnPosition, Prepared,
    Quarantine, Shown, Started, Unreadable, Verdict,
};
