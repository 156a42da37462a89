//! Every route of the relay. `router` mounts the list, `openapi` describes it.

mod account;
mod conversation;
mod keys;
mod people;
mod session;

use super::route::Route;

/// Routes below `/v1`.
pub fn v1() -> Vec<Route> {
    let parts = [
        account::life(),
        account::password(),
        account::waits(),
        account::email(),
        session::all(),
        people::found(),
        people::logs(),
        people::mailboxes(),
        keys::all(),
        conversation::logs(),
        conversation::streams(),
        conversation::strangers(),
        session::relay(),
    ];
    parts.into_iter().flatten().collect()
}
