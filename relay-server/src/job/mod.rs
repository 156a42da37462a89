//! Work that is due by itself: mails, waits, sagas, expiries, purge. Everything here may be
//! repeated, so a crash in the middle costs nothing but a second try.

mod purge;
mod runner;

pub use purge::purge_step;
pub use runner::{run_due, run_forever};
