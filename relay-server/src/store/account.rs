//! Accounts: sign-up, verification, credentials, handles, waits, budgets, deletion, blocks.

use async_trait::async_trait;
use bytes::Bytes;
use chatty_protocol::UserId;

use super::StoreResult;
use super::device::NewDeviceEntry;

/// A new account. Handle and e-mail are already normalised.
#[derive(Clone)]
pub struct NewAccount {
    /// Handle without `@`.
    pub handle: String,
    /// Contact address; unique among verified accounts only.
    pub email: String,
    /// Argon2id hash in PHC form.
    pub password: String,
    /// Open sign-up without mail: verified at once.
    pub verified: bool,
    /// The `init` entry with its device, for (branch 0, seq 0).
    pub entry: NewDeviceEntry,
    /// Handles released before this time are free again (now − 90 days), Unix ms.
    pub released_before: u64,
}

/// Outcome of a sign-up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignUp {
    /// The account exists now.
    Created {
        /// A verified account has the address: mail its owner instead of a code.
        email_known: bool,
    },
    /// The very same handle, address and entry are stored: a repeat. The caller checks the
    /// password against the stored one before it answers as at first.
    Repeated {
        /// As above.
        email_known: bool,
    },
    /// The handle belongs to somebody, or was released lately.
    HandleTaken,
    /// The user id exists with other data.
    UserExists,
    /// A verified account has the address (only with `verified`: nothing was created).
    EmailTaken,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Who.
    pub user: UserId,
    /// Handle; none once the account was closed.
    pub handle: Option<String>,
    /// Contact address; empty once closed.
    pub email: String,
    /// Whether the address was verified.
    pub verified: bool,
    /// Unix ms.
    pub created: u64,
    /// Closed: nothing but the device log is left.
    pub closed: bool,
}

/// A code or token to keep until it is consumed.
#[derive(Debug, Clone)]
pub struct NewCode {
    /// `verify`, `reset`, … ; one open code per (purpose, user).
    pub purpose: &'static str,
    /// Whose.
    pub user: UserId,
    /// Hash of the code.
    pub hash: [u8; 32],
    /// Now, Unix ms.
    pub now: u64,
    /// Dead from this time on, Unix ms.
    pub expires: u64,
    /// Least time between two codes, ms.
    pub gap_ms: u64,
    /// Codes in 24 hours.
    pub per_day: u32,
}

/// Outcome of putting a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodePut {
    /// Stored; an earlier one is void. `id` names it for the mail job's key.
    Stored {
        /// Number of the code, unique in this store.
        id: u64,
    },
    /// Ask again after this many ms.
    Wait(u64),
}

/// Outcome of trying a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CodeTry {
    /// Right, and used up now.
    Consumed,
    /// Wrong; this many tries are left.
    Wrong(u32),
    /// Too old, tried too often, used up, or never there.
    Expired,
    /// Right, but another verified account has the address by now (`verify_email` only).
    EmailTaken,
}

/// An announced change that a live device may veto.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wait {
    /// Whose.
    pub user: UserId,
    /// `identity`, `replace-aik` or `close`.
    pub kind: String,
    /// What is to be done.
    pub payload: Bytes,
    /// When, Unix ms.
    pub due: u64,
}

/// Outcome of spending from a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spent {
    /// Granted; so much of the window is used now.
    Granted(u32),
    /// Not granted, nothing was spent; ask again after this many ms.
    Over(u64),
}

/// A deletion that is under way; each step may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Saga {
    /// Whose.
    pub user: UserId,
    /// First step that is not done.
    pub step: u32,
}

/// Account rows.
#[async_trait]
pub trait AccountStore: Send + Sync {
    /// Creates account, handle, credential, device log and first device in one transaction.
    async fn sign_up(&self, account: NewAccount) -> StoreResult<SignUp>;

    /// One account.
    async fn account(&self, user: UserId) -> StoreResult<Option<Account>>;

    /// Who has the handle.
    async fn by_handle(&self, handle: String) -> StoreResult<Option<UserId>>;

    /// Which verified account has the address.
    async fn by_email(&self, email: String) -> StoreResult<Option<UserId>>;

    /// The password hash.
    async fn password(&self, user: UserId) -> StoreResult<Option<String>>;

    /// Sets the password and kills every refresh family but `keep`.
    async fn set_password(
        &self,
        user: UserId,
        hash: String,
        keep: Option<[u8; 16]>,
    ) -> StoreResult<()>;

    /// Keeps a code or token; limits are checked in the same transaction.
    async fn code_put(&self, code: NewCode) -> StoreResult<CodePut>;

    /// Tries a code; at most `tries` wrong ones, exactly one winner.
    async fn code_try(
        &self,
        purpose: &'static str,
        user: UserId,
        hash: [u8; 32],
        tries: u32,
        now: u64,
    ) -> StoreResult<CodeTry>;

    /// Consumes the `verify` code and marks the address verified, in one transaction.
    async fn verify_email(
        &self,
        user: UserId,
        hash: [u8; 32],
        tries: u32,
        now: u64,
    ) -> StoreResult<CodeTry>;

    /// Consumes the `reset` token with this hash, sets the password and kills all families.
    /// None when the token is unknown, old or used.
    async fn reset_password(
        &self,
        token: [u8; 32],
        hash: String,
        now: u64,
    ) -> StoreResult<Option<UserId>>;

    /// Replaces the identity behind handle, address and password: the old user is closed, the
    /// new one takes over. Devices, keys, families and blocks of the old one go.
    async fn replace_identity(&self, old: UserId, entry: NewDeviceEntry) -> StoreResult<()>;

    /// Announces a change. One per (user, kind): a repeat keeps and returns the first due time.
    async fn wait_put(&self, wait: Wait) -> StoreResult<u64>;

    /// Open waits of a user.
    async fn waits(&self, user: UserId) -> StoreResult<Vec<Wait>>;

    /// Vetoes or finishes a wait; `false` when there is none.
    async fn wait_remove(&self, user: UserId, kind: String) -> StoreResult<bool>;

    /// Waits that are due, oldest first.
    async fn waits_due(&self, now: u64, limit: usize) -> StoreResult<Vec<Wait>>;

    /// Spends `cost` of at most `max` per window of `window_ms`; windows are aligned to the
    /// epoch. Subjects are the caller's text (`user/…`, `pair/…`).
    async fn spend(
        &self,
        subject: String,
        kind: &'static str,
        cost: u32,
        max: u32,
        window_ms: u64,
        now: u64,
    ) -> StoreResult<Spent>;

    /// Starts a deletion (or finds it started): password, sessions, keys and address go at once.
    async fn saga_start(&self, user: UserId) -> StoreResult<Saga>;

    /// Marks a step done: the saga continues with `step`.
    async fn saga_step(&self, user: UserId, step: u32) -> StoreResult<()>;

    /// Sagas that are not finished.
    async fn sagas(&self, limit: usize) -> StoreResult<Vec<Saga>>;

    /// Last step: releases the handle (blocked from `now` on when the account was verified, else
    /// free at once), removes every row of the account but its device log, ends the saga.
    async fn saga_finish(&self, user: UserId, now: u64) -> StoreResult<()>;

    /// Removes accounts that were created before `before` and never verified, with handle, log
    /// and devices; returns them.
    async fn expire_unverified(&self, before: u64, limit: usize) -> StoreResult<Vec<UserId>>;

    /// Blocks a user; idempotent.
    async fn block(&self, user: UserId, blocked: UserId) -> StoreResult<()>;

    /// Ends a block; idempotent.
    async fn unblock(&self, user: UserId, blocked: UserId) -> StoreResult<()>;

    /// Whom the user blocked.
    async fn blocks(&self, user: UserId) -> StoreResult<Vec<UserId>>;

    /// Whether one of the two blocked the other: (`a` blocked `b`, `b` blocked `a`).
    async fn blocked(&self, a: UserId, b: UserId) -> StoreResult<(bool, bool)>;
}
