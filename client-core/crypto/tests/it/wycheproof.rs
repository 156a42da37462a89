//! Project Wycheproof's vectors on the AEAD that titles, wraps and vaults are sealed with (A13).

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use wycheproof::TestResult;
use wycheproof::aead::{TestName, TestSet};

#[test]
fn a13_xchacha20_poly1305() {
    let set = TestSet::load(TestName::XChaCha20Poly1305).unwrap();
    let mut judged = 0;
    for group in set.test_groups {
        for test in group.tests {
            let key: [u8; 32] = test.key.as_ref().try_into().unwrap();
            let valid = test.result == TestResult::Valid;
            let Ok(nonce) = <[u8; 24]>::try_from(test.nonce.as_ref()) else {
                assert!(!valid, "{}: a nonce of another size", test.tc_id);
                continue;
            };
            let sealed = [test.ct.as_ref(), test.tag.as_ref()].concat();
            let payload = Payload {
                msg: &sealed,
                aad: &test.aad,
            };
            let opened = XChaCha20Poly1305::new(&key.into()).decrypt(&XNonce::from(nonce), payload);
            assert_eq!(opened.is_ok(), valid, "{}: {}", test.tc_id, test.comment);
            if let Ok(plain) = opened {
                assert_eq!(plain, test.pt.as_ref(), "{}", test.tc_id);
            }
            judged += 1;
        }
    }
    assert!(judged > 100, "{judged} vectors");
}
