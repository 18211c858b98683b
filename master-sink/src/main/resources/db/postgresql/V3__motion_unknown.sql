-- Where nobody was to look for motion, it is not known that nothing moved: -1, as where nobody could tell.
UPDATE segments SET motion = -1 WHERE motion = 0 AND position('"motionUnknown"'::bytea IN manifest) > 0;
