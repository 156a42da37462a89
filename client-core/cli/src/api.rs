//! The engine's API as this program uses it: all names in one place.

pub use chatty_core::api::account::*;
pub use chatty_core::api::chat::*;
pub use chatty_core::api::device::*;
pub use chatty_core::api::events::AlarmKind;
pub use chatty_core::api::group::*;
pub use chatty_core::api::message::*;
pub use chatty_core::api::person::*;
pub use chatty_core::api::state::*;
pub use chatty_core::api::sync::*;
pub use chatty_core::api::{ApiError, Code, Event, Handle, LocalCode, Secret};
