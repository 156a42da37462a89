-- What was typed and not sent: per conversation one new message, and one edit of an own message.
CREATE TABLE draft (
    conv BLOB NOT NULL,
    edits INTEGER NOT NULL,
    target BLOB,
    text TEXT NOT NULL,
    reply_to BLOB,
    mentions BLOB,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (conv, edits)
) STRICT, WITHOUT ROWID;
