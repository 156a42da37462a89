//! Flash lane: typing.

use chatty_protocol::wire_array;

wire_array! {
    /// 6: somebody types, or stopped.
    pub struct Typing {
        /// Whether they are typing now.
        pub on: bool,
    }
}
