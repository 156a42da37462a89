//! The real programs, as people and scripts use them.

mod codes;
mod contract;
pub mod devices;
mod hold;
mod homes;
mod input;
mod readme;
mod rows;
mod servers;
mod talk;
