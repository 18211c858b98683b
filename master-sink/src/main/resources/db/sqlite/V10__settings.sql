-- What people set of a camera, and what became of it; "vals" is a JSON object of texts by key.
CREATE TABLE settings (
  camera   TEXT    NOT NULL,
  version  INTEGER NOT NULL,
  at_us    INTEGER NOT NULL,
  who      TEXT NOT NULL,
  state    TEXT NOT NULL,
  sentence TEXT NOT NULL,
  vals     TEXT NOT NULL,
  PRIMARY KEY (camera, version)
);

-- What people call cameras.
CREATE TABLE camera_names (
  camera TEXT    NOT NULL PRIMARY KEY,
  name   TEXT NOT NULL
);
