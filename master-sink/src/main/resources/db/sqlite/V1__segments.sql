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

CREATE INDEX segments_by_camera ON segments (camera, start_us, run, sequence, end_us);
CREATE INDEX segments_by_start ON segments (start_us, camera, run, sequence, end_us);
CREATE INDEX segments_by_camera_day ON segments (camera, day);
CREATE INDEX segments_by_day ON segments (day);
-- The longest segment bounds how far before an interval a segment that reaches into it can start.
CREATE INDEX segments_by_length ON segments (end_us - start_us);
CREATE INDEX segments_by_age ON segments (saved, received_us, start_us);

-- Sums per camera, kept by the triggers below, so that nobody has to count a million rows.
CREATE TABLE totals (
  camera      TEXT    NOT NULL PRIMARY KEY,
  segments    INTEGER NOT NULL,
  bytes       INTEGER NOT NULL,
  saved       INTEGER NOT NULL,
  saved_bytes INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER segment_added AFTER INSERT ON segments BEGIN
  INSERT INTO totals (camera, segments, bytes, saved, saved_bytes) VALUES (new.camera, 0, 0, 0, 0)
    ON CONFLICT (camera) DO NOTHING;
  UPDATE totals SET segments = segments + 1, bytes = bytes + new.bytes,
    saved = saved + new.saved, saved_bytes = saved_bytes + new.saved * new.bytes
    WHERE camera = new.camera;
END;

CREATE TRIGGER segment_removed AFTER DELETE ON segments BEGIN
  UPDATE totals SET segments = segments - 1, bytes = bytes - old.bytes,
    saved = saved - old.saved, saved_bytes = saved_bytes - old.saved * old.bytes
    WHERE camera = old.camera;
  DELETE FROM totals WHERE camera = old.camera AND segments = 0;
END;

CREATE TRIGGER segment_saved AFTER UPDATE OF saved ON segments BEGIN
  UPDATE totals SET saved = saved + new.saved - old.saved,
    saved_bytes = saved_bytes + (new.saved - old.saved) * new.bytes
    WHERE camera = new.camera;
END;

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
CREATE INDEX motion_by_length ON motion (end_us - start_us);

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
