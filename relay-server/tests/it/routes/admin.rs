//! `chatty-relay admin` and `doctor`, beside a running relay and without one.

use chatty_relay::config::Config;
use chatty_relay::ops::doctor::Depth;
use chatty_relay::ops::{admin, doctor};
use chatty_relay::{Deps, build};

use crate::kit::TestRelay;

#[tokio::test]
async fn a_backup_of_a_running_relay_starts_only_after_restored() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let data = relay.app.config.data.clone();
    let before = relay.app.store.incarnation();
    let folder = tempfile::tempdir().unwrap();
    let copy = folder.path().join("relay.db");
    admin::backup(&data, &copy).await.unwrap();
    assert!(
        admin::backup(&data, &copy).await.is_err(),
        "a copy is never written over"
    );
    let start = || build(Config::for_tests(folder.path()), Deps::default());
    assert!(start().await.is_err());
    admin::restored(folder.path()).await.unwrap();
    let restored = start().await.unwrap();
    assert_ne!(restored.app.store.incarnation(), before);
    let anna = restored
        .app
        .store
        .by_handle("anna".to_owned())
        .await
        .unwrap();
    assert!(anna.is_some());
    restored.shutdown().await;
}

#[tokio::test]
async fn stats_and_forecast_count_without_naming() {
    let relay = TestRelay::start().await;
    relay.sign_up("anna").await;
    let data = &relay.app.config.data;
    let stats = admin::stats(data).await.unwrap();
    assert!(stats.contains("accounts       1\n"), "{stats}");
    assert!(stats.contains("devices        1\n"), "{stats}");
    assert!(!stats.contains("anna"));
    let forecast = admin::forecast(data, 365).await.unwrap();
    assert!(forecast.contains("disk free"), "{forecast}");
    assert!(admin::stats(&data.join("nowhere")).await.is_err());
}

#[tokio::test]
async fn doctor_names_what_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(folder.path());
    let report = doctor::examine(&config, Depth::Deployment).await;
    assert!(report.is_sound(), "{report}");
    config.listen.address = ([0, 0, 0, 0], 8420).into();
    std::fs::write(
        folder.path().join("relay.db"),
        b"this is no database at all",
    )
    .unwrap();
    let report = doctor::examine(&config, Depth::Deployment)
        .await
        .to_string();
    assert!(report.contains("FAULT origin"), "{report}");
    assert!(report.contains("--origin https://"), "{report}");
    assert!(report.contains("FAULT database"), "{report}");
}

#[tokio::test]
async fn a_relay_stops_and_starts_with_its_accounts_and_sessions() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::for_tests(folder.path());
    let first = build(config.clone(), Deps::default()).await.unwrap();
    // The origin is part of every token, so the second one takes the same port.
    config.listen.address = first.addr;
    let tokens = first.app.tokens.access(
        crate::kit::Person::new("anna").user,
        [1; 16],
        None,
        first.app.now_ms(),
    );
    let token = tokens.unwrap();
    first.shutdown().await;
    let second = build(config, Deps::default()).await.unwrap();
    assert!(
        second
            .app
            .tokens
            .verify(&token, second.app.now_ms())
            .is_ok()
    );
    second.shutdown().await;
}
