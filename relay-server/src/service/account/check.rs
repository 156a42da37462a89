//! Hard caps and forms of what comes from outside, before any driver or hash sees it (D16).

use chatty_protocol::{ErrorCode, handle, limits};
use lettre::Address;

use crate::service::{Refused, Served};

/// The form in which an address is stored and compared, or none if it is not an address.
pub fn normal_email(text: &str) -> Option<String> {
    let text = text.trim();
    if text.len() > limits::EMAIL_MAX_BYTES || !text.is_ascii() {
        return None;
    }
    let lower = text.to_ascii_lowercase();
    lower.parse::<Address>().is_ok().then_some(lower)
}

/// A cap before Argon2id, for every password that is only compared.
pub fn check_password_size(password: &str) -> Served<()> {
    if password.len() > limits::PASSWORD_MAX_BYTES {
        return Err(Refused::new(ErrorCode::TooLarge).detail("the password is too long"));
    }
    Ok(())
}

/// The rule for a new password.
pub(super) fn check_new_password(password: &str) -> Served<()> {
    check_password_size(password)?;
    if password.chars().count() < limits::PASSWORD_MIN_CHARS {
        return Err(Refused::new(ErrorCode::Malformed).detail("the password is too short"));
    }
    Ok(())
}

/// The rule for a handle.
pub(super) fn check_handle(text: &str) -> Served<()> {
    if !handle::is_well_formed(text) {
        return Err(Refused::new(ErrorCode::Malformed).detail("not a handle"));
    }
    if handle::is_reserved(text) {
        return Err(ErrorCode::HandleTaken.into());
    }
    Ok(())
}
