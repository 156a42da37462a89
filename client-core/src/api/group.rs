//! Groups. A person is named by `@handle` or user id.

use chatty_protocol::{ConvId, UserId};

use super::state::{MemberStatus, Role};

params! {
    /// Makes a group with this user as its admin.
    pub struct GroupCreate {
        /// At most 128 bytes.
        pub title: String,
        /// Whom to invite.
        pub people: Vec<String>,
    }

    /// A group with its members.
    pub struct Group {
        /// Conversation.
        #[ts(as = "String")]
        pub id: ConvId,
        /// Its title.
        pub title: String,
        /// Members and invited people.
        pub members: Vec<Member>,
    }

    /// Somebody in a group.
    pub struct Member {
        /// The person.
        #[ts(as = "String")]
        pub user: UserId,
        /// Their handle, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub handle: Option<String>,
        /// Their display name, where known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub name: Option<String>,
        /// Invited or joined.
        pub status: MemberStatus,
        /// Member or admin.
        pub role: Role,
    }

    /// Invites people.
    pub struct GroupInvite {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Whom.
        pub people: Vec<String>,
    }

    /// Removes somebody.
    pub struct GroupRemove {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Whom.
        pub person: String,
    }

    /// Changes what a member may do.
    pub struct GroupSetRole {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Whom.
        pub person: String,
        /// New role.
        pub role: Role,
    }

    /// Leaves a group, or declines an invite.
    pub struct GroupLeave {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// Who becomes admin when the last admin leaves; `None` = the longest member.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub successor: Option<String>,
    }

    /// Lists members and invited people.
    pub struct GroupMembers {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
    }

    /// Changes the title.
    pub struct GroupRename {
        /// Conversation.
        #[ts(as = "String")]
        pub chat: ConvId,
        /// At most 128 bytes.
        pub title: String,
    }
}
