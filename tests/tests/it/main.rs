//! Worlds of relay and devices, and the house rules. One binary.

mod account;
mod attacks;
mod classes;
mod cli;
mod devices;
mod dormant;
mod drafts;
mod groups;
mod invites;
mod keys;
mod kills;
mod life;
mod one_to_one;
mod presence;
mod random;
mod restored;
mod screens;
mod shown;
mod tidy;
