-- Cameras that failed, and what the others did; "detail" is the incident's JSON. Without an end while it lasts.
CREATE TABLE incidents (
  id       TEXT    NOT NULL PRIMARY KEY,
  start_us INTEGER NOT NULL,
  end_us   INTEGER,
  detail   TEXT NOT NULL
);
CREATE INDEX incidents_by_start ON incidents (start_us);
