//! People's names as a person reads them; ids stay for scripts.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::api::{AccountWhoAmI, ApiError, ProfileGet};
use crate::output::{Output, plain};
use crate::visit::Visit;
use chatty_protocol::UserId;

/// What to call each of some people.
#[derive(Default)]
pub struct Names(HashMap<UserId, String>);

impl Names {
    /// Asks the engine once for each; nothing is asked for JSON rows, which carry ids only.
    pub async fn of(
        output: &Output,
        visit: &Visit<'_>,
        users: impl IntoIterator<Item = UserId>,
    ) -> Result<Self, ApiError> {
        let mut names = Self::default();
        if output.is_json() {
            return Ok(names);
        }
        let own = visit.handle.call(AccountWhoAmI {}).await?.user;
        names.0.insert(own, "you".to_owned());
        for user in users {
            if let Entry::Vacant(unknown) = names.0.entry(user) {
                let name = name(visit, unknown.key()).await;
                unknown.insert(name);
            }
        }
        Ok(names)
    }

    /// `you`, a name with its handle, a handle, or the beginning of the id.
    pub fn get(&self, user: &UserId) -> String {
        self.0.get(user).cloned().unwrap_or_else(|| short(user))
    }
}

/// A name that cannot be found now is no reason to withhold a message: the id stands in for it.
async fn name(visit: &Visit<'_>, user: &UserId) -> String {
    let person = Some(user.to_string());
    let Ok(profile) = visit.handle.call(ProfileGet { person }).await else {
        return short(user);
    };
    match (profile.name, profile.handle) {
        (Some(name), Some(handle)) => format!("{} (@{})", plain(&name), plain(&handle)),
        (None, Some(handle)) => format!("@{}", plain(&handle)),
        (Some(name), None) => format!("{} ({})", plain(&name), short(user)),
        (None, None) => short(user),
    }
}

fn short(user: &UserId) -> String {
    let id = user.to_string();
    id.get(..9).unwrap_or(&id).to_owned()
}
