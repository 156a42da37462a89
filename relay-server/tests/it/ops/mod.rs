//! What an operator runs and reads.

mod drain;
mod metrics;
mod retention;
mod start;
mod streams;
