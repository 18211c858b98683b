-- What people are told. "due_us" is when its delivery may begin; "joined" counts alike ones that came meanwhile.
CREATE TABLE alerts (
  id       TEXT    NOT NULL PRIMARY KEY,
  at_us    INTEGER NOT NULL,
  kind     TEXT    NOT NULL,
  camera   TEXT    NOT NULL,
  zones    TEXT    NOT NULL,
  sentence TEXT    NOT NULL,
  joined   INTEGER NOT NULL,
  due_us   INTEGER NOT NULL
);
CREATE INDEX alerts_by_time ON alerts (at_us);
CREATE INDEX alerts_by_likeness ON alerts (kind, camera, due_us);
-- One a channel. "state": 0 waits, 1 was delivered, 2 was given up.
CREATE TABLE deliveries (
  alert    TEXT    NOT NULL,
  channel  TEXT    NOT NULL,
  state    INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  next_us  INTEGER NOT NULL,
  error    TEXT    NOT NULL,
  PRIMARY KEY (alert, channel)
);
CREATE INDEX deliveries_waiting ON deliveries (channel, next_us) WHERE state = 0;
-- How each channel did last.
CREATE TABLE channels (
  channel  TEXT    NOT NULL PRIMARY KEY,
  ok_us    INTEGER,
  error_us INTEGER,
  error    TEXT    NOT NULL
);
