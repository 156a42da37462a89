//! `group create | invite | remove | role | leave | members | rename`.

use crate::api::{
    ApiError, GroupCreate, GroupInvite, GroupLeave, GroupMembers, GroupRemove, GroupRename,
    GroupSetRole, Member, Role,
};

use crate::args::Group;
use crate::exit::{Exit, usage};
use crate::output::{Output, plain};
use crate::visit::Visit;

/// Makes or changes a group.
pub async fn run(output: &Output, visit: &Visit<'_>, what: &Group) -> Result<Exit, ApiError> {
    let group = match what {
        Group::Create { title, people } => {
            let (title, people) = (title.clone(), people.clone());
            visit.handle.call(GroupCreate { title, people }).await?
        }
        Group::Invite { chat, people } => {
            let (chat, people) = (visit.conv(chat).await?, people.clone());
            visit.handle.call(GroupInvite { chat, people }).await?
        }
        Group::Remove { chat, person } => {
            let (chat, person) = (visit.conv(chat).await?, person.clone());
            visit.handle.call(GroupRemove { chat, person }).await?
        }
        Group::Role { chat, person, role } => {
            let role: Role = role
                .parse()
                .map_err(|()| usage("a role is member or admin"))?;
            let (chat, person) = (visit.conv(chat).await?, person.clone());
            visit
                .handle
                .call(GroupSetRole { chat, person, role })
                .await?
        }
        Group::Leave { chat, successor } => {
            let (chat, successor) = (visit.conv(chat).await?, successor.clone());
            visit.handle.call(GroupLeave { chat, successor }).await?;
            output.say("You left.");
            return Ok(Exit::Done);
        }
        Group::Members { chat } => {
            let chat = visit.conv(chat).await?;
            let members = visit.handle.call(GroupMembers { chat }).await?;
            output.rows(&members, "Nobody.", text);
            return Ok(Exit::Done);
        }
        Group::Rename { chat, title } => {
            let (chat, title) = (visit.conv(chat).await?, title.clone());
            visit.handle.call(GroupRename { chat, title }).await?;
            output.say("Renamed.");
            return Ok(Exit::Done);
        }
    };
    output.row(&group, |group| {
        let members: Vec<String> = group.members.iter().map(text).collect();
        format!(
            "{}  {}\n{}",
            group.id,
            plain(&group.title),
            members.join("\n")
        )
    });
    Ok(Exit::Done)
}

fn text(member: &Member) -> String {
    let handle = member
        .handle
        .as_ref()
        .map_or_else(|| member.user.to_string(), |h| format!("@{h}"));
    let name = member.name.as_deref().map(plain).unwrap_or_default();
    format!("{handle}  {name}  {} {}", member.status, member.role)
}
