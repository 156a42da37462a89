//! A conversation as shells see it: its row, and what its messages and settings add.

use chatty_protocol::ConvId;
use chatty_protocol::codec::decode_exact;

use super::conversation::ConversationRow;
use super::{Db, StoreError, account, draft, message, setting};
use crate::api::chat::Chat;

/// A setting of one conversation that its row shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flag {
    /// It stands above the others.
    Pinned,
    /// It is put away.
    Archived,
    /// It is silent until a time.
    Muted,
}

impl Flag {
    /// Every one.
    pub const ALL: &'static [Self] = &[Self::Pinned, Self::Archived, Self::Muted];

    /// How the names of these settings begin; the conversation follows.
    pub fn prefix(self) -> &'static str {
        match self {
            Self::Pinned => "pinned/",
            Self::Archived => "archived/",
            Self::Muted => "muted/",
        }
    }

    /// Name of the setting.
    pub fn name(self, conv: &ConvId) -> String {
        format!("{}{conv}", self.prefix())
    }

    /// What was set.
    fn value(self, db: &dyn Db, conv: &ConvId) -> Result<Option<Vec<u8>>, StoreError> {
        Ok(setting::get(db, &self.name(conv))?.map(|row| row.value))
    }
}

/// What is not set, or not understood by this program, is not so.
struct Flags {
    pinned: bool,
    archived: bool,
    muted_until_ms: u64,
}

impl Flags {
    fn of(db: &dyn Db, conv: &ConvId) -> Result<Self, StoreError> {
        let switch = |flag: Flag| -> Result<bool, StoreError> {
            let value = flag.value(db, conv)?;
            Ok(value.is_some_and(|value| decode_exact(&value).unwrap_or(false)))
        };
        let muted = Flag::Muted.value(db, conv)?;
        Ok(Self {
            pinned: switch(Flag::Pinned)?,
            archived: switch(Flag::Archived)?,
            muted_until_ms: muted.map_or(0, |value| decode_exact(&value).unwrap_or(0)),
        })
    }
}

/// The row of the chat list.
pub fn view(db: &dyn Db, row: &ConversationRow) -> Result<Chat, StoreError> {
    let newest = message::window(db, &row.conv, None, 1)?;
    let last = message::view::messages(db, &newest)?.pop();
    let mention = match account::get(db)? {
        Some(own) if row.unread > 0 => message::is_mentioned(db, &row.conv, &own.user)?,
        _ => false,
    };
    let draft = draft::get(db, &row.conv, false)?.map(|draft| draft.text);
    let flags = Flags::of(db, &row.conv)?;
    Ok(Chat {
        id: row.conv,
        kind: row.kind,
        title: row.title.clone(),
        with: row.peer,
        state: row.state,
        reason: row.reason.clone(),
        unread: row.unread,
        last_at_ms: row.last_at_ms,
        last,
        mention,
        draft: draft.filter(|text| !text.is_empty()),
        pinned: flags.pinned,
        archived: flags.archived,
        muted_until_ms: Some(flags.muted_until_ms).filter(|until| *until > 0),
        timer_s: Some(row.timer_s).filter(|seconds| *seconds > 0),
    })
}
