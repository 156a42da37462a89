//! The account of this home: sign-up, log-in, e-mail, password, recovery key, deletion.

pub mod delete;
pub mod log_in;
pub mod log_out;
pub mod password;
pub mod publish;
pub mod recovery;
pub mod sign_up;
pub mod who;

use chatty_protocol::origin;

use crate::api::LocalCode;
use crate::engine::{Context, Fault};
use crate::store::account::{self, AccountRow};

/// The account of this home, or the refusal that there is none.
pub fn current(context: &Context) -> Result<AccountRow, Fault> {
    context
        .read(|db| account::get(db))?
        .ok_or_else(|| Fault::rule(LocalCode::NotSignedIn, "This home has no account yet."))
}

/// Nobody is signed in: no account that the relay knows of, or its session ended.
fn not_signed_in() -> Fault {
    Fault::rule(
        LocalCode::NotSignedIn,
        "Nobody is signed in here. Sign up or log in.",
    )
}

/// The relay's origin in its one form.
fn canonical(relay: &str) -> Result<String, Fault> {
    origin::canonical(relay).map_err(|error| {
        Fault::rule(
            LocalCode::Invalid,
            format!("The server's address: {error}."),
        )
    })
}

/// A handle as the protocol writes it.
pub fn bare_handle(typed: &str) -> String {
    let typed = typed.trim();
    typed
        .strip_prefix('@')
        .unwrap_or(typed)
        .to_ascii_lowercase()
}
