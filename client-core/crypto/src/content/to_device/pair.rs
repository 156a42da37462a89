//! Bodies between two devices: sessions, secrets, verification (types 6–10).

use chatty_protocol::codec::{Bytes, Fixed};
use chatty_protocol::wire_array;

wire_array! {
    /// 6: the sender could not decrypt and started a new session.
    pub struct OlmReset {
        /// Session that failed.
        pub session: Fixed<32>,
        /// Greatest pair counter that the sender saw from the recipient.
        pub last_ctr: u64,
    }
}

wire_array! {
    /// 8: an own device asks for a secret.
    pub struct SecretRequest {
        /// Random id of the request.
        pub request: Fixed<16>,
        /// Which secret: `backup`.
        pub name: String,
    }
}

wire_array! {
    /// 9: an own full device gives a secret.
    pub struct SecretSend {
        /// Id of our open request.
        pub request: Fixed<16>,
        /// Which secret.
        pub name: String,
        /// The secret.
        pub secret: Bytes,
    }
}

wire_array! {
    /// 10: one step of a SAS verification.
    pub struct Verify {
        /// Transaction.
        pub txn: Fixed<16>,
        /// Step 1–7 of protocol.md §18.
        pub step: u64,
        /// The step's message.
        pub bytes: Bytes,
    }
}
