-- What segments take beside their MP4: each two blocks, and its manifest as a file, in the index, and in
-- the spans and zones that are read from it, which is four times its size.
ALTER TABLE tallies ADD COLUMN beside BIGINT NOT NULL DEFAULT 0;
UPDATE tallies t SET beside = s.beside FROM (
  SELECT camera, sign(motion) AS motion, saved, sum(8192 + 4 * octet_length(manifest)) AS beside
  FROM segments GROUP BY 1, 2, 3) s
  WHERE t.camera = s.camera AND t.motion = s.motion AND t.saved = s.saved;

CREATE OR REPLACE FUNCTION tally(segment segments, sign INTEGER) RETURNS void LANGUAGE sql AS $$
  INSERT INTO tallies AS t (camera, motion, saved, segments, bytes, beside)
    VALUES (segment.camera, sign(segment.motion), segment.saved, sign, sign * segment.bytes,
      sign * (8192 + 4 * octet_length(segment.manifest)))
    ON CONFLICT (camera, motion, saved) DO UPDATE
    SET segments = t.segments + excluded.segments, bytes = t.bytes + excluded.bytes,
      beside = t.beside + excluded.beside;
$$;
DROP TRIGGER segment_moved ON segments;
CREATE TRIGGER segment_moved AFTER UPDATE OF motion, saved, bytes, manifest ON segments
  FOR EACH ROW EXECUTE FUNCTION segment_moved();
