//! `docs/protocol.md` lists the routes that the relay has: its table is made from the route list
//! (`CHATTY_UPDATE=1` writes it anew).

use std::fmt::Write;

use chatty_relay::http::route::{Access, Route};
use utoipa::openapi::path::HttpMethod;

const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/protocol.md");
const OPEN: &str = "<!-- made: routes -->\n";
const CLOSE: &str = "<!-- end: routes -->";

fn row(route: &Route) -> String {
    let method = match route.method {
        HttpMethod::Get => "GET",
        HttpMethod::Post => "POST",
        HttpMethod::Put => "PUT",
        HttpMethod::Delete => "DELETE",
        _ => panic!("a method that the document has no word for"),
    };
    let query = match route.query {
        [] => String::new(),
        names => format!("?{}", names.join("&")),
    };
    let who = match route.access {
        Access::Anyone => "anyone",
        Access::Session => "session",
        Access::Device => "device",
        Access::Verified => "verified",
    };
    let body =
        |name: &Option<String>| name.as_ref().map_or("–".into(), |name| format!("`{name}`"));
    let answers = route.answers.iter().map(|(status, name)| match name {
        Some(name) => format!("{status} `{name}`"),
        None => status.to_string(),
    });
    let answers: Vec<String> = answers.collect();
    let mut codes: Vec<&str> = route.refusals.iter().map(|code| code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    format!(
        "| `{method} {}{query}` | {who} | {} | {} | {} | {} |",
        route.path,
        route.summary,
        body(&route.request),
        answers.join(", "),
        codes.join(", ")
    )
}

#[test]
fn the_document_lists_every_route() {
    let mut made = "| call | who | does | body | answers | own refusals |\n".to_owned();
    made.push_str("|---|---|---|---|---|---|\n");
    for route in chatty_relay::http::routes::v1() {
        writeln!(made, "{}", row(&route)).unwrap();
    }
    let text = std::fs::read_to_string(FILE).unwrap();
    let start = text.find(OPEN).unwrap() + OPEN.len();
    let end = start + text[start..].find(CLOSE).unwrap();
    if std::env::var_os("CHATTY_UPDATE").is_some() {
        let text = format!("{}{made}{}", &text[..start], &text[end..]);
        std::fs::write(FILE, text).unwrap();
        return;
    }
    assert_eq!(
        &text[start..end],
        made,
        "docs/protocol.md has another route list: run this test with CHATTY_UPDATE=1"
    );
}
