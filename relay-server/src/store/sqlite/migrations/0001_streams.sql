-- Streams, marks, members, inboxes, timers, jobs (stores.md §3.1).
-- Ids are long; every hot table holds the small numbers of these three tables instead.
CREATE TABLE user(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE);
CREATE TABLE dev(no INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, user_no INT NOT NULL);
CREATE TABLE conv(
    no INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    home INT NOT NULL DEFAULT 0,
    floor INT NOT NULL DEFAULT 1,   -- rows below are purged
    direct INT NOT NULL,
    created INT NOT NULL
);

-- kind: 1 message, 2 membership entry (bytes in clog, n = -ls), 3 void.
-- prev: seq of this device's previous message here. No body in a WITHOUT ROWID table.
CREATE TABLE msg(
    id INTEGER PRIMARY KEY,
    conv INT NOT NULL, seq INT NOT NULL, kind INT NOT NULL, dev INT NOT NULL, n INT NOT NULL,
    prev INT, t INT NOT NULL, x INT, mid BLOB, body BLOB
);
CREATE UNIQUE INDEX msg_cs ON msg(conv, seq);
CREATE TABLE sender(
    conv INT, dev INT, last_n INT NOT NULL, last_seq INT NOT NULL, PRIMARY KEY(conv, dev)
) WITHOUT ROWID;
CREATE TABLE mark(id INTEGER PRIMARY KEY, conv INT NOT NULL, dev INT NOT NULL, t INT NOT NULL, body BLOB NOT NULL);
CREATE UNIQUE INDEX mark_cd ON mark(conv, dev);
CREATE TABLE clog(conv INT NOT NULL, ls INT NOT NULL, seq INT NOT NULL, bytes BLOB NOT NULL);
CREATE UNIQUE INDEX clog_cl ON clog(conv, ls);

-- state 0 gone, 1 invited, 2 member; the newest stay is first..last (last NULL = open).
CREATE TABLE member(
    user_no INT, conv INT, role INT NOT NULL, ls INT NOT NULL, state INT NOT NULL,
    first INT NOT NULL, last INT, hidden INT NOT NULL DEFAULT 0, PRIMARY KEY(user_no, conv)
) WITHOUT ROWID;
CREATE INDEX member_c ON member(conv);
-- Stays before the newest one.
CREATE TABLE stay(
    user_no INT, conv INT, first INT, last INT NOT NULL, PRIMARY KEY(user_no, conv, first)
) WITHOUT ROWID;

-- Never a number twice: a socket reads on behind the newest place that it sent.
CREATE TABLE inbox(
    id INTEGER PRIMARY KEY AUTOINCREMENT, rcpt INT NOT NULL, snd INT NOT NULL, n INT NOT NULL,
    t INT NOT NULL, x INT NOT NULL, body BLOB NOT NULL
);
CREATE UNIQUE INDEX inbox_rsn ON inbox(rcpt, snd, n);
CREATE TABLE timer(at INT, conv INT, seq INT, PRIMARY KEY(at, conv, seq)) WITHOUT ROWID;

-- tries counts leases; state 0 waiting, 1 dead.
CREATE TABLE job(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, key TEXT NOT NULL, run_at INT NOT NULL,
    tries INT NOT NULL DEFAULT 0, state INT NOT NULL DEFAULT 0, payload BLOB NOT NULL
);
CREATE UNIQUE INDEX job_k ON job(kind, key);
CREATE INDEX job_due ON job(kind, run_at) WHERE state = 0;
