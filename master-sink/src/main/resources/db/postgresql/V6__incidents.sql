-- Cameras that failed, and what the others did; "detail" is the incident's JSON. Without an end while it lasts.
CREATE TABLE incidents (
  id       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
  start_us BIGINT NOT NULL,
  end_us   BIGINT,
  detail   TEXT NOT NULL
);
CREATE INDEX incidents_by_start ON incidents (start_us);
