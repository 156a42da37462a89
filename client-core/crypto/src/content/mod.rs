//! What travels inside ciphertext. Two disjoint decoders: [`to_device`] is fed from Olm only,
//! conversation content from Megolm only (A5).

pub mod to_device;
