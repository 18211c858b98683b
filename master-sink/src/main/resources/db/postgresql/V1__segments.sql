-- Times are microseconds since 1970-01-01T00:00Z. A row says: the file at "path" has that size and that SHA-256.
-- Texts are ordered by their bytes, as SQLite orders them, whatever the server's language is.
CREATE TABLE segments (
  id          TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  camera      TEXT COLLATE "C" NOT NULL,
  run         BIGINT           NOT NULL,
  sequence    BIGINT           NOT NULL,
  start_us    BIGINT           NOT NULL,
  end_us      BIGINT           NOT NULL,
  day         TEXT COLLATE "C" NOT NULL,
  bytes       BIGINT           NOT NULL,
  sha256      TEXT             NOT NULL,
  motion      INTEGER          NOT NULL,
  saved       INTEGER          NOT NULL,
  received_us BIGINT           NOT NULL,
  path        TEXT COLLATE "C" NOT NULL UNIQUE,
  manifest    BYTEA            NOT NULL
);

CREATE INDEX segments_by_camera ON segments (camera, start_us, run, sequence, end_us);
CREATE INDEX segments_by_start ON segments (start_us, camera, run, sequence, end_us);
CREATE INDEX segments_by_camera_day ON segments (camera, day);
CREATE INDEX segments_by_day ON segments (day);
-- The longest segment bounds how far before an interval a segment that reaches into it can start.
CREATE INDEX segments_by_length ON segments ((end_us - start_us));
CREATE INDEX segments_by_age ON segments (saved, received_us, start_us);

-- Sums per camera, kept by the triggers below, so that nobody has to count a million rows.
CREATE TABLE totals (
  camera      TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  segments    BIGINT           NOT NULL,
  bytes       BIGINT           NOT NULL,
  saved       BIGINT           NOT NULL,
  saved_bytes BIGINT           NOT NULL
);

CREATE FUNCTION segment_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO totals (camera, segments, bytes, saved, saved_bytes)
    VALUES (new.camera, 1, new.bytes, new.saved, new.saved * new.bytes)
    ON CONFLICT (camera) DO UPDATE SET segments = totals.segments + 1, bytes = totals.bytes + new.bytes,
      saved = totals.saved + new.saved, saved_bytes = totals.saved_bytes + new.saved * new.bytes;
  RETURN NULL;
END $$;
CREATE TRIGGER segment_added AFTER INSERT ON segments FOR EACH ROW EXECUTE FUNCTION segment_added();

CREATE FUNCTION segment_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE totals SET segments = segments - 1, bytes = bytes - old.bytes,
    saved = saved - old.saved, saved_bytes = saved_bytes - old.saved * old.bytes
    WHERE camera = old.camera;
  DELETE FROM totals WHERE camera = old.camera AND segments = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER segment_removed AFTER DELETE ON segments FOR EACH ROW EXECUTE FUNCTION segment_removed();

CREATE FUNCTION segment_saved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE totals SET saved = saved + new.saved - old.saved,
    saved_bytes = saved_bytes + (new.saved - old.saved) * new.bytes
    WHERE camera = new.camera;
  RETURN NULL;
END $$;
CREATE TRIGGER segment_saved AFTER UPDATE OF saved ON segments FOR EACH ROW EXECUTE FUNCTION segment_saved();

-- Uploads that became segments: their tokens answer "verified" for as long as the segment is here.
CREATE TABLE uploads (
  token   TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  segment TEXT COLLATE "C" NOT NULL REFERENCES segments (id) ON DELETE CASCADE
);
CREATE INDEX uploads_by_segment ON uploads (segment);

-- Motion of the manifests, one row a span; "span" is its JSON.
CREATE TABLE motion (
  segment  TEXT COLLATE "C" NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  number   INTEGER          NOT NULL,
  camera   TEXT COLLATE "C" NOT NULL,
  start_us BIGINT           NOT NULL,
  end_us   BIGINT           NOT NULL,
  span     TEXT             NOT NULL,
  PRIMARY KEY (segment, number)
);
CREATE INDEX motion_by_camera ON motion (camera, start_us);
CREATE INDEX motion_by_start ON motion (start_us);
CREATE INDEX motion_by_length ON motion ((end_us - start_us));

-- Files whose deletion has begun: they are no segments any more, and may still lie on disk.
CREATE TABLE garbage (
  path    TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  segment TEXT COLLATE "C" NOT NULL
);

-- Cameras that had a link, and when each was lost.
CREATE TABLE cameras (
  camera        TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  key           TEXT             NOT NULL,
  software      TEXT             NOT NULL,
  source        TEXT             NOT NULL,
  last_heard_us BIGINT           NOT NULL
);

CREATE TABLE losses (
  camera   TEXT COLLATE "C" NOT NULL,
  start_us BIGINT           NOT NULL,
  end_us   BIGINT,
  PRIMARY KEY (camera, start_us)
);
CREATE INDEX losses_by_start ON losses (start_us);
