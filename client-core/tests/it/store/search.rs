//! Search: substrings, accents, short words, coverage.

use chatty_core::store::message::{self, MessageRow};
use chatty_core::store::search::{self, SCANNED};

use super::{commit, conv, fresh, text};

#[test]
fn words_are_found_anywhere_whatever_case_and_accents() {
    let (_folder, store) = fresh();
    let texts = [
        "Müller kommt",
        "die Mühle klappert",
        "Việt Nam",
        "say \"hi\" to Zoë",
        "ab",
    ];
    for (n, words) in texts.iter().enumerate() {
        commit(&store, |tx| {
            message::write::insert(tx, &text(n as u64 + 1, words))
        });
    }
    let found = |query: &str| {
        let hits = search::find(&store, query, None, 9).unwrap();
        hits.iter()
            .map(|hit| hit.message.seq.unwrap())
            .collect::<Vec<_>>()
    };
    assert_eq!(found("muller"), [1]);
    assert_eq!(found("MÜH"), [2]);
    assert_eq!(found("ller omm"), [1]);
    assert_eq!(found("viet"), [3]);
    assert_eq!(found("việt"), [3]);
    assert_eq!(found("\"hi\""), [4]);
    assert_eq!(found("mü"), [2, 1], "newest first, by scanning");
    assert_eq!(found("zoe hi"), [4]);
    assert_eq!(found("nothing"), [] as [u64; 0]);
    assert_eq!(found("  "), [] as [u64; 0]);
    let spans = &search::find(&store, "mühle", None, 9).unwrap()[0].spans;
    assert_eq!(spans, &[(4, 9)]);
    assert!(
        search::find(&store, "muller", Some(&conv(9)), 9)
            .unwrap()
            .is_empty()
    );
}

#[test]
fn coverage_tells_how_far_short_words_look() {
    let (_folder, store) = fresh();
    commit(&store, |tx| {
        for n in 1..=SCANNED + 10 {
            let words = if n <= 5 { "zq old" } else { "filler" };
            let row = MessageRow {
                unread: false,
                ..text(n, words)
            };
            message::write::insert(tx, &row)?;
        }
        Ok(())
    });
    let short = search::coverage(&store, "zq", None).unwrap();
    assert_eq!(
        (short.messages, short.since_ms, short.complete),
        (SCANNED, Some(1_011), false)
    );
    assert!(search::find(&store, "zq", None, 9).unwrap().is_empty());
    let long = search::coverage(&store, "zq old", None).unwrap();
    assert_eq!(
        (long.messages, long.since_ms, long.complete),
        (SCANNED + 10, Some(1_001), true)
    );
    assert_eq!(search::find(&store, "zq old", None, 9).unwrap().len(), 5);
}
