//! Invite links: relay origin, handle and user id. The id is compared, so that a handle that moved
//! leads nobody astray.

use chatty_protocol::{UserId, handle, origin};

use super::{open, person};
use crate::account;
use crate::api::person::{InviteLink, InviteLook, Person};
use crate::api::{ApiError, LocalCode};
use crate::engine::{Context, Fault};

/// Between the origin and the handle.
const PATH: &str = "/i/";

/// One's own link.
pub fn own(context: &Context) -> Result<InviteLink, Fault> {
    let own = account::current(context)?;
    Ok(InviteLink {
        link: format!("{}{PATH}{}#{}", own.relay, own.handle, own.user),
    })
}

/// Who a link leads to, looked up and compared.
pub async fn look(context: &Context, params: &InviteLook) -> Result<Person, Fault> {
    let user = user(context, &params.link).await?;
    person::view(context, &user)
}

/// Whether somebody typed a link and not a name.
pub fn is_link(typed: &str) -> bool {
    let typed = typed.trim_start();
    let scheme = |scheme: &str| {
        let begin = typed.get(..scheme.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(scheme))
    };
    scheme("https://") || scheme("http://")
}

/// The person behind a link.
pub async fn user(context: &Context, typed: &str) -> Result<UserId, Fault> {
    let own = account::current(context)?;
    let link = parse(typed).ok_or_else(bad)?;
    if link.origin != own.relay {
        return Err(refuse(
            LocalCode::OtherServer,
            "The link is for another server.",
            "Ask this person for a link on your server, or sign up on theirs.",
        ));
    }
    if link.user == own.user {
        return Err(refuse(
            LocalCode::OwnLink,
            "This is your own invite link.",
            "Give it to somebody who wants to write to you.",
        ));
    }
    // Boxed: looking for a person may lead here as well.
    let found = Box::pin(open::person(context, &format!("@{}", link.handle))).await?;
    match found == link.user {
        true => Ok(found),
        false => Err(refuse(
            LocalCode::HandleMoved,
            "The name in the link belongs to somebody else now.",
            "Ask the person you mean for a new link, over a way that you trust.",
        )),
    }
}

struct Link {
    origin: String,
    handle: String,
    user: UserId,
}

/// The parts of a link; none = it is none.
fn parse(typed: &str) -> Option<Link> {
    let (address, user) = typed.trim().split_once('#')?;
    let (origin, handle) = address.split_once(PATH)?;
    let handle = handle.to_ascii_lowercase();
    Some(Link {
        origin: origin::canonical(origin).ok()?,
        handle: handle::is_well_formed(&handle).then_some(handle)?,
        user: user.parse().ok()?,
    })
}

fn bad() -> Fault {
    refuse(
        LocalCode::BadLink,
        "This is no whole invite link.",
        "Copy all of it; it ends in # and a long id.",
    )
}

fn refuse(code: LocalCode, message: &str, hint: &str) -> Fault {
    Fault::Rule(Box::new(ApiError::new(code, message).hint(hint)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_has_three_parts_in_one_form() {
        let user = UserId::from_rest([3; 32]);
        let link = parse(&format!(" HTTPS://Chat.example:443/i/Ann#{user}\n")).unwrap();
        assert_eq!(link.origin, "https://chat.example");
        assert_eq!((link.handle.as_str(), link.user), ("ann", user));
        let device = chatty_protocol::DeviceId::from_rest([3; 16]);
        for bad in [
            String::new(),
            "@ann".into(),
            "https://chat.example/i/ann".into(),
            "https://chat.example/i/ann#".into(),
            "https://chat.example/i/ann#u123".into(),
            format!("https://chat.example/i/ann#{device}"),
            format!("https://chat.example/i/a!#{user}"),
            format!("https://chat.example/i/#{user}"),
            format!("https://chat.example/i/ann/#{user}"),
            format!("https://chat.example/x/i/ann#{user}"),
            format!("https://me@chat.example/i/ann#{user}"),
            format!("http://chat.example/i/ann#{user}"),
            format!("javascript:/i/ann#{user}"),
            format!("https://chat.example/i/ann#{user}#{user}"),
        ] {
            assert!(parse(&bad).is_none(), "{bad}");
        }
    }
}
