//! What the operator sees and does.

pub mod admin;
pub mod bench;
pub mod doctor;
pub mod health;
pub mod metrics;
