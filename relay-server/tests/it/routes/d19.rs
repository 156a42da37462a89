//! D19: a flood of log-ins waits in a short line and never holds up the rest.

use std::time::Instant;

use chatty_protocol::ErrorCode;
use futures::future::join_all;

use crate::kit::TestRelay;
use crate::kit::direct::log_in;

#[tokio::test]
async fn d19_a_full_line_of_hashes_answers_429_and_other_calls_go_on() {
    let relay = TestRelay::start_with(|config| {
        config.limits.hash_concurrency = 1;
        config.limits.hash_queue = 4;
    })
    .await;
    let anna = relay.sign_up("anna").await;
    let before = relay.app.hasher.computed();
    let names: Vec<_> = (0..40).map(|n| format!("nobody_{n}")).collect();
    let flood = join_all(
        names
            .iter()
            .map(|name| log_in(&relay, name, "a password", None)),
    );
    let begun = Instant::now();
    let reads = async {
        let mut slowest = std::time::Duration::ZERO;
        for _ in 0..20 {
            let begun = Instant::now();
            assert_eq!(relay.get(anna.first(), "/account").await.status, 200);
            slowest = slowest.max(begun.elapsed());
        }
        slowest
    };
    let (answers, slowest) = futures::join!(flood, reads);
    println!(
        "d19: flood of 40 took {:?}, slowest read beside it {slowest:?}",
        begun.elapsed()
    );
    let mut refused = 0;
    for answer in &answers {
        let error = answer.error();
        match error.code {
            ErrorCode::Unauthorised => {}
            ErrorCode::RateLimited => {
                assert!(error.retry_after_ms.is_some());
                refused += 1;
            }
            other => panic!("{other}"),
        }
    }
    assert!(refused >= 40 - 10, "only {refused} of 40 were turned away");
    let computed = relay.app.hasher.computed() - before;
    assert_eq!(computed, 40 - refused);
}
