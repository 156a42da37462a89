//! A relay that lies, through the whole stack: real engines, a real relay, and between them a
//! script that forges. One file per attack of docs and design, by its id.

mod a1;
mod a2;
mod a3;
