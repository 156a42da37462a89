//! Full-text search: each word of a query is a substring; case and accents are ignored.
//!
//! Words of three characters and more go through the trigram index. A query with none of those
//! is a scan of the newest [`SCANNED`] messages, so its cost is bounded.

use std::collections::HashSet;

use chatty_protocol::ConvId;
use chatty_protocol::limits::SEARCH_QUERY_CHARS;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::message::{self, MessageRow};
use super::value::{all, number, one, optional_number};
use super::{Db, StoreError};
use crate::api::message::Coverage;

/// Messages that a query of short words looks at.
pub const SCANNED: u64 = 5_000;
/// Up to this many hits are looked up and sorted by time.
const FEW: usize = 1_000;
/// Shortest word that the index knows.
const INDEXED_CHARS: usize = 3;

/// One hit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The row.
    pub message: MessageRow,
    /// Where the words stand in its text: `[start, end)` in characters, rising, not overlapping.
    pub spans: Vec<(u64, u64)>,
}

/// Finds messages, newest first.
pub fn find(
    db: &dyn Db,
    query: &str,
    conv: Option<&ConvId>,
    limit: usize,
) -> Result<Vec<Hit>, StoreError> {
    let words = words(query);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut hits = Vec::new();
    let mut look = |row: i64| {
        let Some(message) = message::by_row(db, row)? else {
            return Ok(true);
        };
        // The index folds accents differently from us here and there; this check decides.
        let text = message.body.text.as_deref();
        if let Some(spans) = text.and_then(|text| spans(text, &words)) {
            hits.push(Hit { message, spans });
        }
        Ok(hits.len() < limit)
    };
    match phrases(query) {
        None => newest_first(db, conv, SCANNED, &mut |row| look(row))?,
        Some(phrases) => {
            let found = indexed(db, &phrases)?;
            if found.len() <= FEW {
                for row in by_time(db, &found, conv)? {
                    if !look(row)? {
                        break;
                    }
                }
            } else {
                // A common word: its newest hits are near the end, so walk there from the newest
                // row and stop, instead of sorting all of them.
                newest_first(db, conv, u64::MAX, &mut |row| match found.contains(&row) {
                    true => look(row),
                    false => Ok(true),
                })?;
            }
        }
    }
    Ok(hits)
}

/// What a search with this query sees.
pub fn coverage(db: &dyn Db, query: &str, conv: Option<&ConvId>) -> Result<Coverage, StoreError> {
    let (messages, since_ms) = readable(db, conv)?;
    if phrases(query).is_some() || messages <= SCANNED {
        return Ok(Coverage {
            messages,
            since_ms,
            complete: true,
        });
    }
    let mut since_ms = None;
    let mut oldest = 0;
    newest_first(db, conv, SCANNED, &mut |row| {
        oldest = row;
        Ok(true)
    })?;
    if let Some(message) = message::by_row(db, oldest)? {
        since_ms = Some(message.at_ms);
    }
    Ok(Coverage {
        messages: SCANNED,
        since_ms,
        complete: false,
    })
}

/// What the index is asked for; none when no word is long enough.
fn phrases(query: &str) -> Option<String> {
    // In quotes a phrase is taken letter by letter; a quote inside is doubled.
    let quoted = |word: &str| format!("\"{}\"", word.replace('"', "\"\""));
    let phrases: Vec<_> = typed(query)
        .into_iter()
        .map(|word| (folded(&word), word))
        .filter(|(folded, _)| folded.chars().count() >= INDEXED_CHARS)
        // The index keeps some letters with two accents as they are: ask for both forms.
        .map(|(folded, word)| format!("({} OR {})", quoted(&word), quoted(&folded)))
        .collect();
    (!phrases.is_empty()).then(|| phrases.join(" AND "))
}

/// Rows whose text has all phrases, by the index, in no order.
fn indexed(db: &dyn Db, phrases: &str) -> Result<HashSet<i64>, StoreError> {
    let rows = all(
        db.connection(),
        "SELECT rowid FROM message_text WHERE message_text MATCH ?1",
        [phrases],
        |row| row.get(0),
    )?;
    Ok(rows.into_iter().collect())
}

/// The readable ones of these rows, newest first.
fn by_time(
    db: &dyn Db,
    rows: &HashSet<i64>,
    conv: Option<&ConvId>,
) -> Result<Vec<i64>, StoreError> {
    let mut timed = Vec::with_capacity(rows.len());
    for row in rows {
        let at = one(
            db.connection(),
            "SELECT at_ms FROM message
             WHERE row = ?1 AND shown = 1 AND (?2 IS NULL OR conv = ?2)",
            (row, conv.map(AsRef::as_ref)),
            |found| number(found, 0),
        )?;
        timed.extend(at.map(|at| (at, *row)));
    }
    timed.sort_unstable_by(|a, b| b.cmp(a));
    Ok(timed.into_iter().map(|(_, row)| row).collect())
}

/// Walks up to `limit` readable rows, newest first, until `look` has enough.
fn newest_first(
    db: &dyn Db,
    conv: Option<&ConvId>,
    limit: u64,
    look: &mut dyn FnMut(i64) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    let mut statement = match conv {
        None => db.connection().prepare_cached(
            "SELECT row FROM message WHERE shown = 1 AND text IS NOT NULL
             ORDER BY at_ms DESC, row DESC",
        )?,
        Some(_) => db.connection().prepare_cached(
            "SELECT row FROM message WHERE conv = ?1 AND shown = 1 AND text IS NOT NULL
             ORDER BY at_ms DESC, row DESC",
        )?,
    };
    let mut rows = match conv {
        None => statement.query([])?,
        Some(conv) => statement.query([conv.as_ref()])?,
    };
    let mut walked = 0;
    while walked < limit
        && let Some(row) = rows.next()?
    {
        walked += 1;
        if !look(row.get(0)?)? {
            break;
        }
    }
    Ok(())
}

/// How many readable messages there are, and the time of the oldest.
fn readable(db: &dyn Db, conv: Option<&ConvId>) -> Result<(u64, Option<u64>), StoreError> {
    let read = |row: &rusqlite::Row<'_>| Ok((number(row, 0)?, optional_number(row, 1)?));
    let found = match conv {
        None => one(
            db.connection(),
            "SELECT count(*), min(at_ms) FROM message WHERE shown = 1 AND text IS NOT NULL",
            [],
            read,
        )?,
        Some(conv) => one(
            db.connection(),
            "SELECT count(*), min(at_ms) FROM message
             WHERE conv = ?1 AND shown = 1 AND text IS NOT NULL",
            [conv.as_ref()],
            read,
        )?,
    };
    Ok(found.unwrap_or((0, None)))
}

/// The words of a query as typed, within the limit of its length. The index ends a query at a
/// zero character, so that one separates words.
fn typed(query: &str) -> Vec<String> {
    let query: String = query.chars().take(SEARCH_QUERY_CHARS).collect();
    query
        .split(|c: char| c.is_whitespace() || c == '\0')
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// The folded words of a query, each once.
fn words(query: &str) -> Vec<String> {
    let mut words: Vec<String> = typed(query)
        .iter()
        .map(|word| folded(word))
        .filter(|word| !word.is_empty())
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// Lower case without accents.
fn folded(word: &str) -> String {
    fold(word).into_iter().map(|(c, _)| c).collect()
}

/// Lower case without accents; each character with the number of the one that it comes from.
fn fold(text: &str) -> Vec<(char, u64)> {
    let mut folded = Vec::with_capacity(text.len());
    for (index, original) in text.chars().enumerate() {
        let parts = original
            .to_lowercase()
            .nfd()
            .filter(|c| !is_combining_mark(*c));
        folded.extend(parts.map(|c| (c, index as u64)));
    }
    folded
}

/// Where the words stand in a text; none when one of them is missing.
fn spans(text: &str, words: &[String]) -> Option<Vec<(u64, u64)>> {
    let folded = fold(text);
    let plain: String = folded.iter().map(|(c, _)| *c).collect();
    // From byte offsets in `plain` to characters of the folded text.
    let starts: Vec<usize> = plain.char_indices().map(|(at, _)| at).collect();
    let mut found = Vec::new();
    for word in words {
        let length = word.chars().count();
        let before = found.len();
        for (at, _) in plain.match_indices(word.as_str()) {
            let first = starts.binary_search(&at).ok()?;
            let start = folded.get(first)?.1;
            let end = folded.get(first + length - 1)?.1 + 1;
            found.push((start, end));
        }
        if found.len() == before {
            return None;
        }
    }
    Some(merge(found))
}

/// Rising, and joined where they overlap.
fn merge(mut spans: Vec<(u64, u64)>) -> Vec<(u64, u64)> {
    spans.sort_unstable();
    let mut merged: Vec<(u64, u64)> = Vec::with_capacity(spans.len());
    for (start, end) in spans {
        match merged.last_mut() {
            Some(last) if start < last.1 => last.1 = last.1.max(end),
            _ => merged.push((start, end)),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, query: &str) -> Option<Vec<(u64, u64)>> {
        spans(text, &words(query))
    }

    #[test]
    fn words_are_substrings_without_case_and_accents() {
        assert_eq!(at("Grüße an Zoë", "gruß"), Some(vec![(0, 4)]));
        assert_eq!(at("Grüße an Zoë", "ZOE an"), Some(vec![(6, 8), (9, 12)]));
        assert_eq!(at("Grüße", "grut"), None);
        assert_eq!(at("aaaa", "aaa aa"), Some(vec![(0, 4)]));
        // Decomposed and composed letters are the same word.
        assert_eq!(at("cafe\u{301} noir", "café"), Some(vec![(0, 4)]));
        // A letter whose lower case is two letters long.
        assert_eq!(at("İstanbul", "istan"), Some(vec![(0, 5)]));
    }
}
