//! Links and mentions in texts, honest ones and others.

use chatty_core::api::message::{Span, SpanKind};
use chatty_core::store::message::span::{find, hides};
use chatty_protocol::{UserId, limits};
use proptest::prelude::*;

fn bob() -> UserId {
    UserId::from_rest([2; 32])
}

fn people() -> Vec<(String, UserId)> {
    let names = [("bob", 2), ("Bob Marley", 2), ("bobby", 3), ("Ünal", 4)];
    let user = |n| UserId::from_rest([n; 32]);
    names.map(|(name, n)| (name.to_owned(), user(n))).to_vec()
}

/// What a span covers, cut as JavaScript would.
fn cut(text: &str, span: &Span) -> String {
    let units: Vec<u16> = text.encode_utf16().collect();
    String::from_utf16(&units[span.start as usize..span.end as usize]).unwrap()
}

fn covered(text: &str) -> Vec<String> {
    let spans = find(text, &people());
    spans.iter().map(|span| cut(text, span)).collect()
}

#[test]
fn addresses_of_the_web_are_links() {
    for (text, wanted) in [
        (
            "see https://a.example/x?y=1#z.",
            "https://a.example/x?y=1#z",
        ),
        ("👍🏽 HTTP://A.EXAMPLE, ok", "HTTP://A.EXAMPLE"),
        ("(https://a.example/(b))", "https://a.example/(b)"),
        (
            "zu https://straße.example/ä\nund",
            "https://straße.example/ä",
        ),
        ("مرحبا https://a.example", "https://a.example"),
    ] {
        let spans = find(text, &[]);
        assert_eq!(spans.len(), 1, "{text}");
        assert_eq!(spans[0].target, wanted, "{text}");
        assert_eq!(cut(text, &spans[0]), wanted, "{text}");
        assert_eq!(spans[0].kind, SpanKind::Link);
    }
}

#[test]
fn nothing_else_is_a_link() {
    for text in [
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://a.example file:///etc/passwd mailto:a@b.example a@b.example",
        "a.example www.a.example",
        "http:// https://",
        "https://bank.example@evil.example/",
        "https://a.example/\u{202E}gpj.exe",
        "\u{202E}https://a.example",
        "\u{2067}x https://a.example\u{2069}",
        "https://a.exam\u{200B}ple",
        "https://a.example\u{200B}/b",
        "\u{2060}https://a.example",
        "https://a.example/\u{AD}b",
        "https://a.example/\u{E0041}",
    ] {
        assert_eq!(covered(text), [""; 0], "{text:?}");
    }
    // A trick in one line does not take the links of another.
    let text = "\u{202E}https://a.example\nhttps://b.example";
    assert_eq!(covered(text), ["https://b.example"]);
}

#[test]
fn people_who_are_named_are_found_by_handle_and_name() {
    assert_eq!(covered("@bob and @BOB, @bob."), ["@bob", "@BOB", "@bob"]);
    assert_eq!(covered("hi @Bob Marley!"), ["@Bob Marley"]);
    assert_eq!(covered("@bobby @Ünal"), ["@bobby", "@Ünal"]);
    assert_eq!(covered("@bobb me@bob @carl @"), [""; 0]);
    assert_eq!(
        covered("https://x.example/@bob"),
        ["https://x.example/@bob"]
    );
    let spans = find("😀 @bob", &people());
    assert_eq!((spans[0].start, spans[0].end), (3, 7));
    assert_eq!(spans[0].kind, SpanKind::Mention);
    assert_eq!(spans[0].target, bob().to_string());
    assert!(find("@bob", &[]).is_empty(), "nobody was named");
}

#[test]
fn a_text_full_of_links_has_as_many_as_the_protocol_allows() {
    let text = "http://a.bc ".repeat(limits::TEXT_BYTES / 12);
    assert_eq!(find(&text, &[]).len(), limits::SPANS);
}

fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        Just("https://a.example/".to_owned()),
        Just("http://".to_owned()),
        Just("HTTPS://ß.example".to_owned()),
        Just("@bob".to_owned()),
        Just("@Bob Marley".to_owned()),
        Just("javascript:".to_owned()),
        Just("😀👩‍👩‍👧".to_owned()),
        Just(" ".to_owned()),
        Just("\n".to_owned()),
        Just("@".to_owned()),
        prop::sample::select(vec![
            "\u{202E}",
            "\u{202C}",
            "\u{2066}",
            "\u{2069}",
            "\u{200B}",
            "\u{200F}",
            "\u{FEFF}",
            "\u{AD}",
            "\u{E0041}",
            "\u{0}",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
        "\\PC{0,6}",
    ]
}

proptest! {
    #[test]
    fn spans_lie_inside_the_text_in_order_and_show_what_they_lead_to(
        pieces in prop::collection::vec(piece(), 0..24)
    ) {
        let text = pieces.concat();
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut end = 0;
        for span in find(&text, &people()) {
            prop_assert!(end <= span.start && span.start < span.end);
            prop_assert!(span.end <= units.len() as u64);
            end = span.end;
            let part = String::from_utf16(&units[span.start as usize..span.end as usize]);
            let part = part.expect("on borders of characters");
            prop_assert!(!part.contains(hides), "{part:?}");
            match span.kind {
                SpanKind::Link => {
                    prop_assert_eq!(&part, &span.target);
                    let lower = part.to_ascii_lowercase();
                    let web = lower.starts_with("http://") || lower.starts_with("https://");
                    prop_assert!(web, "{part:?}");
                }
                SpanKind::Mention => {
                    prop_assert!(part.starts_with('@'));
                    let named = people().iter().any(|(name, user)| {
                        part[1..].eq_ignore_ascii_case(name) && user.to_string() == span.target
                    });
                    prop_assert!(named, "{part:?}");
                }
            }
        }
    }
}
