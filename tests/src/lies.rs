//! Lies that several attacks share, ready to be put on a link.

use chatty_protocol::conversation_log::ConvEntry;
use chatty_protocol::device_log::DeviceEntry;
use chatty_protocol::frame::{Doorbell, RowFrame, ServerFrame};
use chatty_protocol::rest::{B64, ConversationLog, HeadBody, LogPage, UserHeads};
use chatty_protocol::sign::Signed;
use chatty_protocol::{ConvId, Head, UserId};

use crate::hostile::{Ask, Hostile, edit};

fn from_of(ask: &Ask) -> u64 {
    let from = ask.path.split("from=").nth(1).unwrap_or_default();
    let from = from.split('&').next().unwrap_or_default();
    from.parse().unwrap_or(0)
}

fn set_seq(heads: &mut UserHeads, user: &UserId, change: impl Fn(u64) -> u64) {
    for head in heads.heads.iter_mut().filter(|head| head.user == *user) {
        head.seq = change(head.seq);
    }
}

/// Shows this entry as the newest of somebody's device log.
pub fn with_device_entry(user: UserId, entry: Signed<DeviceEntry>) -> Hostile {
    Hostile::new().answer(move |ask, answer| {
        if ask.is("POST", "/users/heads") {
            edit::<UserHeads>(answer, |page| set_seq(page, &user, |seq| seq + 1));
        }
        if ask.is("GET", &format!("/users/{user}/log")) {
            edit::<LogPage>(answer, |page| {
                let HeadBody(seq, _) = page.head;
                let hash = DeviceEntry::hash_of(&entry);
                page.head = HeadBody::from(Head { seq: seq + 1, hash });
                page.entries.push(B64(entry.to_bytes()));
            });
        }
    })
}

/// Shows somebody's device log only up to `head`, and rings for nothing of theirs.
pub fn device_log_up_to(user: UserId, head: Head) -> Hostile {
    Hostile::new()
        .answer(move |ask, answer| {
            if ask.is("POST", "/users/heads") {
                edit::<UserHeads>(answer, |page| set_seq(page, &user, |seq| seq.min(head.seq)));
            }
            if ask.is("GET", &format!("/users/{user}/log")) {
                let shown = (head.seq + 1).saturating_sub(from_of(ask));
                edit::<LogPage>(answer, |page| {
                    page.head = head.into();
                    page.entries
                        .truncate(usize::try_from(shown).unwrap_or(usize::MAX));
                });
            }
        })
        .down(move |frame| match frame {
            ServerFrame::Doorbell(Doorbell::User(who, _)) if who == user => Vec::new(),
            other => vec![other],
        })
}

/// Shows somebody's device log up to `head`, and there another entry than others are shown.
pub fn device_log_with_rival(user: UserId, head: Head, rival: Signed<DeviceEntry>) -> Hostile {
    let top = Head {
        seq: head.seq + 1,
        hash: DeviceEntry::hash_of(&rival),
    };
    device_log_up_to(user, head).answer(move |ask, answer| {
        if ask.is("POST", "/users/heads") {
            edit::<UserHeads>(answer, |page| set_seq(page, &user, |_| top.seq));
        }
        if ask.is("GET", &format!("/users/{user}/log")) {
            let wanted = from_of(ask) <= top.seq;
            edit::<LogPage>(answer, |page| {
                page.head = top.into();
                if wanted {
                    page.entries.push(B64(rival.to_bytes()));
                }
            });
        }
    })
}

/// Shows another entry than others are shown at its number, and of the log nothing above it.
pub fn conversation_with_rival(conv: ConvId, rival: Signed<ConvEntry>) -> Hostile {
    let at = rival.open().expect("an entry").seq;
    let (in_rows, in_log) = (rival.clone(), rival);
    Hostile::new()
        .rows(move |row| match row {
            RowFrame::Entry {
                conv: its,
                seq,
                entry,
            } if its == conv => match entry.open().map(|entry| entry.seq) {
                Ok(number) if number == at => {
                    let entry = in_rows.clone();
                    vec![RowFrame::Entry { conv, seq, entry }]
                }
                Ok(number) if number > at => Vec::new(),
                _ => vec![RowFrame::Entry { conv, seq, entry }],
            },
            other => vec![other],
        })
        .answer(move |ask, answer| {
            if ask.is("GET", "/conversations/*/log") && ask.about(&conv) {
                let from = from_of(ask);
                let hash = ConvEntry::hash_of(&in_log);
                edit::<ConversationLog>(answer, |page| {
                    page.head = Head { seq: at, hash }.into();
                    let kept = (at + 1).saturating_sub(from);
                    page.entries
                        .truncate(usize::try_from(kept).unwrap_or(usize::MAX));
                    if from <= at
                        && let Some(last) = page.entries.last_mut()
                    {
                        last.entry = B64(in_log.to_bytes());
                    }
                });
            }
        })
}
