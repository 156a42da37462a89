//! Head statements (protocol.md §8): a full device says how long its device log is, at most daily.

use crate::codec::{Ext, V1};
use crate::sign::Head;
use crate::{DeviceId, UserId, wire_array};

wire_array! {
    /// Inner structure of a head statement, signed for `head-statement`.
    pub struct Statement {
        /// Always 1.
        pub version: V1,
        /// Account.
        pub user: UserId,
        /// Full device that signs.
        pub device: DeviceId,
        /// Newest entry of the account's device log.
        pub head: Head,
        /// Epoch of the log.
        pub epoch: u64,
        /// Claimed time, Unix ms.
        pub time: u64,
        /// Extensions.
        pub ext: Ext,
    }
}
