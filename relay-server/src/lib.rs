//! The relay: keeps and forwards ciphertext, never holds a key that opens it.

pub mod store;
