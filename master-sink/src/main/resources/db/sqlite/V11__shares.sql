-- What somebody wrote of a segment when they saved it; it stands in the saved mark beside the video, too.
ALTER TABLE segments ADD COLUMN note TEXT NOT NULL DEFAULT '';

-- In which zones something moved, a row for each segment and zone.
CREATE TABLE segment_zones (
  id       TEXT    NOT NULL REFERENCES segments (id) ON DELETE CASCADE,
  zone     TEXT    NOT NULL,
  camera   TEXT    NOT NULL,
  start_us INTEGER NOT NULL,
  end_us   INTEGER NOT NULL,
  PRIMARY KEY (id, zone)
) WITHOUT ROWID;
CREATE INDEX zones_by_start ON segment_zones (zone, start_us, id, end_us);
CREATE INDEX zones_by_camera_start ON segment_zones (zone, camera, start_us, id, end_us);
INSERT INTO segment_zones (id, zone, camera, start_us, end_us)
  SELECT DISTINCT s.id, z.value, s.camera, s.start_us, s.end_us
  FROM motion m JOIN segments s ON s.id = m.segment JOIN json_each(m.span, '$.zones') z;

-- Footage that is shown to whoever has a link: "hash" is SHA-256 of what the link holds.
CREATE TABLE shares (
  hash       TEXT    NOT NULL PRIMARY KEY,
  camera     TEXT    NOT NULL,
  from_us    INTEGER NOT NULL,
  to_us      INTEGER NOT NULL,
  maker      TEXT    NOT NULL,
  created_us INTEGER NOT NULL,
  expires_us INTEGER NOT NULL,
  revoked    INTEGER NOT NULL,
  uses       INTEGER NOT NULL
);
