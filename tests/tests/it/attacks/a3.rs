//! A3: the relay shows older data than before, or different people different lists. Nothing is
//! taken back, a fork is flagged by the first message that crosses it, and only a second valid
//! signature freezes a conversation.

mod conversations;
mod devices;
mod statements;
