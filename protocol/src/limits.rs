//! Every number of protocol.md §21. The relay enforces them and clients show the same ones.

/// Milliseconds in a second; times on the wire are Unix milliseconds.
pub const SECOND_MS: u64 = 1_000;
/// Milliseconds in a minute.
pub const MINUTE_MS: u64 = 60 * SECOND_MS;
/// Milliseconds in an hour.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// Milliseconds in a day.
pub const DAY_MS: u64 = 24 * HOUR_MS;

/// Largest integer: every JSON and JavaScript reader can hold it.
pub const UINT_MAX: u64 = (1 << 53) - 1;
/// Deepest nesting of arrays and maps, the outermost included.
pub const CBOR_DEPTH: usize = 8;

/// Live devices of one account.
pub const DEVICES_LIVE: usize = 20;
/// Devices of one account that wait for approval.
pub const DEVICES_PENDING: usize = 3;
/// A device that waits for approval is forgotten after this time.
pub const DEVICE_PENDING_MS: u64 = DAY_MS;
/// Life of a limited device without renewal.
pub const LIMITED_DEVICE_MS: u64 = 30 * DAY_MS;
/// Grace after a device's expiry, because clocks differ.
pub const EXPIRY_GRACE_MS: u64 = DAY_MS;
/// Age that a device added by op 1 must have before it may add others (B9).
pub const SIGNER_MIN_AGE_MS: u64 = DAY_MS;

/// UTF-8 bytes of one text message; longer goes as a file.
pub const TEXT_BYTES: usize = 64 * 1024;
/// UTF-8 bytes of a conversation title.
pub const TITLE_BYTES: usize = 128;
/// UTF-8 bytes of a conversation's description.
pub const ABOUT_BYTES: usize = 1024;
/// Characters of a device or display name.
pub const NAME_CHARS: usize = 64;
/// UTF-8 bytes of the fallback text of an unknown content type.
pub const FALLBACK_TEXT_BYTES: usize = 1024;
/// Formatted stretches of one text.
pub const SPANS: usize = 1_000;
/// UTF-8 bytes of a reaction: one emoji sequence.
pub const REACTION_BYTES: usize = 64;
/// Conversations of one user.
pub const CONVERSATIONS_PER_USER: usize = 10_000;
/// Messages waiting in one device's outbox.
pub const OUTBOX: usize = 10_000;
/// Different reactions that are shown on one message.
pub const REACTIONS_SHOWN: usize = 50;
/// Edits of one message.
pub const EDITS_PER_MESSAGE: usize = 100;
/// Characters of a search query.
pub const SEARCH_QUERY_CHARS: usize = 256;
/// Longest disappearing timer, seconds.
pub const EXPIRES_MAX_S: u64 = 365 * 24 * 3600;

/// Sign-ups per address range and hour.
pub const SIGN_UPS_PER_RANGE_HOUR: u32 = 5;
/// Log-ins per account in 15 minutes.
pub const LOG_INS_PER_ACCOUNT: u32 = 10;
/// Window of [`LOG_INS_PER_ACCOUNT`].
pub const LOG_IN_WINDOW_MS: u64 = 15 * MINUTE_MS;
/// Digits of an e-mail code.
pub const EMAIL_CODE_DIGITS: u32 = 6;
/// Life of an e-mail code.
pub const EMAIL_CODE_MS: u64 = 15 * MINUTE_MS;
/// Wrong tries before an e-mail code is dead.
pub const EMAIL_CODE_TRIES: u32 = 5;
/// Time between two mails with a code.
pub const EMAIL_RESEND_MS: u64 = MINUTE_MS;
/// Mails with a code per day and purpose.
pub const EMAIL_SENDS_PER_DAY: u32 = 5;
/// An account whose address was never verified is free again after this time (D5).
pub const UNVERIFIED_ACCOUNT_MS: u64 = DAY_MS;
/// Life of a password reset token (D7).
pub const RESET_TOKEN_MS: u64 = 20 * MINUTE_MS;
/// Shortest password, characters.
pub const PASSWORD_MIN_CHARS: usize = 8;
/// Longest password, bytes: a cap before Argon2id.
pub const PASSWORD_MAX_BYTES: usize = 1024;
/// Longest e-mail address, bytes (RFC 5321).
pub const EMAIL_MAX_BYTES: usize = 254;
/// Password hashes waiting for a core before `busy` (D19).
pub const HASH_QUEUE: usize = 64;
/// Life of an access token (D1).
pub const ACCESS_TOKEN_MS: u64 = 10 * MINUTE_MS;
/// Life of an unused refresh token.
pub const REFRESH_TOKEN_MS: u64 = 90 * DAY_MS;
/// Window in which the same refresh token with a proof gives the same successor (D2).
pub const REFRESH_RETRY_MS: u64 = 30 * SECOND_MS;
/// Life of a socket ticket.
pub const TICKET_MS: u64 = 30 * SECOND_MS;
/// Life of a challenge nonce.
pub const CHALLENGE_MS: u64 = MINUTE_MS;
/// Shortest and longest handle, characters.
pub const HANDLE_CHARS: (usize, usize) = (3, 32);
/// A handle that somebody really owned stays blocked for this time.
pub const HANDLE_RELEASED_MS: u64 = 90 * DAY_MS;
/// Handle look-ups: burst, refilled in 15 minutes (B13).
pub const LOOKUP_BURST: u32 = 100;
/// Window of [`LOOKUP_BURST`].
pub const LOOKUP_WINDOW_MS: u64 = 15 * MINUTE_MS;
/// Wait before a new identity replaces one whose other devices were seen lately.
pub const IDENTITY_WAIT_MS: u64 = 72 * HOUR_MS;
/// Another device seen within this time makes `PUT /account/identity` wait.
pub const IDENTITY_SEEN_MS: u64 = 30 * DAY_MS;
/// Wait before `replace-aik`, and before a deletion by password alone.
pub const REPLACE_AIK_WAIT_MS: u64 = 7 * DAY_MS;

/// Members and invited users of a group.
pub const GROUP_SIZE: usize = 1_000;
/// Users named by one invite entry.
pub const INVITES_PER_ENTRY: usize = 100;
/// People outside the contacts that one user may invite or write to per day.
pub const STRANGERS_PER_DAY: u32 = 20;
/// Bytes of one log entry, signature included.
pub const LOG_ENTRY_BYTES: usize = 16 * 1024;
/// Entries or rows of one page.
pub const PAGE: usize = 500;
/// Bytes of one page of rows.
pub const PAGE_BYTES: usize = 256 * 1024;
/// Messages to somebody who has not joined yet.
pub const REQUEST_MESSAGES: u64 = 5;
/// Text bytes of such a message.
pub const REQUEST_TEXT_BYTES: usize = 4 * 1024;
/// Ciphertext bytes of such a message, as the relay counts them.
pub const REQUEST_CT_BYTES: usize = 8 * 1024;

/// Bytes of one WebSocket frame.
pub const FRAME_BYTES: usize = 128 * 1024;
/// Ciphertext bytes of one send.
pub const SEND_CT_BYTES: usize = 96 * 1024;
/// Bytes of one to-device item.
pub const ITEM_BYTES: usize = 64 * 1024;
/// Items of one to-device batch.
pub const BATCH_ITEMS: usize = 128;
/// Bytes of one to-device batch.
pub const BATCH_BYTES: usize = 120 * 1024;
/// Items in one device's inbox.
pub const INBOX_ITEMS: usize = 20_000;
/// Bytes in one device's inbox.
pub const INBOX_BYTES: usize = 32 * 1024 * 1024;
/// Items from one sender device in one inbox.
pub const INBOX_PAIR_ITEMS: usize = 256;
/// Bytes from one sender device in one inbox.
pub const INBOX_PAIR_BYTES: usize = 1024 * 1024;
/// Share of an inbox that is kept for own devices: one part in this many.
pub const INBOX_OWN_SHARE: usize = 4;
/// Items wait this long; an unconnected device is called dormant after the same time.
pub const INBOX_MS: u64 = 30 * DAY_MS;
/// Items that the relay sends ahead of acknowledgement.
pub const ITEMS_UNACKED: usize = 256;
/// Conversations named in a hello, and in one heads comparison.
pub const HEADS_PER_CALL: usize = 500;
/// Changed conversations that a `ready` carries.
pub const READY_CHANGED: usize = 200;
/// Bytes of a newest row carried by `ready` or by a doorbell between nodes.
pub const READY_ROW_BYTES: usize = 4 * 1024;
/// Conversations open on the screen of one device.
pub const OPEN_CONVERSATIONS: usize = 8;
/// Sockets of one user.
pub const SOCKETS_PER_USER: usize = 10;
/// Frames waiting for a slow reader before their bytes are dropped and read again.
pub const SLOW_FRAMES: usize = 256;
/// Bytes waiting for a slow reader before they are dropped and read again.
pub const SLOW_BYTES: usize = 1024 * 1024;
/// No progress for this time closes a socket.
pub const STALL_MS: u64 = 30 * SECOND_MS;
/// Time for the WebSocket handshake and the hello.
pub const HANDSHAKE_MS: u64 = 10 * SECOND_MS;
/// Bytes of one REST body.
pub const BODY_BYTES: usize = 256 * 1024;

/// One-time keys a device keeps at the relay.
pub const ONE_TIME_KEYS: usize = 50;
/// A device uploads new one-time keys when this many or fewer are left.
pub const ONE_TIME_REFILL: usize = 25;
/// One-time keys that a device makes at most in an hour, whatever the relay says is left (A17).
pub const ONE_TIME_KEYS_PER_HOUR: usize = 500;
/// Key records of one upload.
pub const KEYS_PER_UPLOAD: usize = 200;
/// Targets of one claim.
pub const CLAIM_TARGETS: usize = 256;
/// Claims of one claimer for one device: burst (A17).
pub const CLAIM_BURST: u32 = 6;
/// Claims of one claimer for one device: one more after this time.
pub const CLAIM_REFILL_MS: u64 = 10 * MINUTE_MS;
/// The same claim id answers with the same keys for this time.
pub const CLAIM_REPEAT_MS: u64 = 10 * MINUTE_MS;
/// Claims of a stranger with a request ticket, per day.
pub const CLAIMS_BY_TICKET: u32 = 1;
/// A claimed key without an accepted message is dropped after this time.
pub const CLAIMED_KEY_MS: u64 = 7 * DAY_MS;
/// Fallback key rotation: never sooner.
pub const FALLBACK_MIN_MS: u64 = DAY_MS;
/// Fallback key rotation: at the latest.
pub const FALLBACK_MAX_MS: u64 = 7 * DAY_MS;
/// The previous fallback key is forgotten this long after the drain that follows its successor.
pub const FALLBACK_FORGET_MS: u64 = HOUR_MS;
/// The previous fallback key is forgotten at the latest after this time.
pub const FALLBACK_FORGET_MAX_MS: u64 = 14 * DAY_MS;

/// Olm sessions kept per pair of devices (A20).
pub const SESSIONS_PER_PAIR: usize = 4;
/// Olm resets per pair and hour.
pub const RESETS_PER_HOUR: u32 = 1;
/// Olm resets per pair and day.
pub const RESETS_PER_DAY: u32 = 5;
/// Failed decrypts per peer and minute; the rest is parked (A31).
pub const FAILED_DECRYPTS_PER_MINUTE: u32 = 20;
/// New Olm sessions that a device makes per second.
pub const NEW_SESSIONS_PER_SECOND: u32 = 20;
/// Width of the pair counter window.
pub const PAIR_WINDOW: u64 = 2_048;
/// Key requests asked, and answered per peer, per hour.
pub const KEY_REQUESTS_PER_HOUR: u32 = 100;
/// Life of one key request.
pub const KEY_REQUEST_MS: u64 = DAY_MS;

/// Messages of one Megolm generation.
pub const GENERATION_MESSAGES: u64 = 100;
/// Indexes of one Megolm generation, marks and flashes included.
pub const GENERATION_INDEXES: u64 = 1_000;
/// Life of a generation with at most [`GENERATION_LARGE`] recipient devices.
pub const GENERATION_SMALL_MS: u64 = DAY_MS;
/// Life of a generation above that.
pub const GENERATION_LARGE_MS: u64 = 7 * DAY_MS;
/// Recipient devices from which a generation counts as large.
pub const GENERATION_LARGE: usize = 100;
/// In a large group a `leave` may wait this long for new generations; our client rotates at once.
pub const LEAVE_ROTATION_MS: u64 = HOUR_MS;
/// In a conversation with a timer, a closed session of somebody else is forgotten after this time.
pub const SESSION_FORGET_MS: u64 = 7 * DAY_MS;
/// Recipient devices that get the key before the message leaves.
pub const KEYS_FIRST: usize = 256;
/// Precautionary generations per day (rollback guard).
pub const PRECAUTION_PER_DAY: u32 = 1;
/// Sent ciphertext is kept for this time (incarnations).
pub const SENT_KEPT_MS: u64 = 7 * DAY_MS;
/// Quarantined bytes and unknown types are kept for this time.
pub const QUARANTINE_MS: u64 = 7 * DAY_MS;
/// Held messages of one conversation; older ones stay on the relay.
pub const HOLD_QUEUE: usize = 1_000;
/// A gap older than this after sync is shown as missing messages.
pub const GAP_SHOWN_MS: u64 = MINUTE_MS;
/// Positions in a frontier.
pub const FRONTIER: usize = 4;

/// Members up to whom receipts and typing are sent (B12).
pub const RECEIPT_MEMBERS: usize = 32;
/// Receipts per conversation: one in this time.
pub const RECEIPT_MS: u64 = SECOND_MS;
/// Typing per user and conversation: one in this time.
pub const TYPING_MS: u64 = 3 * SECOND_MS;
/// A typing notice is shown for this time.
pub const TYPING_SHOWN_MS: u64 = 30 * SECOND_MS;
/// Presence: of one user a socket hears one word in this time, and going away is told after it.
pub const PRESENCE_MS: u64 = 3 * SECOND_MS;
/// A sharing socket that sent nothing for this time counts as away.
pub const PRESENCE_SILENCE_MS: u64 = MINUTE_MS;
/// Missing stream numbers named by one receipt.
pub const RECEIPT_MISSING: usize = 16;
/// Sends: burst.
pub const SEND_BURST: u32 = 60;
/// Sends: refill per second.
pub const SEND_PER_SECOND: u32 = 10;
/// To-device items: burst.
pub const ITEM_BURST: u32 = 6_000;
/// To-device items: refill per second.
pub const ITEM_PER_SECOND: u32 = 30;
/// Ring wakes per minute and pair; comes with calls.
pub const RINGS_PER_MINUTE: u32 = 3;

/// Life of a link mailbox.
pub const LINK_MS: u64 = 10 * MINUTE_MS;
/// Frames of a link mailbox.
pub const LINK_FRAMES: usize = 8;
/// Bytes of one frame of it.
pub const LINK_FRAME_BYTES: usize = 4 * 1024;
/// Failed approvals before they are locked.
pub const APPROVAL_FAILURES: u32 = 3;
/// Time for which they are locked.
pub const APPROVAL_LOCK_MS: u64 = 10 * MINUTE_MS;
/// Rows of one part of a trust message.
pub const TRUST_ROWS: usize = 300;
/// A head statement older than this is stale; our client does not warn yet.
pub const STATEMENT_STALE_MS: u64 = 7 * DAY_MS;
/// Clock difference from which the client says so.
pub const CLOCK_SKEW_MS: u64 = 10 * MINUTE_MS;
/// Default life of ciphertext at the relay.
pub const RETENTION_MS: u64 = 365 * DAY_MS;
/// Timer messages are purged at the relay after max(timer, this).
pub const TIMER_PURGE_MS: u64 = 30 * DAY_MS;
/// After a restore the relay takes only entries that were lost for this time.
pub const MAINTENANCE_MS: u64 = 10 * MINUTE_MS;

/// Argon2id floor of a passphrase wrap: memory, KiB.
pub const WRAP_KIB: u64 = 64 * 1024;
/// Argon2id floor of a passphrase wrap: passes.
pub const WRAP_PASSES: u64 = 3;
/// Argon2id floor of a passphrase wrap: lanes.
pub const WRAP_LANES: u64 = 1;
/// A wrap that asks for more memory (KiB) than this is refused: no phone could open it.
pub const WRAP_KIB_MAX: u64 = 1024 * 1024;
/// A wrap that asks for more passes than this is refused.
pub const WRAP_PASSES_MAX: u64 = 16;
/// A wrap that asks for more lanes than this is refused.
pub const WRAP_LANES_MAX: u64 = 8;
