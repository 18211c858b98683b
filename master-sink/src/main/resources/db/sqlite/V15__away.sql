-- What a camera is where it is not heard again: lost, stopped, off, unpaired or removed.
ALTER TABLE cameras ADD COLUMN state TEXT NOT NULL DEFAULT 'lost';
UPDATE cameras SET state = 'stopped' WHERE has_left = 1;
UPDATE cameras SET state = 'unpaired' WHERE camera IN (SELECT camera FROM camera_keys WHERE revoked_us IS NOT NULL)
 AND camera NOT IN (SELECT camera FROM camera_keys WHERE revoked_us IS NULL);
ALTER TABLE cameras DROP COLUMN has_left;
ALTER TABLE losses ADD COLUMN how TEXT NOT NULL DEFAULT 'lost';
