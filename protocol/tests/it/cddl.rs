//! `docs/protocol.cddl` describes the bytes that the Rust types really make.

use crate::snapshots::all_examples;

const CDDL: &str = include_str!("../../../docs/protocol.cddl");

/// The grammar with `rule` as its root.
fn rooted(rule: &str) -> String {
    let (_, rules) = CDDL.split_once("; --- building blocks").unwrap();
    format!("start = {rule}\n; {rules}")
}

#[test]
fn every_snapshot_fits_its_rule_and_no_stranger_does() {
    for (group, rows) in all_examples() {
        let rule = match group {
            "client frame" => "client-frame",
            "server frame" => "server-frame",
            "device log" => "dentry",
            "conversation log" => "centry",
            _ => "cert / signed-any / statement / login-proof",
        };
        let grammar = rooted(rule);
        for (name, bytes) in rows {
            let fits = cddl_cat::validate_cbor_bytes("start", &grammar, &bytes);
            assert!(fits.is_ok(), "{group} / {name}: {fits:?}");
        }
        let stranger = [0x82, 0x18, 0x63, 0x00];
        assert!(
            cddl_cat::validate_cbor_bytes("start", &grammar, &stranger).is_err(),
            "{group}"
        );
    }
}
