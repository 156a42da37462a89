//! A real relay in this process, people with real keys, REST and socket clients.

pub mod chat;
pub mod dice;
pub mod direct;
pub mod keys;
pub mod mail;
pub mod person;
pub mod relay;
pub mod rest;
pub mod schema;
pub mod socket;

pub use chat::Chat;
pub use person::{Device, Person};
pub use relay::TestRelay;
pub use socket::TestSocket;
