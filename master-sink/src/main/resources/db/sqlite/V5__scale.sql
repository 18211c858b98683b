-- How much there is, by all that a listing without a time asks for: motion is 1 where something moves, 0 where nothing
-- does, -1 where nobody can tell. The triggers keep it, so that nobody has to count a million rows.
CREATE TABLE tallies (
  camera   TEXT    NOT NULL,
  motion   INTEGER NOT NULL,
  saved    INTEGER NOT NULL,
  segments INTEGER NOT NULL,
  bytes    INTEGER NOT NULL,
  PRIMARY KEY (camera, motion, saved)
) WITHOUT ROWID;
INSERT INTO tallies (camera, motion, saved, segments, bytes)
  SELECT camera, (motion > 0) - (motion < 0), saved, count(*), sum(bytes) FROM segments GROUP BY 1, 2, 3;

DROP TRIGGER segment_added;
DROP TRIGGER segment_removed;
DROP TRIGGER segment_saved;
DROP TABLE totals;
CREATE VIEW totals AS
  SELECT camera, sum(segments) AS segments, sum(bytes) AS bytes, sum(saved * segments) AS saved,
    sum(saved * bytes) AS saved_bytes FROM tallies GROUP BY camera;

CREATE TRIGGER segment_added AFTER INSERT ON segments BEGIN
  INSERT INTO tallies (camera, motion, saved, segments, bytes)
    VALUES (new.camera, (new.motion > 0) - (new.motion < 0), new.saved, 0, 0)
    ON CONFLICT (camera, motion, saved) DO NOTHING;
  UPDATE tallies SET segments = segments + 1, bytes = bytes + new.bytes
    WHERE camera = new.camera AND motion = (new.motion > 0) - (new.motion < 0) AND saved = new.saved;
END;

CREATE TRIGGER segment_removed AFTER DELETE ON segments BEGIN
  UPDATE tallies SET segments = segments - 1, bytes = bytes - old.bytes
    WHERE camera = old.camera AND motion = (old.motion > 0) - (old.motion < 0) AND saved = old.saved;
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
END;

CREATE TRIGGER segment_moved AFTER UPDATE OF motion, saved, bytes ON segments BEGIN
  UPDATE tallies SET segments = segments - 1, bytes = bytes - old.bytes
    WHERE camera = old.camera AND motion = (old.motion > 0) - (old.motion < 0) AND saved = old.saved;
  INSERT INTO tallies (camera, motion, saved, segments, bytes)
    VALUES (new.camera, (new.motion > 0) - (new.motion < 0), new.saved, 0, 0)
    ON CONFLICT (camera, motion, saved) DO NOTHING;
  UPDATE tallies SET segments = segments + 1, bytes = bytes + new.bytes
    WHERE camera = new.camera AND motion = (new.motion > 0) - (new.motion < 0) AND saved = new.saved;
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
END;

-- Listings go by start and id, and each index holds all that they ask of a row but what they show.
DROP INDEX segments_by_camera;
DROP INDEX segments_by_start;
DROP INDEX saved_by_start;
DROP INDEX moving_by_start;
CREATE INDEX segments_by_start ON segments (start_us, id, end_us, motion, saved);
CREATE INDEX segments_by_camera ON segments (camera, start_us, id, end_us, motion, saved);
CREATE INDEX moving_by_start ON segments (start_us, id, end_us, motion, saved) WHERE motion > 0;
CREATE INDEX moving_by_camera_start ON segments (camera, start_us, id, end_us, motion, saved) WHERE motion > 0;
CREATE INDEX unknown_by_start ON segments (start_us, id, end_us, motion, saved) WHERE motion < 0;
CREATE INDEX unknown_by_camera_start ON segments (camera, start_us, id, end_us, motion, saved) WHERE motion < 0;
CREATE INDEX saved_by_start ON segments (start_us, id, end_us, motion, saved) WHERE saved = 1;
CREATE INDEX saved_by_camera_start ON segments (camera, start_us, id, end_us, motion, saved) WHERE saved = 1;
-- Days are found by start.
DROP INDEX segments_by_camera_day;
DROP INDEX segments_by_day;
-- A clock that is set right moves the stamps of saved footage too.
CREATE INDEX saved_by_age ON segments (received_us) WHERE saved = 1;

CREATE INDEX garbage_by_segment ON garbage (segment, path);
CREATE INDEX trash_by_received ON trash (received_us);
CREATE INDEX trash_by_bytes ON trash (bytes);
CREATE INDEX losses_by_end ON losses (end_us);
CREATE INDEX losses_by_camera_end ON losses (camera, end_us);
