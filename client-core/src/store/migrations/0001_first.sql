-- Version 1 of the store. Never edit a migration that was released: add the next number.
-- Ids are their tagged bytes, times are Unix milliseconds, words are those of api/state.rs.

-- Numbers and blobs of the store and the engine: generation, epoch, incarnation, counters.
CREATE TABLE meta (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- Rows of chatty-crypto; names and values belong to that crate.
CREATE TABLE crypto (
    tbl INTEGER NOT NULL,
    key BLOB NOT NULL,
    value BLOB NOT NULL,
    PRIMARY KEY (tbl, key)
) STRICT, WITHOUT ROWID;

-- This home's account; at most one row.
CREATE TABLE account (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    relay TEXT NOT NULL,
    user BLOB NOT NULL,
    handle TEXT NOT NULL,
    email TEXT,
    device BLOB NOT NULL,
    device_state TEXT NOT NULL,
    class TEXT NOT NULL,
    verified_email INTEGER NOT NULL,
    recovery_confirmed INTEGER NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;

-- The session with the relay; at most one row.
CREATE TABLE session (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    sid TEXT NOT NULL,
    access_token TEXT NOT NULL,
    access_until_ms INTEGER NOT NULL,
    refresh_token TEXT NOT NULL,
    scope TEXT NOT NULL
) STRICT;

CREATE TABLE conversation (
    conv BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    peer BLOB,
    title TEXT NOT NULL,
    about TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    inviter BLOB,
    hidden INTEGER NOT NULL,
    stream_head INTEGER NOT NULL,
    log_seq INTEGER NOT NULL,
    floor INTEGER NOT NULL,
    own_seq INTEGER NOT NULL,
    own_n INTEGER NOT NULL,
    mark_time INTEGER NOT NULL,
    read_seq INTEGER NOT NULL,
    timer_s INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX conversation_newest ON conversation (last_at_ms);
CREATE INDEX conversation_peer ON conversation (peer);

-- Stream numbers whose rows are here, as closed intervals that never touch or overlap.
CREATE TABLE known_range (
    conv BLOB NOT NULL,
    lo INTEGER NOT NULL,
    hi INTEGER NOT NULL CHECK (lo <= hi),
    PRIMARY KEY (conv, lo)
) STRICT, WITHOUT ROWID;

-- Every row of lane 1, shown or not; own ones from the moment of writing.
-- `sort` is seq, or 2^52 + row while there is none: unsent messages stand last.
CREATE TABLE message (
    row INTEGER PRIMARY KEY AUTOINCREMENT,
    conv BLOB NOT NULL,
    author BLOB NOT NULL,
    device BLOB NOT NULL,
    msg BLOB,
    dev_seq INTEGER NOT NULL,
    seq INTEGER,
    sort INTEGER NOT NULL,
    kind TEXT NOT NULL,
    shown INTEGER NOT NULL,
    mine INTEGER NOT NULL,
    unread INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    sent_at_ms INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    text TEXT,
    spans BLOB,
    mentions BLOB,
    reply_author BLOB,
    reply_msg BLOB,
    edited INTEGER NOT NULL,
    deleted INTEGER NOT NULL,
    expires_s INTEGER NOT NULL,
    expires_at_ms INTEGER,
    older_membership BLOB
) STRICT;
CREATE UNIQUE INDEX message_number ON message (conv, device, dev_seq) WHERE dev_seq > 0;
CREATE UNIQUE INDEX message_id ON message (conv, device, msg) WHERE msg IS NOT NULL;
CREATE UNIQUE INDEX message_seq ON message (conv, seq) WHERE seq IS NOT NULL;
CREATE INDEX message_window ON message (conv, shown, sort);
CREATE INDEX message_unread ON message (conv, seq) WHERE unread = 1;
CREATE INDEX message_expiry ON message (expires_at_ms) WHERE expires_at_ms IS NOT NULL;
-- What a search may show, by time: over everything and within one conversation.
CREATE INDEX message_readable ON message (at_ms) WHERE shown = 1 AND text IS NOT NULL;
CREATE INDEX message_readable_in ON message (conv, at_ms) WHERE shown = 1 AND text IS NOT NULL;

-- What cannot be read yet: the frame as it came, kept for the next try.
CREATE TABLE sealed (
    row INTEGER PRIMARY KEY REFERENCES message (row) ON DELETE CASCADE,
    frame BLOB NOT NULL,
    tries INTEGER NOT NULL,
    retry_ms INTEGER,
    until_ms INTEGER
) STRICT;
CREATE INDEX sealed_retry ON sealed (retry_ms) WHERE retry_ms IS NOT NULL;
CREATE INDEX sealed_until ON sealed (until_ms) WHERE until_ms IS NOT NULL;

-- The winning edit of each message: greatest (rev, msg). Kept also when it came first.
CREATE TABLE edit (
    conv BLOB NOT NULL,
    author BLOB NOT NULL,
    target BLOB NOT NULL,
    rev INTEGER NOT NULL,
    msg BLOB NOT NULL,
    text TEXT NOT NULL,
    spans BLOB NOT NULL,
    mentions BLOB NOT NULL,
    PRIMARY KEY (conv, author, target)
) STRICT, WITHOUT ROWID;

-- Deleted for everyone; wins over everything, also when it came first.
CREATE TABLE deletion (
    conv BLOB NOT NULL,
    author BLOB NOT NULL,
    target BLOB NOT NULL,
    PRIMARY KEY (conv, author, target)
) STRICT, WITHOUT ROWID;

-- One reaction per (message, person): greatest (rev, msg); an empty emoji is none.
CREATE TABLE reaction (
    conv BLOB NOT NULL,
    author BLOB NOT NULL,
    target BLOB NOT NULL,
    reactor BLOB NOT NULL,
    rev INTEGER NOT NULL,
    msg BLOB NOT NULL,
    emoji TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conv, author, target, reactor)
) STRICT, WITHOUT ROWID;

-- Content that waits for the relay, in the order of writing.
CREATE TABLE outbox (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    conv BLOB NOT NULL,
    msg BLOB NOT NULL,
    dev_seq INTEGER NOT NULL,
    prev BLOB NOT NULL,
    content BLOB NOT NULL,
    envelope BLOB,
    state TEXT NOT NULL,
    tries INTEGER NOT NULL,
    next_try_ms INTEGER NOT NULL,
    refused TEXT,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX outbox_number ON outbox (conv, dev_seq);
CREATE UNIQUE INDEX outbox_message ON outbox (conv, msg);

-- Accepted envelopes, repeated byte for byte after the relay lost them.
CREATE TABLE sent (
    conv BLOB NOT NULL,
    dev_seq INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conv, dev_seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX sent_age ON sent (at_ms);

-- To-device items that wait for the relay. `n` is given when a batch is formed and stays.
CREATE TABLE item_out (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient BLOB NOT NULL,
    item BLOB NOT NULL,
    expires_ms INTEGER NOT NULL,
    n INTEGER
) STRICT;
CREATE UNIQUE INDEX item_out_number ON item_out (n) WHERE n IS NOT NULL;

-- Newest item of each sender device that was committed here, for the acknowledgement.
CREATE TABLE item_cursor (
    device BLOB PRIMARY KEY,
    n INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Items that came and wait: parked over a budget, or of a type of a newer program.
CREATE TABLE item_in (
    device BLOB NOT NULL,
    n INTEGER NOT NULL,
    frame BLOB NOT NULL,
    retry_ms INTEGER,
    until_ms INTEGER NOT NULL,
    PRIMARY KEY (device, n)
) STRICT, WITHOUT ROWID;

-- Receipts of others: the newest of each device. `frame` holds one that cannot be read yet.
CREATE TABLE mark (
    conv BLOB NOT NULL,
    device BLOB NOT NULL,
    user BLOB NOT NULL,
    time_ms INTEGER NOT NULL,
    delivered BLOB,
    read BLOB,
    missing BLOB,
    frame BLOB,
    PRIMARY KEY (conv, device)
) STRICT, WITHOUT ROWID;

-- Receipts that this device owes.
CREATE TABLE mark_out (
    conv BLOB PRIMARY KEY,
    delivered BLOB,
    read BLOB,
    owed INTEGER NOT NULL,
    last_sent_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE contact (
    user BLOB PRIMARY KEY,
    handle TEXT,
    name TEXT,
    state TEXT NOT NULL,
    profile_rev INTEGER NOT NULL,
    profile_device BLOB,
    since_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_handle ON contact (handle) WHERE handle IS NOT NULL;

-- Blocked people; `told` = the relay has it.
CREATE TABLE block (
    user BLOB PRIMARY KEY,
    blocked INTEGER NOT NULL,
    told INTEGER NOT NULL,
    at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Settings that own devices share: greatest (rev, device) wins.
CREATE TABLE setting (
    name TEXT PRIMARY KEY,
    value BLOB NOT NULL,
    rev INTEGER NOT NULL,
    device BLOB NOT NULL
) STRICT, WITHOUT ROWID;

-- The account's devices as shown.
CREATE TABLE device (
    device BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    platform TEXT NOT NULL,
    class TEXT NOT NULL,
    state TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    last_seen_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Search over texts, indexed when they are decrypted; the texts stay in `message`.
CREATE VIRTUAL TABLE message_text USING fts5 (
    text,
    content = 'message',
    content_rowid = 'row',
    tokenize = 'trigram remove_diacritics 1'
);
-- A removed text must not live on in the index.
INSERT INTO message_text (message_text, rank) VALUES ('secure-delete', 1);

CREATE TRIGGER message_text_insert AFTER INSERT ON message WHEN new.text IS NOT NULL BEGIN
    INSERT INTO message_text (rowid, text) VALUES (new.row, new.text);
END;
CREATE TRIGGER message_text_delete AFTER DELETE ON message WHEN old.text IS NOT NULL BEGIN
    INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.row, old.text);
END;
CREATE TRIGGER message_text_forget AFTER UPDATE OF text ON message
WHEN old.text IS NOT NULL AND old.text IS NOT new.text BEGIN
    INSERT INTO message_text (message_text, rowid, text) VALUES ('delete', old.row, old.text);
END;
CREATE TRIGGER message_text_learn AFTER UPDATE OF text ON message
WHEN new.text IS NOT NULL AND old.text IS NOT new.text BEGIN
    INSERT INTO message_text (rowid, text) VALUES (new.row, new.text);
END;
