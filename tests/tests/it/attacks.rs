//! A relay that lies, through the whole stack: real engines, a real relay, and between them a
//! script that forges. One file per attack of docs and design, by its id.

mod a1;
mod a10;
mod a13;
mod a15;
mod a16;
mod a17;
mod a18;
mod a19;
mod a2;
mod a20;
mod a21;
mod a22;
mod a23;
mod a24;
mod a25;
mod a26;
mod a29;
mod a3;
mod a31;
mod a32;
mod a5;
mod a7;
mod a8;
mod a9;
mod b1;
mod b12;
mod b13;
mod b14;
mod b3;
mod c10;
mod d2;
mod d7;
