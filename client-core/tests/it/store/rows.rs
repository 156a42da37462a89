//! Round trips of the small repositories.

use chatty_core::api::state::{ChatKind, ChatState, ContactState, DeviceClass, DeviceState};
use chatty_core::store::account::{self, AccountRow, SessionRow};
use chatty_core::store::contact::{self, BlockRow, ContactRow};
use chatty_core::store::conversation::{self, ConversationRow};
use chatty_core::store::device::{self as devices, DeviceRow};
use chatty_core::store::mark::{self, MarkRow, OwnMark};
use chatty_core::store::setting::{self, SettingRow};
use chatty_core::store::{Store, crypto, message, meta, range};
use chatty_crypto::changes::Changes;
use chatty_crypto::view::{Table, View};

use super::{commit, conv, device, fresh, msg, text, user};

pub fn account() -> AccountRow {
    AccountRow {
        relay: "https://chat.example.org".into(),
        user: user(1),
        handle: "ada".into(),
        email: Some("ada@example.org".into()),
        device: device(1),
        device_state: DeviceState::Approved,
        class: DeviceClass::Full,
        verified_email: false,
        recovery_confirmed: false,
        created_ms: 5,
    }
}

fn session() -> SessionRow {
    SessionRow {
        sid: "s".into(),
        access_token: String::from("a").into(),
        access_until_ms: 9,
        refresh_token: String::from("r").into(),
        scope: "device".into(),
    }
}

#[test]
fn account_and_session() {
    let (_folder, store) = fresh();
    assert_eq!(account::get(&store).unwrap(), None);
    commit(&store, |tx| account::put(tx, &account()));
    let changed = AccountRow {
        verified_email: true,
        ..account()
    };
    commit(&store, |tx| account::put(tx, &changed));
    assert_eq!(account::get(&store).unwrap(), Some(changed));
    assert!(account::session(&store).unwrap().is_none());
    commit(&store, |tx| account::set_session(tx, Some(&session())));
    assert!(account::session(&store).unwrap() == Some(session()));
    commit(&store, |tx| account::set_session(tx, None));
    assert!(account::session(&store).unwrap().is_none());
}

#[test]
fn erasing_a_home_leaves_nothing_but_its_generation() {
    let (_folder, store) = fresh();
    commit(&store, |tx| {
        account::put(tx, &account())?;
        message::write::insert(tx, &text(1, "to be erased"))?;
        range::add(tx, &conv(1), 1, 1)?;
        meta::set_blob(tx, "x", Some(b"y"))
    });
    commit(&store, account::erase_home);
    assert_eq!(account::get(&store).unwrap(), None);
    assert_eq!(message::by_seq(&store, &conv(1), 1).unwrap(), None);
    assert_eq!(meta::blob(&store, "x").unwrap(), None);
    commit(&store, |tx| account::put(tx, &account()));
}

#[test]
fn conversations() {
    let (_folder, store) = fresh();
    let mut direct = ConversationRow::new(conv(1), ChatKind::Direct, 10);
    direct.peer = Some(user(2));
    direct.title = "Bo".into();
    direct.stream_head = 7;
    let mut request = ConversationRow::new(conv(2), ChatKind::Group, 20);
    request.state = ChatState::Request;
    request.inviter = Some(user(3));
    request.reason = Some("r".into());
    commit(&store, |tx| conversation::put(tx, &direct));
    commit(&store, |tx| conversation::put(tx, &request));
    assert_eq!(
        conversation::get(&store, &conv(1)).unwrap(),
        Some(direct.clone())
    );
    assert_eq!(
        conversation::direct_with(&store, &user(2)).unwrap(),
        Some(direct.clone())
    );
    let newest = conversation::all_newest_first(&store).unwrap();
    assert_eq!(newest, [request.clone(), direct.clone()]);
    assert_eq!(conversation::newest(&store, 1).unwrap(), [request.clone()]);
    let requests = conversation::in_state(&store, ChatState::Request).unwrap();
    assert_eq!(requests, [request]);
    assert!(commit(&store, |tx| conversation::update(
        tx,
        &conv(2),
        |row| row.hidden = true
    )));
    assert!(
        conversation::in_state(&store, ChatState::Request)
            .unwrap()
            .is_empty()
    );
    commit(&store, |tx| conversation::remove(tx, &conv(1)));
    assert_eq!(conversation::get(&store, &conv(1)).unwrap(), None);
}

#[test]
fn contacts_and_blocks() {
    let (_folder, store) = fresh();
    let mut ada = ContactRow::new(user(2), 5);
    ada.handle = Some("ada".into());
    ada.state = ContactState::Verified;
    ada.profile_device = Some(device(4));
    commit(&store, |tx| contact::put(tx, &ada));
    assert_eq!(contact::get(&store, &user(2)).unwrap(), Some(ada.clone()));
    assert_eq!(contact::with_handle(&store, "ada").unwrap(), [ada.clone()]);
    assert_eq!(contact::everybody(&store).unwrap(), [ada]);
    let block = BlockRow {
        user: user(2),
        blocked: true,
        told: false,
        at_ms: 1,
    };
    commit(&store, |tx| contact::set_block(tx, &block));
    assert!(contact::is_blocked(&store, &user(2)).unwrap());
    assert_eq!(contact::blocks_to_tell(&store).unwrap(), [block]);
    let undone = BlockRow {
        blocked: false,
        ..block
    };
    commit(&store, |tx| contact::set_block(tx, &undone));
    assert!(!contact::is_blocked(&store, &user(2)).unwrap());
    assert_eq!(contact::blocks_to_tell(&store).unwrap(), [undone]);
    commit(&store, |tx| {
        contact::set_block(
            tx,
            &BlockRow {
                told: true,
                ..undone
            },
        )
    });
    assert!(contact::blocks_to_tell(&store).unwrap().is_empty());
    assert!(contact::blocked(&store).unwrap().is_empty());
}

#[test]
fn devices_and_settings() {
    let (_folder, store) = fresh();
    let row = DeviceRow {
        device: device(1),
        name: "laptop".into(),
        platform: "linux".into(),
        class: DeviceClass::Limited,
        state: DeviceState::Waiting,
        created_ms: 1,
        last_seen_ms: 2,
    };
    commit(&store, |tx| devices::put(tx, &row));
    assert_eq!(devices::list(&store).unwrap(), std::slice::from_ref(&row));
    assert!(
        devices::get(&store, &device(1))
            .unwrap()
            .unwrap()
            .view(&device(1))
            .current
    );
    commit(&store, |tx| devices::remove(tx, &device(1)));
    assert_eq!(devices::get(&store, &device(1)).unwrap(), None);

    let set = |rev, by, value: u8| SettingRow {
        name: "device/x".into(),
        value: vec![value],
        rev,
        device: device(by),
    };
    assert!(commit(&store, |tx| setting::merge(tx, &set(2, 1, 1))));
    assert!(!commit(&store, |tx| setting::merge(tx, &set(1, 9, 2))));
    assert!(commit(&store, |tx| setting::merge(tx, &set(2, 2, 3))));
    assert!(!commit(&store, |tx| setting::merge(tx, &set(2, 1, 4))));
    assert_eq!(
        setting::get(&store, "device/x").unwrap(),
        Some(set(2, 2, 3))
    );
    assert_eq!(setting::everything(&store).unwrap().len(), 1);
}

#[test]
fn receipts() {
    let (_folder, store) = fresh();
    let theirs = MarkRow {
        conv: conv(1),
        device: device(2),
        user: user(2),
        time_ms: 5,
        delivered: Some((9, device(1), msg(9))),
        read: None,
        missing: vec![3, 4],
        frame: Some(vec![1]),
    };
    commit(&store, |tx| mark::put(tx, &theirs));
    assert_eq!(mark::of_conversation(&store, &conv(1)).unwrap(), [theirs]);
    assert_eq!(mark::unread(&store).unwrap(), [conv(1)]);
    let own = OwnMark {
        conv: conv(1),
        delivered: None,
        read: Some((4, device(2), msg(4))),
        owed: true,
        last_sent_ms: 0,
    };
    commit(&store, |tx| mark::set_own(tx, &own));
    assert_eq!(mark::own(&store, &conv(1)).unwrap(), Some(own.clone()));
    assert_eq!(mark::owed(&store).unwrap(), std::slice::from_ref(&own));
    commit(&store, |tx| {
        mark::set_own(tx, &OwnMark { owed: false, ..own })
    });
    assert!(mark::owed(&store).unwrap().is_empty());
}

#[test]
fn numbers_and_blobs() {
    let (_folder, store) = fresh();
    assert_eq!(meta::number(&store, "n").unwrap(), None);
    commit(&store, |tx| meta::set_number(tx, "n", (1 << 53) - 1));
    assert_eq!(meta::number(&store, "n").unwrap(), Some((1 << 53) - 1));
    commit(&store, |tx| meta::set_blob(tx, "b", Some(&[0, 255])));
    assert_eq!(meta::blob(&store, "b").unwrap(), Some(vec![0, 255]));
    commit(&store, |tx| meta::set_blob(tx, "b/2", Some(&[2])));
    commit(&store, |tx| meta::set_blob(tx, "b/1", Some(&[1])));
    assert_eq!(meta::names(&store, "b/").unwrap(), ["b/1", "b/2"]);
    commit(&store, |tx| meta::set_blob(tx, "b", None));
    assert_eq!(meta::blob(&store, "b").unwrap(), None);
}

#[test]
fn rows_of_the_crypto_crate_are_scanned_by_prefix_in_order() {
    let (_folder, store) = fresh();
    let mut changes = Changes::default();
    let keys: [&[u8]; 6] = [b"a", b"ab", b"abc", b"b", &[0xff], &[0xff, 0xff, 1]];
    for key in keys {
        changes.put(Table::Chain, key.to_vec(), key.to_vec());
    }
    changes.put(Table::Own, b"ab".to_vec(), b"other table".to_vec());
    commit(&store, |tx| crypto::apply(tx, &changes));
    let scan = |store: &Store, prefix: &[u8]| {
        let rows = store.scan(Table::Chain, prefix).unwrap();
        rows.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
    };
    assert_eq!(scan(&store, b"ab"), [b"ab".to_vec(), b"abc".to_vec()]);
    assert_eq!(scan(&store, b"").len(), 6);
    assert_eq!(scan(&store, &[0xff]).len(), 2);
    assert_eq!(
        store.get(Table::Own, b"ab").unwrap(),
        Some(b"other table".to_vec())
    );
    let mut changes = Changes::default();
    changes.delete(Table::Chain, b"ab".to_vec());
    changes.put(Table::Chain, b"a".to_vec(), vec![]);
    commit(&store, |tx| crypto::apply(tx, &changes));
    assert_eq!(store.get(Table::Chain, b"ab").unwrap(), None);
    assert_eq!(store.get(Table::Chain, b"a").unwrap(), Some(vec![]));
}
