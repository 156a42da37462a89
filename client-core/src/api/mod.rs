//! The one API of the engine: methods, events, the types both carry, and the handle.
//!
//! [`methods`] is the only place where a method is registered. The list yields the [`Command`]
//! enum, the [`Api`] trait that the engine implements, the dispatcher and the TypeScript client
//! (`client-core/bindings/chatty.ts`, held by a drift test).
#![deny(missing_docs)]

#[macro_use]
pub(crate) mod macros;

pub mod account;
pub mod chat;
pub mod device;
pub mod draft;
pub mod error;
pub mod events;
pub mod group;
pub mod handle;
pub mod message;
pub mod methods;
pub mod person;
pub mod presence;
pub mod repeat;
pub mod secret;
pub mod state;
pub mod sync;
pub mod typescript;

pub use error::{ApiError, Code, LocalCode};
pub use events::Event;
pub use handle::{Handle, Request, RequestReceiver};
pub use methods::{Api, Command, dispatch};
pub use secret::Secret;

/// A method of the API, named by the type of its parameters.
pub trait Method: serde::Serialize {
    /// Name on every transport, `area.verb`.
    const NAME: &'static str;
    /// What a successful call answers.
    type Reply: serde::Serialize + serde::de::DeserializeOwned;

    /// The call as one value of the closed list.
    fn command(self) -> Command;
}

params! {
    /// Answer of a method that has nothing to say but that it worked.
    #[derive(Default)]
    pub struct Done {}
}
