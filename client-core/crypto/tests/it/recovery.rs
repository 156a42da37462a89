//! The recovery key: text form, derived keys, passphrase wrap.

use chatty_crypto::recovery::{
    KeyName, RecoverySecret, RecoveryTextError, WrapError, WrappedSecret, open_wrap, wrap,
};
use chatty_protocol::UserId;
use chatty_protocol::codec::Fixed;
use proptest::prelude::*;

use crate::kit::Dice;

fn user(n: u8) -> UserId {
    UserId::of_aik(&Fixed([n; 32]))
}

proptest! {
    #[test]
    fn text_reads_back_however_it_is_typed(bytes in any::<[u8; 20]>(), spaces in any::<bool>()) {
        let secret = RecoverySecret::from_bytes(bytes);
        let text = secret.to_text();
        prop_assert_eq!(text.len(), 8 * 5 + 7);
        let typed = if spaces {
            format!("  {} ", text.replace('-', " ").to_lowercase())
        } else {
            text.replace('-', "").replace('0', "o").replace('1', "l")
        };
        let read = RecoverySecret::from_text(&typed).unwrap();
        prop_assert_eq!(read.as_bytes(), &bytes);
    }

    /// One wrong symbol, or two neighbours exchanged, is always noticed and its group named.
    #[test]
    fn a_typing_mistake_is_found_in_its_group(
        bytes in any::<[u8; 20]>(),
        place in 0usize..40,
        other in 1usize..32,
    ) {
        let alphabet = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
        let text = RecoverySecret::from_bytes(bytes).to_text().replace('-', "");
        let mut typed = text.clone().into_bytes();
        let known = alphabet.iter().position(|symbol| *symbol == typed[place]).unwrap();
        typed[place] = alphabet[(known + other) % 32];
        let wrong = RecoverySecret::from_text(std::str::from_utf8(&typed).unwrap()).err();
        prop_assert_eq!(wrong, Some(RecoveryTextError::Check { group: place / 5 + 1 }));
        let mut typed = text.into_bytes();
        let next = if place % 5 == 4 { place - 1 } else { place + 1 };
        if typed[place] != typed[next] {
            typed.swap(place, next);
            let wrong = RecoverySecret::from_text(std::str::from_utf8(&typed).unwrap()).err();
            prop_assert_eq!(wrong, Some(RecoveryTextError::Check { group: place / 5 + 1 }));
        }
    }

    #[test]
    fn whole_groups_exchanged_are_found(bytes in any::<[u8; 20]>(), a in 0usize..8, b in 0usize..8) {
        prop_assume!(a != b);
        let text = RecoverySecret::from_bytes(bytes).to_text();
        let mut groups: Vec<&str> = text.split('-').collect();
        groups.swap(a, b);
        prop_assert!(RecoverySecret::from_text(&groups.join("-")).is_err());
    }
}

#[test]
fn what_is_missing_or_strange_is_named() {
    let text = RecoverySecret::from_bytes([9; 20]).to_text();
    let error = |typed: &str| RecoverySecret::from_text(typed).err();
    assert_eq!(error(""), Some(RecoveryTextError::Length { found: 0 }));
    assert_eq!(
        error(&text[..11]),
        Some(RecoveryTextError::Length { found: 10 })
    );
    let long = format!("{}-00000", text.as_str());
    assert!(error(&long).is_some());
    let strange = text.replacen('-', "-u", 1);
    assert_eq!(
        error(&strange),
        Some(RecoveryTextError::Symbol { group: 2 })
    );
}

#[test]
fn b1_every_derived_key_is_another_one() {
    let secret = RecoverySecret::from_bytes([1; 20]);
    let mut keys = std::collections::BTreeSet::new();
    keys.insert(*secret.aik().to_bytes());
    for name in [KeyName::Vault, KeyName::Record, KeyName::Index] {
        for of in [user(1), user(2)] {
            for version in [1, 2] {
                keys.insert(*secret.key(name, &of, version));
            }
        }
    }
    assert_eq!(keys.len(), 13);
    assert_ne!(
        secret.aik().to_bytes(),
        RecoverySecret::from_bytes([2; 20]).aik().to_bytes()
    );
}

#[test]
fn a_wrap_opens_with_its_passphrase_user_and_bytes_only() {
    let secret = RecoverySecret::from_bytes([3; 20]);
    let wrapped = wrap(&secret, &user(1), 1, "correct horse", &mut Dice(1)).unwrap();
    let read = WrappedSecret::from_bytes(&wrapped.to_bytes()).unwrap();
    assert_eq!(read, wrapped);
    let opened = open_wrap(&read, &user(1), "correct horse").unwrap();
    assert_eq!(opened.as_bytes(), secret.as_bytes());
    let closed = |wrapped: &WrappedSecret, of, phrase| open_wrap(wrapped, &of, phrase).err();
    assert_eq!(
        closed(&wrapped, user(1), "correct hors"),
        Some(WrapError::Closed)
    );
    assert_eq!(
        closed(&wrapped, user(2), "correct horse"),
        Some(WrapError::Closed)
    );
    let mut changed = wrapped.clone();
    changed.version = 2;
    assert_eq!(
        closed(&changed, user(1), "correct horse"),
        Some(WrapError::Closed)
    );
    let mut changed = wrapped.clone();
    changed.ct.0[0] ^= 1;
    assert_eq!(
        closed(&changed, user(1), "correct horse"),
        Some(WrapError::Closed)
    );
}

#[test]
fn a_cheap_or_monstrous_wrap_is_refused_unopened() {
    let secret = RecoverySecret::from_bytes([4; 20]);
    let wrapped = wrap(&secret, &user(1), 1, "phrase", &mut Dice(1)).unwrap();
    let changes: [fn(&mut WrappedSecret); 5] = [
        |wrapped| wrapped.parameters.kib -= 1,
        |wrapped| wrapped.parameters.passes -= 1,
        |wrapped| wrapped.parameters.lanes = 0,
        |wrapped| wrapped.parameters.kib = u64::from(u32::MAX) * 2,
        |wrapped| wrapped.parameters.passes = 1_000_000,
    ];
    for change in changes {
        let mut changed = wrapped.clone();
        change(&mut changed);
        assert_eq!(
            open_wrap(&changed, &user(1), "phrase").err(),
            Some(WrapError::Parameters)
        );
    }
}
