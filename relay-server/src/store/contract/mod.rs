//! What every backend must do, as tests over the traits (ARCHITECTURE.md §5). A new backend adds one
//! `suites!` line.

mod account;
mod conversation;
mod deletion;
mod device;
mod inbox;
mod job;
mod link;
mod model;
mod prekey;
mod purge;
mod race;
mod sample;
mod session;
mod stream;

/// Runs every case against stores made by `$make` (an expression that gives a [`TestStore`]).
macro_rules! suites {
    ($backend:ident, $make:expr, $($suite:ident: $($case:ident)*;)*) => {
        mod $backend {
            $(mod $suite {
                $(#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                async fn $case() {
                    let place = $make;
                    crate::store::contract::$suite::$case(place.store.as_ref()).await;
                })*
            })*
        }
    };
}

suites!(sqlite, crate::store::contract::sample::sqlite(),
    stream:
        first_entry_creates_the_stream
        rows_read_back_both_ways
        repeats_get_the_first_answer
        another_message_under_a_known_number_is_cloned
        numbers_may_skip_but_never_fall
        a_moved_stream_takes_nothing
        groups_do_not_touch_each_other
        an_entry_number_is_taken_once
        marks_are_replaced
        recent_names_what_was_appended_to
        calls_out_of_bounds_are_refused;
    race:
        writers_of_one_stream_leave_no_hole
        repeats_at_once_are_stored_once
        one_creator_of_a_conversation_wins;
    model:
        appends_agree_with_a_model;
    purge:
        timers_empty_rows_and_keep_their_place
        old_rows_go_and_entries_stay
        an_empty_stream_keeps_its_head;
    conversation:
        stays_open_and_close
        relations_follow_membership
        hidden_requests_come_back_with_joining
        conversations_are_paged;
    inbox:
        items_wait_until_acknowledged
        a_place_is_never_given_again
        repeats_are_stored_once
        a_pair_has_a_quota
        a_quarter_is_kept_for_own_devices
        an_inbox_has_a_most
        expired_items_are_left_out
        unknown_and_revoked_devices_take_nothing;
    prekey:
        a18_each_key_is_claimed_once
        a18_the_same_claim_gets_the_same_key
        a18_a_claimed_key_never_returns
        a17_a_ticket_gives_the_fallback_only
        fallback_keys_replace_each_other
        fallback_keys_come_at_most_once_a_day
        key_ids_are_not_reused;
    device:
        entries_follow_each_other
        one_writer_of_a_number_wins
        revoking_takes_keys_and_sessions
        recover_opens_a_branch
        devices_are_listed;
    account:
        sign_up_is_whole_and_repeatable
        one_sign_up_wins_a_handle
        d6_a_known_address_is_no_obstacle
        codes_have_few_tries
        d7_a_reset_token_works_once
        waits_keep_their_first_time
        budgets_never_overdraw
        d5_unverified_accounts_expire
        a_new_identity_takes_over
        blocks_are_directed;
    deletion:
        a_close_entry_starts_the_deletion
        deletion_goes_on_after_a_crash;
    session:
        d2_one_refresh_wins
        d2_reuse_kills_the_family
        d2_a_proof_repeats_within_its_time
        revoked_families_stay_dead;
    link:
        mailboxes_hold_few_frames
        few_devices_may_wait;
    job:
        jobs_are_leased_one_by_one
        dead_after_twenty_tries
        first_values_win;
);
