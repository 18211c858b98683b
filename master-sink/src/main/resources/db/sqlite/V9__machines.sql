-- The keys of cameras, by SHA-256 of the public key in hexadecimal digits. A row stays when its key is revoked, so that the name is known.
CREATE TABLE camera_keys (
  key        TEXT    NOT NULL PRIMARY KEY,
  camera     TEXT    NOT NULL,
  paired_us  INTEGER NOT NULL,
  revoked_us INTEGER
) WITHOUT ROWID;
CREATE UNIQUE INDEX camera_keys_by_camera ON camera_keys (camera) WHERE revoked_us IS NULL;

-- Codes that were used, by SHA-256 of their tickets, until they are too old to be used.
CREATE TABLE used_tickets (
  ticket     TEXT    NOT NULL PRIMARY KEY,
  expires_us INTEGER NOT NULL
) WITHOUT ROWID;
