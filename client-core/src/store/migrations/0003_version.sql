-- Every version of a text that its sender published, the original as (0, its own id). The greatest
-- (rev, msg) is shown. Also kept when an edit came before its message.
CREATE TABLE version (
    conv BLOB NOT NULL,
    author BLOB NOT NULL,
    target BLOB NOT NULL,
    rev INTEGER NOT NULL,
    msg BLOB NOT NULL,
    at_ms INTEGER NOT NULL,
    text TEXT NOT NULL,
    spans BLOB NOT NULL,
    mentions BLOB NOT NULL,
    PRIMARY KEY (conv, author, target, rev, msg)
) STRICT, WITHOUT ROWID;
-- Of texts that were changed before, only the newest version is here; its time is that of its row.
INSERT INTO version (conv, author, target, rev, msg, at_ms, text, spans, mentions)
SELECT e.conv, e.author, e.target, e.rev, e.msg,
    ifnull((SELECT max(m.at_ms) FROM message AS m
            WHERE m.conv = e.conv AND m.author = e.author AND m.msg = e.msg), 0),
    e.text, e.spans, e.mentions
FROM edit AS e;
DROP TABLE edit;

-- One message by its id, without a look at the whole conversation.
CREATE INDEX message_by_id ON message (conv, msg) WHERE msg IS NOT NULL;
-- Unread messages that name somebody.
CREATE INDEX message_mention ON message (conv) WHERE unread = 1 AND mentions IS NOT NULL;
