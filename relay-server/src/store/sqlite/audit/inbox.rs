//! Items of all inboxes: known devices, whole bodies, the right recipient.

use chatty_protocol::codec::decode_exact;
use chatty_protocol::envelope::Item;
use rusqlite::Connection;

use super::super::num::device;
use super::Fault;
use crate::store::StoreResult;

/// Looks at every item.
pub(super) fn check(conn: &Connection, faults: &mut Vec<Fault>) -> StoreResult<()> {
    let mut statement = conn.prepare(
        "SELECT i.id, i.n, r.id, s.no IS NOT NULL AND u.no IS NOT NULL, i.body
         FROM inbox i LEFT JOIN dev r ON r.no=i.rcpt
         LEFT JOIN dev s ON s.no=i.snd LEFT JOIN user u ON u.no=s.user_no
         ORDER BY i.id",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (n, sender_known): (i64, bool) = (row.get(1)?, row.get(3)?);
        let to = device(row, 2).ok();
        let body = row.get_ref(4)?.as_blob().ok();
        let item = body.and_then(|body| decode_exact::<Item>(body).ok());
        let whole = item.is_some_and(|item| Some(item.to) == to);
        if n < 1 || !sender_known || !whole {
            faults.push(Fault::Item { place: row.get(0)? });
        }
    }
    Ok(())
}
