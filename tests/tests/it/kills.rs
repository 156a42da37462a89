//! Real processes that die at every named point, with the command repeated after: nothing
//! accepted is lost, nothing is shown twice, no one-time key is wasted.

mod account;
mod claim;
mod device;
mod message;
mod points;
