-- What outlives the process, by name.
CREATE TABLE notes (
  name  TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  value TEXT             NOT NULL
);

-- What goes first: of footage without motion and of the rest, of all cameras and of each.
DROP INDEX segments_by_age;
CREATE INDEX still_by_age ON segments (received_us, id) WHERE saved = 0 AND motion = 0;
CREATE INDEX moving_by_age ON segments (received_us, id) WHERE saved = 0 AND motion <> 0;
CREATE INDEX still_by_camera ON segments (camera, received_us, id) WHERE saved = 0 AND motion = 0;
CREATE INDEX moving_by_camera ON segments (camera, received_us, id) WHERE saved = 0 AND motion <> 0;
-- What people ask for most, over years.
CREATE INDEX saved_by_start ON segments (start_us, camera, run, sequence, end_us) WHERE saved = 1;
CREATE INDEX moving_by_start ON segments (start_us, camera, run, sequence, end_us) WHERE motion > 0;

-- What somebody deleted, and can have back for a while. The files stay where they are, with a mark beside them.
CREATE TABLE trash (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  bytes       BIGINT           NOT NULL,
  received_us BIGINT           NOT NULL,
  deleted_us  BIGINT           NOT NULL,
  path        TEXT COLLATE "C" NOT NULL UNIQUE,
  manifest    BYTEA            NOT NULL
);
CREATE INDEX trash_by_time ON trash (deleted_us, id);

-- Segments whose file is no longer what was verified.
CREATE TABLE damage (
  segment  TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES segments (id) ON DELETE CASCADE,
  found_us BIGINT           NOT NULL,
  reason   TEXT             NOT NULL
);
