-- How much there is, by all that a listing without a time asks for: motion is 1 where something moves, 0 where nothing
-- does, -1 where nobody can tell. The triggers keep it, so that nobody has to count a million rows.
CREATE TABLE tallies (
  camera   TEXT COLLATE "C" NOT NULL,
  motion   INTEGER          NOT NULL,
  saved    INTEGER          NOT NULL,
  segments BIGINT           NOT NULL,
  bytes    BIGINT           NOT NULL,
  PRIMARY KEY (camera, motion, saved)
);
INSERT INTO tallies (camera, motion, saved, segments, bytes)
  SELECT camera, sign(motion), saved, count(*), sum(bytes) FROM segments GROUP BY 1, 2, 3;

DROP TRIGGER segment_added ON segments;
DROP TRIGGER segment_removed ON segments;
DROP TRIGGER segment_saved ON segments;
DROP FUNCTION segment_saved();
DROP TABLE totals;
CREATE VIEW totals AS
  SELECT camera, sum(segments)::BIGINT AS segments, sum(bytes)::BIGINT AS bytes, sum(saved * segments)::BIGINT AS saved,
    sum(saved * bytes)::BIGINT AS saved_bytes FROM tallies GROUP BY camera;

CREATE FUNCTION tally(segment segments, sign INTEGER) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tallies AS t (camera, motion, saved, segments, bytes)
    VALUES (segment.camera, sign(segment.motion), segment.saved, sign, sign * segment.bytes)
    ON CONFLICT (camera, motion, saved) DO UPDATE
    SET segments = t.segments + excluded.segments, bytes = t.bytes + excluded.bytes;
$$;
CREATE OR REPLACE FUNCTION segment_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally(new, 1);
  RETURN NULL;
END $$;
CREATE TRIGGER segment_added AFTER INSERT ON segments FOR EACH ROW EXECUTE FUNCTION segment_added();

CREATE OR REPLACE FUNCTION segment_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally(old, -1);
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER segment_removed AFTER DELETE ON segments FOR EACH ROW EXECUTE FUNCTION segment_removed();

CREATE FUNCTION segment_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM tally(old, -1);
  PERFORM tally(new, 1);
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
  RETURN NULL;
END $$;
CREATE TRIGGER segment_moved AFTER UPDATE OF motion, saved, bytes ON segments
  FOR EACH ROW EXECUTE FUNCTION segment_moved();

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
