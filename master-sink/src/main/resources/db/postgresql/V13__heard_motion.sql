-- Motion that cameras told of as it happened, until a segment that was filmed then says it: spans of a camera do not
-- touch each other, so that their ends order them as their starts do. "span" is its JSON.
CREATE TABLE heard_motion (
  camera   TEXT COLLATE "C" NOT NULL,
  end_us   BIGINT           NOT NULL,
  start_us BIGINT           NOT NULL,
  span     TEXT             NOT NULL,
  PRIMARY KEY (camera, end_us)
);
CREATE INDEX heard_motion_by_end ON heard_motion (end_us, camera, start_us);
