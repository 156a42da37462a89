//! The one error of the API.

use chatty_protocol::ErrorCode;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

words! {
    /// Refusals of the engine itself; those of the relay keep their own code.
    pub enum LocalCode {
        /// Parameters are not what the method takes.
        Invalid = "invalid",
        /// There is no such method.
        UnknownMethod = "unknown_method",
        /// No account in this home, or signed out.
        NotSignedIn = "not_signed_in",
        /// This home has an account already.
        AlreadySignedIn = "already_signed_in",
        /// This device is not approved yet.
        DeviceWaiting = "device_waiting",
        /// The relay cannot be reached.
        NotReachable = "not_reachable",
        /// It took longer than allowed.
        Timeout = "timeout",
        /// Another process uses this home.
        HomeInUse = "home_in_use",
        /// The vault was not opened: wrong passphrase, or none given.
        VaultLocked = "vault_locked",
        /// A store exists but its vault does not: nothing is overwritten.
        VaultMissing = "vault_missing",
        /// The vault's parameters are weaker than allowed.
        VaultWeak = "vault_weak",
        /// The store is damaged; only reading works.
        StoreDamaged = "store_damaged",
        /// The store was written by a newer program.
        StoreTooNew = "store_too_new",
        /// No space left on this machine.
        DiskFull = "disk_full",
        /// Reading or writing this machine's disk failed.
        Storage = "storage",
        /// No conversation of that name.
        NoSuchChat = "no_such_chat",
        /// More than one conversation of that name.
        AmbiguousChat = "ambiguous_chat",
        /// No such message here.
        NoSuchMessage = "no_such_message",
        /// No such person.
        NoSuchPerson = "no_such_person",
        /// No such device in the account.
        NoSuchDevice = "no_such_device",
        /// This is no whole invite link.
        BadLink = "bad_link",
        /// The invite link is for another relay.
        OtherServer = "other_server",
        /// The handle in the invite link leads to another person now.
        HandleMoved = "handle_moved",
        /// The invite link is this user's own.
        OwnLink = "own_link",
        /// The conversation takes no messages now: left, request, held or frozen.
        ChatClosed = "chat_closed",
        /// A verified person's account changed; sending is stopped until decided.
        TrustChanged = "trust_changed",
        /// Two devices write under this identity; nothing more is sent.
        CloneAlarm = "clone_alarm",
        /// The recovery key does not match; `hint` names the group.
        RecoveryMismatch = "recovery_mismatch",
        /// The recovery secret was confirmed and erased.
        RecoveryErased = "recovery_erased",
        /// The pictures differed, or the other device said so.
        ApprovalStopped = "approval_stopped",
        /// Too many failed approvals; wait.
        ApprovalLocked = "approval_locked",
        /// The relay's answer breaks the protocol.
        BadAnswer = "bad_answer",
        /// A browser removed the store and left its key: what was in it is gone here.
        StoreMissing = "store_missing",
        /// The engine moved to another tab while this was under way: it may be done or not.
        HandedOver = "handed_over",
        /// The engine is stopping.
        Stopping = "stopping",
        /// A fault of this program.
        Fault = "fault",
    }
}

/// A code of the engine or of the relay; one closed list in JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Code {
    /// Of the engine.
    Local(LocalCode),
    /// Of the relay.
    Relay(ErrorCode),
}

impl Code {
    /// The code as it stands in JSON.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Local(code) => code.as_str(),
            Self::Relay(code) => code.as_str(),
        }
    }
}

impl From<LocalCode> for Code {
    fn from(code: LocalCode) -> Self {
        Self::Local(code)
    }
}

impl From<ErrorCode> for Code {
    fn from(code: ErrorCode) -> Self {
        Self::Relay(code)
    }
}

/// Why a call was refused. Never carries user data or secrets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS, thiserror::Error)]
#[error("{}: {message}", code.as_str())]
pub struct ApiError {
    /// For programs.
    #[ts(as = "super::typescript::CodeUnion")]
    pub code: Code,
    /// What happened, for people.
    pub message: String,
    /// What to do now, for people; may be empty.
    pub hint: String,
    /// Trying again sooner has no use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub retry_after_ms: Option<u64>,
}

impl ApiError {
    /// An error with its message and no hint.
    pub fn new(code: impl Into<Code>, message: impl Into<String>) -> Self {
        Self {
            code: code.into(),
            message: message.into(),
            hint: String::new(),
            retry_after_ms: None,
        }
    }

    /// Adds what to do now.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }

    /// Adds how long to wait.
    #[must_use]
    pub fn retry_after(mut self, ms: u64) -> Self {
        self.retry_after_ms = Some(ms);
        self
    }

    /// Whether the code is this one of the engine.
    pub fn is(&self, code: LocalCode) -> bool {
        self.code == Code::Local(code)
    }
}
