//! Worlds of one relay and real engines, for the tests in `tests/it`.
//!
//! [`world::World`] has a relay in this process and [`person::Device`]s, each an engine on its own
//! thread with an encrypted store in a folder. Between an engine and the relay lies a
//! [`link::Link`]: it cuts, delays, repeats and reorders by a seed, and a [`hostile::Hostile`]
//! script on it plays a relay that lies. [`process`] starts the real programs, a [`town::Town`] has
//! one relay process and homes of the `chatty` command.

pub mod capture;
pub mod clock;
pub mod engine;
pub mod faults;
pub mod forge;
pub mod grep;
pub mod hearing;
pub mod hostile;
pub mod insider;
pub mod lies;
pub mod link;
pub mod mail;
pub mod person;
pub mod platform;
pub mod process;
pub mod raw;
pub mod relay;
pub mod seed;
pub mod town;
pub mod wait;
pub mod world;
