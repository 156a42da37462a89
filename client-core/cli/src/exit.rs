//! Exit codes, part of the contract with scripts.

use std::process::ExitCode;

use crate::api::{ApiError, Code, LocalCode};
use chatty_protocol::ErrorCode;

/// How the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Refused by a rule.
    Refused = 1,
    /// The command line is wrong.
    Usage = 2,
    /// Not signed in.
    NotSignedIn = 3,
    /// Address not verified, or the device waits for approval.
    Waiting = 4,
    /// The relay cannot be reached; nothing changed.
    NotReachable = 69,
    /// Another process uses the home.
    HomeInUse = 73,
    /// In the outbox; the next command sends it.
    Queued = 75,
    /// The vault was not opened.
    VaultClosed = 77,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// The exit code that an error stands for.
pub fn of(error: &ApiError) -> Exit {
    match error.code {
        Code::Local(LocalCode::Invalid | LocalCode::UnknownMethod) => Exit::Usage,
        Code::Local(LocalCode::NotSignedIn) => Exit::NotSignedIn,
        Code::Local(LocalCode::DeviceWaiting) | Code::Relay(ErrorCode::NotVerified) => {
            Exit::Waiting
        }
        Code::Local(LocalCode::NotReachable | LocalCode::Timeout | LocalCode::BadAnswer) => {
            Exit::NotReachable
        }
        // There is a server, but none that serves this program now.
        Code::Relay(
            ErrorCode::NeedsUpdate
            | ErrorCode::Busy
            | ErrorCode::Draining
            | ErrorCode::Maintenance
            | ErrorCode::StorageFull
            | ErrorCode::Internal,
        ) => Exit::NotReachable,
        Code::Local(LocalCode::HomeInUse) => Exit::HomeInUse,
        Code::Local(LocalCode::VaultLocked | LocalCode::VaultMissing | LocalCode::VaultWeak) => {
            Exit::VaultClosed
        }
        _ => Exit::Refused,
    }
}

/// A wrong command line that clap cannot see.
pub fn usage(message: &str) -> ApiError {
    ApiError::new(LocalCode::Invalid, message)
}

/// A fault of this machine or program.
pub fn fault(message: &str) -> ApiError {
    ApiError::new(LocalCode::Fault, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_class_of_error_has_its_number() {
        let of = |code: Code| super::of(&ApiError::new(code, "x")) as u8;
        assert_eq!(of(LocalCode::Invalid.into()), 2);
        assert_eq!(of(LocalCode::NotSignedIn.into()), 3);
        assert_eq!(of(ErrorCode::NotVerified.into()), 4);
        assert_eq!(of(LocalCode::DeviceWaiting.into()), 4);
        assert_eq!(of(LocalCode::NotReachable.into()), 69);
        assert_eq!(of(LocalCode::BadAnswer.into()), 69);
        assert_eq!(of(ErrorCode::NeedsUpdate.into()), 69);
        assert_eq!(of(ErrorCode::Maintenance.into()), 69);
        assert_eq!(of(LocalCode::HomeInUse.into()), 73);
        assert_eq!(of(LocalCode::VaultLocked.into()), 77);
        assert_eq!(of(ErrorCode::HandleTaken.into()), 1);
    }
}
