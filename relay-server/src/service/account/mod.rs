//! Accounts: a login that names a user id, never an identity itself (protocol.md §6).

mod check;
mod close;
mod delete;
mod identity;
mod mail_job;
mod me;
mod password;
mod replace_aik;
mod reset;
mod sign_up;
mod verify_email;
mod wait;

pub use check::{check_password_size, normal_email};
pub use close::finish_sagas;
pub use delete::delete;
pub use identity::replace_identity;
pub use mail_job::{MAIL, MailJob, put_mail, run_mail};
pub use me::me;
pub use password::change_password;
pub use replace_aik::announce_replace_aik;
pub use reset::{confirm_reset, request_reset};
pub use sign_up::sign_up;
pub use verify_email::{resend_email, verify_email};
pub use wait::{CLOSE, IDENTITY, REPLACE_AIK, run_due_waits, veto, waits};
