//! Who may read which rows (protocol.md §10, "Who may read").

use chatty_protocol::{ConvId, UserId};

use super::{Conversations, EntryRefusal};

/// Stream numbers that a user may read, oldest stay first; an open stay has no end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Readable(pub Vec<(u64, Option<u64>)>);

impl Readable {
    /// Whether there is anything.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// First number of all.
    pub fn first(&self) -> u64 {
        self.0.first().map_or(0, |(first, _)| *first)
    }

    /// Newest number, given the stream's head.
    pub fn head(&self, stream_head: u64) -> u64 {
        let last = self.0.last().and_then(|(_, last)| *last);
        last.map_or(stream_head, |last| last.min(stream_head))
    }

    /// Whether the user is in the conversation now.
    pub fn is_open(&self) -> bool {
        self.0.last().is_some_and(|(_, last)| last.is_none())
    }

    /// The oldest stay that reaches beyond `after`.
    pub fn stay_after(&self, after: u64) -> Option<(u64, Option<u64>)> {
        let mut stays = self.0.iter().copied();
        stays.find(|(_, last)| last.is_none_or(|last| last > after))
    }

    /// The newest stay that begins before `before`.
    pub fn stay_before(&self, before: u64) -> Option<(u64, Option<u64>)> {
        let mut stays = self.0.iter().rev().copied();
        stays.find(|(first, _)| *first < before)
    }
}

impl Conversations {
    /// What the user may read; empty when the conversation does not exist for it.
    pub async fn readable(&self, conv: &ConvId, user: &UserId) -> Result<Readable, EntryRefusal> {
        let Some(stream) = self.streams.get(conv).await? else {
            return Ok(Readable(Vec::new()));
        };
        let mut stays = self.store.may_read(*conv, *user).await?;
        let shared = stream
            .state()
            .is_some_and(|state| state.policy.history == 1);
        if let (true, Some((_, last))) = (shared, stays.last().copied()) {
            stays = vec![(1, last)];
        }
        Ok(Readable(stays))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_stays_leave_a_gap_between_them() {
        let readable = Readable(vec![(3, Some(7)), (12, None)]);
        assert_eq!(readable.first(), 3);
        assert_eq!(readable.head(20), 20);
        assert_eq!(readable.stay_after(0), Some((3, Some(7))));
        assert_eq!(readable.stay_after(6), Some((3, Some(7))));
        assert_eq!(readable.stay_after(7), Some((12, None)));
        assert_eq!(readable.stay_before(12), Some((3, Some(7))));
        assert_eq!(readable.stay_before(13), Some((12, None)));
        assert_eq!(readable.stay_before(3), None);
        assert_eq!(Readable(vec![(3, Some(7))]).head(20), 7);
        assert!(!Readable(vec![(3, Some(7))]).is_open());
    }
}
