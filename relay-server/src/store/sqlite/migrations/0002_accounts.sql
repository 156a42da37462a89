-- Account tables (stores.md §3.2).
CREATE TABLE account(
    user_no INTEGER PRIMARY KEY,
    email TEXT NOT NULL, verified INT NOT NULL, created INT NOT NULL, closed INT NOT NULL DEFAULT 0,
    home INT NOT NULL DEFAULT 0,
    branch INT NOT NULL, head INT NOT NULL, head_hash BLOB NOT NULL
);
CREATE UNIQUE INDEX account_email ON account(email)
    WHERE verified = 1 AND closed = 0 AND email <> ''; -- open sign-up may leave it empty
CREATE INDEX account_new ON account(created) WHERE verified = 0 AND closed = 0;
CREATE TABLE credential(kind TEXT, subject BLOB, user_no INT NOT NULL, hash TEXT NOT NULL, PRIMARY KEY(kind, subject));
CREATE INDEX credential_u ON credential(user_no);
-- user_no NULL = released at freed_at.
CREATE TABLE handle(name TEXT PRIMARY KEY, user_no INT, freed_at INT);
CREATE UNIQUE INDEX handle_u ON handle(user_no) WHERE user_no IS NOT NULL;

-- state 0 pending, 1 live, 2 revoked.
CREATE TABLE device(
    dev_no INTEGER PRIMARY KEY, user_no INT NOT NULL, cert BLOB NOT NULL, class INT NOT NULL,
    state INT NOT NULL, expires INT NOT NULL, pending_until INT, added INT NOT NULL,
    last_seen INT NOT NULL DEFAULT 0
);
CREATE INDEX device_u ON device(user_no);
CREATE INDEX device_pending ON device(pending_until) WHERE state = 0;
-- base: on a recover entry, the branch that holds the entry it builds on.
CREATE TABLE device_log(
    user_no INT NOT NULL, branch INT NOT NULL, seq INT NOT NULL, hash BLOB NOT NULL, base INT,
    bytes BLOB NOT NULL
);
CREATE UNIQUE INDEX device_log_ubs ON device_log(user_no, branch, seq);
CREATE TABLE statement(user_no INTEGER PRIMARY KEY, t INT NOT NULL, bytes BLOB NOT NULL);

-- A claimed key stays as a trace until purge, so that a late repeat of its upload never revives it.
CREATE TABLE otk(id INTEGER PRIMARY KEY, dev INT NOT NULL, key INT NOT NULL, claimed INT, bytes BLOB NOT NULL);
CREATE UNIQUE INDEX otk_dk ON otk(dev, key);
CREATE INDEX otk_free ON otk(dev, key) WHERE claimed IS NULL;
CREATE INDEX otk_trace ON otk(claimed) WHERE claimed IS NOT NULL;
-- t: when this key came; before: when the one before it came.
CREATE TABLE fallback(
    dev INTEGER PRIMARY KEY, key INT NOT NULL, used INT NOT NULL, t INT NOT NULL, before INT, bytes BLOB NOT NULL
);
CREATE TABLE otk_claim(
    id INTEGER PRIMARY KEY, claimer INT NOT NULL, claim BLOB NOT NULL, target INT NOT NULL,
    t INT NOT NULL, bytes BLOB
);
CREATE UNIQUE INDEX otk_claim_k ON otk_claim(claimer, claim, target);
CREATE INDEX otk_claim_t ON otk_claim(t);

-- state 1 live, 0 dead; dev NULL = pending scope.
CREATE TABLE refresh_family(
    family BLOB PRIMARY KEY, user_no INT NOT NULL, dev INT, counter INT NOT NULL,
    hash BLOB NOT NULL, previous BLOB, rotated INT NOT NULL, created INT NOT NULL,
    expires INT NOT NULL, state INT NOT NULL
);
CREATE INDEX refresh_family_u ON refresh_family(user_no);
CREATE INDEX refresh_family_x ON refresh_family(expires);
-- One open code per (purpose, user); the row outlives the code so that sends are counted.
CREATE TABLE code(
    id INTEGER PRIMARY KEY AUTOINCREMENT, purpose TEXT NOT NULL, user_no INT NOT NULL, hash BLOB,
    tries INT NOT NULL, sent INT NOT NULL, day INT NOT NULL, sends INT NOT NULL, expires INT NOT NULL
);
CREATE UNIQUE INDEX code_pu ON code(purpose, user_no);
CREATE INDEX code_h ON code(purpose, hash);
CREATE TABLE wait(user_no INT, kind TEXT, payload BLOB NOT NULL, due INT NOT NULL, PRIMARY KEY(user_no, kind));
CREATE INDEX wait_due ON wait(due);
CREATE TABLE link(
    id BLOB PRIMARY KEY, user_no INT NOT NULL, dev INT NOT NULL, m1 BLOB NOT NULL,
    created INT NOT NULL, expires INT NOT NULL
);
CREATE INDEX link_u ON link(user_no);
CREATE INDEX link_x ON link(expires);
CREATE TABLE link_frame(link BLOB, no INT, bytes BLOB NOT NULL, PRIMARY KEY(link, no));
CREATE TABLE block(user_no INT, blocked INT, PRIMARY KEY(user_no, blocked)) WITHOUT ROWID;
CREATE INDEX block_b ON block(blocked);
CREATE TABLE budget(subject TEXT, kind TEXT, win INT NOT NULL, used INT NOT NULL, until INT NOT NULL, PRIMARY KEY(subject, kind));
CREATE INDEX budget_x ON budget(until);
CREATE TABLE saga(user_no INTEGER PRIMARY KEY, step INT NOT NULL);
