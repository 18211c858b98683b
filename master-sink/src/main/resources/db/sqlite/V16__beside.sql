-- What segments take beside their MP4: each two blocks, and its manifest as a file, in the index, and in
-- the spans and zones that are read from it, which is four times its size.
ALTER TABLE tallies ADD COLUMN beside INTEGER NOT NULL DEFAULT 0;
DROP TRIGGER segment_added;
DROP TRIGGER segment_removed;
DROP TRIGGER segment_moved;
DELETE FROM tallies;
INSERT INTO tallies (camera, motion, saved, segments, bytes, beside)
  SELECT camera, (motion > 0) - (motion < 0), saved, count(*), sum(bytes), sum(8192 + 4 * length(manifest))
  FROM segments GROUP BY 1, 2, 3;

CREATE TRIGGER segment_added AFTER INSERT ON segments BEGIN
  INSERT INTO tallies (camera, motion, saved, segments, bytes)
    VALUES (new.camera, (new.motion > 0) - (new.motion < 0), new.saved, 0, 0)
    ON CONFLICT (camera, motion, saved) DO NOTHING;
  UPDATE tallies SET segments = segments + 1, bytes = bytes + new.bytes,
      beside = beside + 8192 + 4 * length(new.manifest)
    WHERE camera = new.camera AND motion = (new.motion > 0) - (new.motion < 0) AND saved = new.saved;
END;

CREATE TRIGGER segment_removed AFTER DELETE ON segments BEGIN
  UPDATE tallies SET segments = segments - 1, bytes = bytes - old.bytes,
      beside = beside - 8192 - 4 * length(old.manifest)
    WHERE camera = old.camera AND motion = (old.motion > 0) - (old.motion < 0) AND saved = old.saved;
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
END;

CREATE TRIGGER segment_moved AFTER UPDATE OF motion, saved, bytes, manifest ON segments BEGIN
  UPDATE tallies SET segments = segments - 1, bytes = bytes - old.bytes,
      beside = beside - 8192 - 4 * length(old.manifest)
    WHERE camera = old.camera AND motion = (old.motion > 0) - (old.motion < 0) AND saved = old.saved;
  INSERT INTO tallies (camera, motion, saved, segments, bytes)
    VALUES (new.camera, (new.motion > 0) - (new.motion < 0), new.saved, 0, 0)
    ON CONFLICT (camera, motion, saved) DO NOTHING;
  UPDATE tallies SET segments = segments + 1, bytes = bytes + new.bytes,
      beside = beside + 8192 + 4 * length(new.manifest)
    WHERE camera = new.camera AND motion = (new.motion > 0) - (new.motion < 0) AND saved = new.saved;
  DELETE FROM tallies WHERE camera = old.camera AND segments = 0;
END;
