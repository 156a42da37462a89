//! A relay that lies, through the whole stack: real engines, a real relay, and between them a
//! script that forges. One file per attack of docs and design, by its id.

mod a1;
mod a16;
mod a17;
mod a18;
mod a2;
mod a3;
mod a32;
mod a7;
mod b1;
mod d2;
mod d7;
