-- Times are microseconds since 1970-01-01T00:00Z. A row says: the file at "path" has that size and that SHA-256.
CREATE TABLE segments (
  id          TEXT    NOT NULL PRIMARY KEY,
  camera      TEXT    NOT NULL,
  run         INTEGER NOT NULL,
  sequence    INTEGER NOT NULL,
  start_us    INTEGER NOT NULL,
  end_us      INTEGER NOT NULL,
  day         TEXT    NOT NULL,
  bytes       INTEGER NOT NULL,
  sha256      TEXT    NOT NULL,
  motion      INTEGER NOT NULL,
  saved       INTEGER NOT NULL,
  received_us INTEGER NOT NULL,
  path        TEXT    NOT NULL UNIQUE,
  manifest    BLOB    NOT NULL
);

CREATE INDEX segments_by_camera ON segments (camera, start_us, run, sequence, bytes);
CREATE INDEX segments_by_start ON segments (start_us, camera, run, sequence);
CREATE INDEX segments_by_day ON segments (camera, day);
CREATE INDEX segments_by_age ON segments (saved, received_us, bytes);

-- Uploads that became segments: their tokens answer "verified" for as long as the segment is here.
CREATE TABLE uploads (
  token   TEXT NOT NULL PRIMARY KEY,
  segment TEXT NOT NULL REFERENCES segments (id) ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX uploads_by_segment ON uploads (segment);

-- Motion of the manifests, one row a span; "span" is its JSON.
CREATE TABLE motion (
  segment  TEXT    NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  number   INTEGER NOT NULL,
  camera   TEXT    NOT NULL,
  start_us INTEGER NOT NULL,
  end_us   INTEGER NOT NULL,
  span     TEXT    NOT NULL,
  PRIMARY KEY (segment, number)
) WITHOUT ROWID;
CREATE INDEX motion_by_camera ON motion (camera, start_us);
CREATE INDEX motion_by_start ON motion (start_us);

-- Files whose deletion has begun: they are no segments any more, and may still lie on disk.
CREATE TABLE garbage (
  path    TEXT NOT NULL PRIMARY KEY,
  segment TEXT NOT NULL
) WITHOUT ROWID;

-- Cameras that had a link, and when each was lost.
CREATE TABLE cameras (
  camera        TEXT    NOT NULL PRIMARY KEY,
  key           TEXT    NOT NULL,
  software      TEXT    NOT NULL,
  source        TEXT    NOT NULL,
  last_heard_us INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE losses (
  camera   TEXT    NOT NULL,
  start_us INTEGER NOT NULL,
  end_us   INTEGER,
  PRIMARY KEY (camera, start_us)
) WITHOUT ROWID;
CREATE INDEX losses_by_start ON losses (start_us);
