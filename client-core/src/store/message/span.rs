//! Links and mentions inside a text, found here so that no screen interprets a text by itself.

use std::ops::Range;

use chatty_protocol::{UserId, limits};
use linkify::{LinkFinder, LinkKind};

use crate::api::message::{Span, SpanKind};
use crate::store::{Db, StoreError, account, contact};

/// What the screen may make of a text, in its order, without overlap.
pub fn of(db: &dyn Db, text: &str, mentions: &[UserId]) -> Result<Vec<Span>, StoreError> {
    let mut people = Vec::new();
    if text.contains('@') {
        let own = account::get(db)?;
        for user in mentions {
            let known = contact::get(db, user)?;
            let own = own.as_ref().filter(|own| own.user == *user);
            let handle = own.map(|own| own.handle.clone());
            let names = known.map(|row| [row.handle, row.name]).unwrap_or_default();
            let names = [handle].into_iter().chain(names).flatten();
            people.extend(names.map(|name| (name, *user)));
        }
    }
    Ok(find(text, &people))
}

/// As [`of`], with the names under which each mentioned person is known.
pub fn find(text: &str, people: &[(String, UserId)]) -> Vec<Span> {
    let mut found = links(text);
    let people = mentions(text, people);
    let free = |range: &Range<usize>| {
        let apart = |link: &Found| link.0.end <= range.start || range.end <= link.0.start;
        found.iter().all(apart)
    };
    let people: Vec<Found> = people
        .into_iter()
        .filter(|(range, ..)| free(range))
        .collect();
    found.extend(people);
    found.sort_by_key(|(range, ..)| range.start);
    found.truncate(limits::SPANS);
    in_utf16(text, found)
}

/// Bytes, kind, target.
type Found = (Range<usize>, SpanKind, String);

fn links(text: &str) -> Vec<Found> {
    let mut finder = LinkFinder::new();
    finder.kinds(&[LinkKind::Url]);
    let mut found = Vec::new();
    let mut begin = 0;
    // A control that turns the order of what follows works to the end of its line.
    for line in text.split_inclusive('\n') {
        if !line.contains(turns) {
            for link in finder.links(line) {
                let range = begin + link.start()..begin + link.end();
                if is_plain(link.as_str()) && stands_alone(text, &range) {
                    found.push((range, SpanKind::Link, link.as_str().to_owned()));
                }
            }
        }
        begin += line.len();
    }
    found
}

/// An address of the web that says openly where it leads.
fn is_plain(link: &str) -> bool {
    let lower = link.to_ascii_lowercase();
    let rest = lower.strip_prefix("https://");
    let Some(rest) = rest.or_else(|| lower.strip_prefix("http://")) else {
        return false;
    };
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    // `https://bank.example@other.example` leads to the second one.
    !host.is_empty() && !host.contains('@') && !link.contains(hides)
}

/// Nothing invisible stands beside it that would make more, or less, look like the address.
fn stands_alone(text: &str, range: &Range<usize>) -> bool {
    let before = text
        .get(..range.start)
        .and_then(|part| part.chars().next_back());
    let after = text.get(range.end..).and_then(|part| part.chars().next());
    // Lines end beside an address all the time.
    let hidden = |c: char| hides(c) && !matches!(c, '\n' | '\r' | '\t');
    !before.is_some_and(hidden) && !after.is_some_and(hidden)
}

fn mentions(text: &str, people: &[(String, UserId)]) -> Vec<Found> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        let before = text.get(..at).and_then(|part| part.chars().next_back());
        if before.is_some_and(char::is_alphanumeric) {
            continue;
        }
        let rest = text.get(at + 1..).unwrap_or_default();
        let fits = |(name, _): &&(String, UserId)| is_named(rest, name);
        let longest = people
            .iter()
            .filter(fits)
            .max_by_key(|(name, _)| name.len());
        if let Some((name, user)) = longest {
            let range = at..at + 1 + name.len();
            found.push((range, SpanKind::Mention, user.to_string()));
        }
    }
    found
}

/// Whether the text begins with the whole name.
fn is_named(rest: &str, name: &str) -> bool {
    let Some((said, after)) = rest.split_at_checked(name.len()) else {
        return false;
    };
    let ends = |c: char| !c.is_alphanumeric() && c != '_';
    !name.is_empty()
        && !name.contains(hides)
        && said.eq_ignore_ascii_case(name)
        && after.chars().next().is_none_or(ends)
}

/// Explicit embeddings, overrides and isolates: they turn what they stand before.
fn turns(c: char) -> bool {
    matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Characters that are not seen, and those that change the order of what is seen.
pub fn hides(c: char) -> bool {
    c.is_control()
        || turns(c)
        || matches!(
            c,
            '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}'
                | '\u{180B}'..='\u{180F}'
                | '\u{200B}'..='\u{200F}'
                | '\u{2028}' | '\u{2029}'
                | '\u{2060}'..='\u{206F}'
                | '\u{3164}' | '\u{FEFF}' | '\u{FFA0}'
                | '\u{FE00}'..='\u{FE0F}'
                | '\u{FFF0}'..='\u{FFFB}'
                | '\u{1D173}'..='\u{1D17A}'
                | '\u{E0000}'..='\u{E0FFF}'
        )
}

/// Places as JavaScript counts them; `found` is in order.
fn in_utf16(text: &str, found: Vec<Found>) -> Vec<Span> {
    let (mut bytes, mut units) = (0, 0);
    let mut place = |to: usize| {
        units += text
            .get(bytes..to)
            .map_or(0, |part| part.encode_utf16().count() as u64);
        bytes = to;
        units
    };
    found
        .into_iter()
        .map(|(range, kind, target)| Span {
            start: place(range.start),
            end: place(range.end),
            kind,
            target,
        })
        .collect()
}
