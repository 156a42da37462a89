//! `block`, `unblock`, `blocked`, `profile`.

use crate::api::{
    ApiError, PersonBlock, PersonBlocked, PersonUnblock, Profile, ProfileGet, ProfileSet,
};

use crate::exit::Exit;
use crate::output::{Output, plain};
use crate::visit::Visit;

/// Blocks a person.
pub async fn block(output: &Output, visit: &Visit<'_>, person: &str) -> Result<Exit, ApiError> {
    visit
        .handle
        .call(PersonBlock {
            person: person.to_owned(),
        })
        .await?;
    output.say("Blocked; nobody is told.");
    Ok(Exit::Done)
}

/// Takes a block back.
pub async fn unblock(output: &Output, visit: &Visit<'_>, person: &str) -> Result<Exit, ApiError> {
    visit
        .handle
        .call(PersonUnblock {
            person: person.to_owned(),
        })
        .await?;
    output.say("Not blocked any more.");
    Ok(Exit::Done)
}

/// Lists blocked people.
pub async fn blocked(output: &Output, visit: &Visit<'_>) -> Result<Exit, ApiError> {
    let blocked = visit.handle.call(PersonBlocked {}).await?;
    output.rows(&blocked, "Nobody is blocked.", |one| {
        one.handle
            .as_ref()
            .map_or_else(|| one.user.to_string(), |handle| format!("@{handle}"))
    });
    Ok(Exit::Done)
}

/// Shows a profile, or sets one's own name.
pub async fn profile(
    output: &Output,
    visit: &Visit<'_>,
    person: Option<&str>,
    name: Option<&str>,
) -> Result<Exit, ApiError> {
    let profile = match name {
        Some(name) => {
            visit
                .handle
                .call(ProfileSet {
                    name: name.to_owned(),
                })
                .await?
        }
        None => {
            visit
                .handle
                .call(ProfileGet {
                    person: person.map(str::to_owned),
                })
                .await?
        }
    };
    output.row(&profile, text);
    Ok(Exit::Done)
}

fn text(profile: &Profile) -> String {
    let handle = profile
        .handle
        .as_ref()
        .map_or_else(String::new, |handle| format!("@{handle} "));
    let name = profile.name.as_deref().map(plain).unwrap_or_default();
    format!("{handle}{name} ({})  {}", profile.state, profile.user)
}
