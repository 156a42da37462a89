//! The vault: passphrases, the floor of its parameters, missing keys.

use chatty_core::vault::passphrase::{self, Vault};
use chatty_core::vault::{KeyStore, RootKey, VaultError, unlock};
use chatty_crypto::tx::Random;
use chatty_protocol::codec::{decode_exact, encode};

struct System;

impl Random for System {
    fn fill(&mut self, out: &mut [u8]) {
        getrandom::fill(out).unwrap();
    }
}

const WORDS: &str = "correct horse battery";

#[test]
fn a_passphrase_opens_what_it_closed_and_no_other_does() {
    let key = RootKey::generate(&mut System);
    let file = passphrase::wrap(&key, WORDS, &mut System).unwrap();
    assert!(passphrase::unwrap(&file, WORDS) == Ok(key.clone()));
    assert_eq!(
        passphrase::unwrap(&file, "correct horse").err(),
        Some(VaultError::Closed)
    );
    assert_eq!(
        passphrase::unwrap(&file, "").err(),
        Some(VaultError::Closed)
    );
    assert!(
        !file.windows(32).any(|bytes| bytes == key.expose()),
        "c10: the key in the clear"
    );
    assert_eq!(
        passphrase::wrap(&key, "short", &mut System),
        Err(VaultError::TooShort)
    );
}

#[test]
fn c10_weak_or_changed_headers_are_refused() {
    let key = RootKey::generate(&mut System);
    let file = passphrase::wrap(&key, WORDS, &mut System).unwrap();
    let vault: Vault = decode_exact(&file).unwrap();
    let opened = |change: &dyn Fn(&mut Vault)| {
        let mut changed = vault.clone();
        change(&mut changed);
        passphrase::unwrap(&encode(&changed), WORDS).err()
    };
    assert_eq!(
        opened(&|v| v.cost.kib = 64 * 1024 - 1),
        Some(VaultError::Weak)
    );
    assert_eq!(
        opened(&|v| v.cost.kib = u64::from(u32::MAX)),
        Some(VaultError::Weak)
    );
    assert_eq!(opened(&|v| v.cost.passes = 2), Some(VaultError::Weak));
    assert_eq!(opened(&|v| v.cost.lanes = 0), Some(VaultError::Weak));
    assert_eq!(opened(&|v| v.version = 2), Some(VaultError::TooNew));
    assert_eq!(
        opened(&|v| v.magic = "chatty-valut".into()),
        Some(VaultError::Damaged)
    );
    // Dearer parameters are allowed, but not other ones than those that closed it.
    assert_eq!(opened(&|v| v.cost.passes = 4), Some(VaultError::Closed));
    assert_eq!(opened(&|v| v.ct.0[0] ^= 1), Some(VaultError::Closed));
    assert_eq!(opened(&|v| v.nonce.0[0] ^= 1), Some(VaultError::Closed));
    for cut in 0..file.len() {
        assert_eq!(
            passphrase::unwrap(&file[..cut], WORDS).err(),
            Some(VaultError::Damaged)
        );
    }
}

struct Memory(Option<RootKey>);

impl KeyStore for Memory {
    fn open(&mut self) -> Result<Option<RootKey>, VaultError> {
        Ok(self.0.clone())
    }
    fn create(&mut self, key: &RootKey, _: &mut dyn Random) -> Result<(), VaultError> {
        self.0 = Some(key.clone());
        Ok(())
    }
}

#[test]
fn a_missing_key_beside_a_store_makes_no_new_one() {
    let mut keys = Memory(None);
    assert_eq!(
        unlock(&mut keys, true, &mut System).err(),
        Some(VaultError::Missing)
    );
    assert!(keys.0.is_none());
    let made = unlock(&mut keys, false, &mut System).unwrap();
    assert!(unlock(&mut keys, true, &mut System) == Ok(made.clone()));
    // One name, one use.
    assert_ne!(made.derive("database"), made.derive("cache"));
    assert_ne!(made.derive("database").unwrap(), *made.expose());
}
