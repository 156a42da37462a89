//! An own entry into a conversation's log. Somebody may be faster: then the operation is judged
//! anew on the log as it stands, and never signed blindly again.

use chatty_crypto::conversation::{LogRow, NewEntry};
use chatty_protocol::{ConvId, ErrorCode};

use crate::engine::{Context, Fault, Work};
use crate::store::conversation;
use crate::sync::{catch_up, session};

/// Lost races before giving up.
const RACES: usize = 8;
/// Longest wait after a lost race, ms.
const RACE_MS: u64 = 2_000;

/// Signs with `make` and posts; `None` from `make` = there is nothing to do any more.
pub async fn entry(
    context: &Context,
    conv: &ConvId,
    mut make: impl FnMut(&mut Work<'_>) -> Result<Option<NewEntry>, Fault>,
) -> Result<(), Fault> {
    // On the newest log that can be had: a head that is already old loses for sure.
    if !context.link.borrow().log_heads.contains_key(conv) || !context.link.borrow().is_up() {
        catch_up::log(context, conv).await?;
    }
    for _ in 0..RACES {
        let Some(new) = context.input(&mut make)? else {
            return Ok(());
        };
        crate::kill_point!("conversation.before-entry");
        let posted = session::with(context, async |rest| {
            rest.append_conversation_entry(conv, new.bytes.clone(), new.seq)
                .await
        })
        .await;
        match posted {
            Ok(done) => {
                crate::kill_point!("conversation.after-entry");
                let row = LogRow {
                    bytes: new.bytes,
                    stream_seq: Some(done.seq),
                };
                context.link.borrow_mut().log_heads.insert(*conv, new.seq);
                catch_up::entries_with_logs(context, conv, &[row]).await?;
                return context.input(|work| {
                    conversation::update(work.db, conv, |row| {
                        row.stream_head = row.stream_head.max(done.seq);
                    })?;
                    Ok(())
                });
            }
            Err(fault) if fault.is(ErrorCode::StaleSeq) || fault.is(ErrorCode::Conflict) => {
                catch_up::log(context, conv).await?;
                context.platform.sleep(context.dice() % RACE_MS).await;
            }
            Err(fault) => return Err(fault),
        }
    }
    Err(Fault::refused(ErrorCode::StaleSeq))
}
