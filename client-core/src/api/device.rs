//! The account's devices and their approval.

use chatty_protocol::DeviceId;

use super::state::{DeviceClass, DeviceState};

words! {
    /// Where an approval stands.
    pub enum ApprovalStep {
        /// Waits for the other device.
        Waiting = "waiting",
        /// Both devices show the same pictures; the user compares and confirms here.
        Compare = "compare",
        /// Confirmed here; waits for the confirmation on the other device.
        Confirmed = "confirmed",
        /// The device is in the log.
        Done = "done",
        /// Ended without approval; `reason` says why.
        Stopped = "stopped",
    }
}

params! {
    /// Lists the account's devices, the waiting ones included.
    #[derive(Default)]
    pub struct DeviceList {}

    /// One device.
    pub struct Device {
        /// The device.
        #[ts(as = "String")]
        pub id: DeviceId,
        /// Its label.
        pub name: String,
        /// What it may do.
        pub class: DeviceClass,
        /// Where it runs, as it says itself.
        pub platform: String,
        /// Whether it is in use.
        pub state: DeviceState,
        /// Whether it is this one.
        pub current: bool,
        /// Of its certificate, Unix ms.
        pub created_ms: u64,
        /// To the hour, Unix ms; 0 = never seen.
        pub last_seen_ms: u64,
    }

    /// Starts the approval of a waiting device from this full one; answers when there are pictures
    /// to compare, or when nothing came within the timeout.
    pub struct DeviceApprove {
        /// The waiting device.
        #[ts(as = "String")]
        pub device: DeviceId,
        /// Longest wait for the other device, ms.
        pub timeout_ms: u64,
    }

    /// Says whether the pictures on both devices are the same. On either side; answers when the
    /// other side has answered too, or after the timeout.
    pub struct DeviceConfirm {
        /// Id of the approval.
        pub approval: String,
        /// Whether the user saw the same pictures.
        pub same: bool,
        /// Longest wait for the other device, ms.
        pub timeout_ms: u64,
    }

    /// Lists the approvals that run now (on either side).
    #[derive(Default)]
    pub struct DeviceApprovals {}

    /// What both devices show.
    pub struct Sas {
        /// Seven pictures.
        pub emoji: Vec<SasEmoji>,
        /// Three numbers of four digits, for people who cannot compare pictures.
        pub numbers: Vec<u32>,
    }

    /// One picture.
    pub struct SasEmoji {
        /// The emoji.
        pub symbol: String,
        /// Its English name.
        pub name: String,
    }

    /// One approval.
    pub struct Approval {
        /// Id of the approval.
        pub id: String,
        /// The device that waits (may be this one).
        #[ts(as = "String")]
        pub device: DeviceId,
        /// Its label, as it says itself.
        pub name: String,
        /// Where it stands.
        pub step: ApprovalStep,
        /// With step `compare` and later.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub sas: Option<Sas>,
        /// With step `stopped`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub reason: Option<String>,
    }

    /// Removes a device from the account for good.
    pub struct DeviceRevoke {
        /// The device; this one signs itself out.
        #[ts(as = "String")]
        pub device: DeviceId,
    }

    /// Changes a device's label, seen by own devices only.
    pub struct DeviceRename {
        /// The device; `None` = this one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional, as = "Option<String>")]
        pub device: Option<DeviceId>,
        /// New label, at most 64 characters.
        pub name: String,
    }
}
