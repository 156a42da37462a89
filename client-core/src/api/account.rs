//! Account: sign-up, log-in, e-mail, passwords, recovery key, deletion.

use chatty_protocol::{DeviceId, UserId};

use super::Secret;
use super::state::{DeviceClass, DeviceState};

params! {
    /// Makes an account with this device as its first.
    pub struct AccountSignUp {
        /// Relay origin, `https://host[:port]`.
        pub relay: String,
        /// Handle, with or without `@`.
        pub handle: String,
        /// Contact address.
        pub email: String,
        /// Password of the login.
        pub password: Secret,
        /// Label of this device; `None` = the name of the machine's platform.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub device_name: Option<String>,
    }

    /// A new account. The recovery key is shown here and by `recovery.show` until confirmed.
    pub struct SignedUp {
        /// The account.
        #[ts(as = "String")]
        pub user: UserId,
        /// Its handle, without `@`.
        pub handle: String,
        /// This device.
        #[ts(as = "String")]
        pub device: DeviceId,
        /// The only way back when all devices are lost.
        pub recovery_key: Secret,
    }

    /// Types the code of the mail.
    pub struct AccountVerifyEmail {
        /// Six digits.
        pub code: String,
    }

    /// Asks for another mail with a code.
    #[derive(Default)]
    pub struct AccountResendCode {}

    /// Signs this home in to an existing account; the device then waits for approval.
    pub struct AccountLogIn {
        /// Relay origin.
        pub relay: String,
        /// Handle or e-mail address.
        pub login: String,
        /// Password of the login.
        pub password: Secret,
        /// Label of this device.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub device_name: Option<String>,
    }

    /// Ends the session. The device revokes itself where it can; the home keeps nothing usable.
    #[derive(Default)]
    pub struct AccountLogOut {}

    /// Who this home belongs to; works offline and while the device waits.
    #[derive(Default)]
    pub struct AccountWhoAmI {}

    /// This home's account and device.
    pub struct WhoAmI {
        /// The account.
        #[ts(as = "String")]
        pub user: UserId,
        /// Its handle, without `@`.
        pub handle: String,
        /// This device.
        #[ts(as = "String")]
        pub device: DeviceId,
        /// What it may do.
        pub class: DeviceClass,
        /// Whether it is approved.
        pub device_state: DeviceState,
        /// Whether the address was verified, as last seen.
        pub verified_email: bool,
    }

    /// Changes the password of the login; other sessions end.
    pub struct AccountChangePassword {
        /// Present password.
        pub old: Secret,
        /// New password.
        pub new: Secret,
    }

    /// Asks for a mail with a reset token; the answer is the same for every address.
    pub struct AccountRequestReset {
        /// Relay origin; `None` = the one of this home.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub relay: Option<String>,
        /// Address of the account.
        pub email: String,
    }

    /// Sets a new password with the token of the mail. Never yields keys: scope stays `pending`.
    pub struct AccountConfirmReset {
        /// Relay origin; `None` = the one of this home.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub relay: Option<String>,
        /// From the mail.
        pub token: Secret,
        /// New password.
        pub password: Secret,
    }

    /// Deletes the account: at once, signed by this device; or after 7 days, by password alone.
    pub struct AccountDelete {
        /// Given where no approved device signs.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub password: Option<Secret>,
    }

    /// Answer to [`AccountDelete`].
    pub struct AccountDeleted {
        /// When the deletion takes effect, Unix ms; none = done.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub due_ms: Option<u64>,
    }

    /// Lists announced changes of the account that this device may stop.
    #[derive(Default)]
    pub struct AccountWaits {}

    /// An announced change.
    pub struct AccountWait {
        /// `identity`, `replace-aik` or `close`.
        pub kind: String,
        /// When it takes effect, Unix ms.
        pub due_ms: u64,
    }

    /// Stops an announced change.
    pub struct AccountVeto {
        /// As in [`AccountWait`].
        pub kind: String,
    }

    /// Shows the recovery key again, until it was confirmed.
    #[derive(Default)]
    pub struct RecoveryShow {}

    /// Answer to [`RecoveryShow`].
    pub struct RecoveryKey {
        /// In its text form, 8 groups of 5.
        pub recovery_key: Secret,
    }

    /// Types the recovery key back; then its secret is erased from this device.
    pub struct RecoveryConfirm {
        /// As typed: any case, spaces and hyphens ignored.
        pub recovery_key: Secret,
    }
}
