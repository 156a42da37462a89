//! `invite`: one's own link, or who somebody's leads to.

use crate::api::{ApiError, InviteLook, InviteShow, Person};

use crate::exit::Exit;
use crate::output::{Output, plain};
use crate::visit::Visit;

/// Prints the link, or the person behind it.
pub async fn run(output: &Output, visit: &Visit<'_>, link: Option<&str>) -> Result<Exit, ApiError> {
    match link {
        None => {
            let own = visit.handle.call(InviteShow {}).await?;
            output.row(&own, |own| own.link.clone());
        }
        Some(link) => {
            let link = link.to_owned();
            let person = visit.handle.call(InviteLook { link }).await?;
            output.row(&person, text);
        }
    }
    Ok(Exit::Done)
}

fn text(person: &Person) -> String {
    let handle = person.handle.as_deref().map(plain).unwrap_or_default();
    let name = person.name.as_deref().map(plain).unwrap_or_default();
    format!("@{handle} {name} ({})  {}", person.state, person.user)
}
