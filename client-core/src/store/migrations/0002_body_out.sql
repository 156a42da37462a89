-- Bodies between devices that cannot be encrypted yet: no session with the device, or no pins.
-- `fresh` = a new session is made even where there is one. A body waits until `not_before_ms`.
CREATE TABLE body_out (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user BLOB NOT NULL,
    device BLOB NOT NULL,
    kind INTEGER NOT NULL,
    body BLOB NOT NULL,
    fresh INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    not_before_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL
) STRICT;
CREATE INDEX body_out_device ON body_out (device);
CREATE INDEX body_out_due ON body_out (not_before_ms);
