-- Motion that cameras told of as it happened, until a segment that was filmed then says it: spans of a camera do not
-- touch each other, so that their ends order them as their starts do. "span" is its JSON.
CREATE TABLE heard_motion (
  camera   TEXT    NOT NULL,
  end_us   INTEGER NOT NULL,
  start_us INTEGER NOT NULL,
  span     TEXT    NOT NULL,
  PRIMARY KEY (camera, end_us)
) WITHOUT ROWID;
CREATE INDEX heard_motion_by_end ON heard_motion (end_us, camera, start_us);
