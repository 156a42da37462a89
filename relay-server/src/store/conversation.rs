//! The member projection: who is in which conversation. Written by the append of log rows only,
//! in the same transaction, so it never disagrees with the log.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::{ConvId, UserId};

use super::StoreResult;
use super::stream::StreamHead;

/// Standing of a user in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberState {
    /// Was there and left, was removed, or declined.
    Gone,
    /// Invited: reads, does not send.
    Invited,
    /// Member.
    Member,
}

/// What one entry does to one user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberChange {
    /// Whom.
    pub user: UserId,
    /// Standing after the entry. From nothing or `Gone` to `Invited` or `Member` begins a stay
    /// at this row; to `Gone` ends it at this row.
    pub state: MemberState,
    /// Admin after the entry.
    pub admin: bool,
}

/// A membership entry to append.
#[derive(Debug, Clone)]
pub struct LogChange {
    /// Its own number; must be the log head + 1, 0 creates the conversation.
    pub log_seq: u64,
    /// The signed entry as received.
    pub bytes: Bytes,
    /// Direct (both members = contacts). Read at `log_seq` 0 only.
    pub direct: bool,
    /// Users whose standing or role changes.
    pub members: Vec<MemberChange>,
}

/// A user of a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberRow {
    /// Who.
    pub user: UserId,
    /// Standing.
    pub state: MemberState,
    /// Admin.
    pub admin: bool,
    /// Number of the entry that changed this row last.
    pub log_seq: u64,
}

/// A conversation as one of its users has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConvOfUser {
    /// Which.
    pub conv: ConvId,
    /// One to one.
    pub direct: bool,
    /// Standing of the user.
    pub state: MemberState,
    /// Whether the user deleted the request (until joining).
    pub hidden: bool,
    /// First stream number of the newest stay.
    pub first: u64,
    /// Last one, once the stay is over.
    pub last: Option<u64>,
    /// Position of the stream.
    pub at: StreamHead,
    /// Time of the newest row, Unix ms; 0 when it was purged.
    pub newest_time: u64,
}

/// What two users are to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// Nothing in common.
    None,
    /// The other user is invited to a conversation of the first: a request.
    Ticket,
    /// The other user is a member of a conversation to which the first belongs or is invited.
    CoMember,
    /// Both are members of their direct conversation and neither blocks the other.
    Contact,
    /// The same user.
    Own,
}

/// Questions about membership.
#[async_trait]
pub trait ConversationStore: Send + Sync {
    /// The user's row in a conversation, also when gone.
    async fn member(&self, conv: ConvId, user: UserId) -> StoreResult<Option<MemberRow>>;

    /// Members and invited users; empty when there is no such conversation.
    async fn members(&self, conv: ConvId) -> StoreResult<Vec<MemberRow>>;

    /// Stays of a user: `(first, last)` stream numbers that it may read, oldest first. An open
    /// stay has no last. `policy.history` is the caller's to apply.
    async fn may_read(&self, conv: ConvId, user: UserId) -> StoreResult<Vec<(u64, Option<u64>)>>;

    /// Conversations of a user in a fixed order, gone ones too, behind `after`.
    async fn conversations(
        &self,
        user: UserId,
        after: Option<ConvId>,
        limit: usize,
    ) -> StoreResult<Vec<ConvOfUser>>;

    /// How many conversations the user is a member of or invited to.
    async fn conversation_count(&self, user: UserId) -> StoreResult<u64>;

    /// The strongest relation of `user` to `other`.
    async fn relation(&self, user: UserId, other: UserId) -> StoreResult<Relation>;

    /// The same for many others (≤ 500) in one call, in the order asked.
    async fn relations(&self, user: UserId, others: Vec<UserId>) -> StoreResult<Vec<Relation>>;

    /// Everybody who shares a conversation with the user (members and invited), at most `limit`.
    async fn co_members(&self, user: UserId, limit: usize) -> StoreResult<Vec<UserId>>;

    /// Users that hid the conversation as a request and did not join since.
    async fn hidden(&self, conv: ConvId) -> StoreResult<Vec<UserId>>;

    /// Hides a request from an invited user until it joins. `false` when the user is not invited.
    async fn hide_request(&self, conv: ConvId, user: UserId) -> StoreResult<bool>;
}
