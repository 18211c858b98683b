-- What was wrong with a camera, as it said; without an end while it lasts.
CREATE TABLE faults (
  camera   TEXT COLLATE "C" NOT NULL,
  kind     TEXT COLLATE "C" NOT NULL,
  start_us BIGINT           NOT NULL,
  end_us   BIGINT,
  alert    INTEGER          NOT NULL,
  sentence TEXT             NOT NULL,
  PRIMARY KEY (camera, kind, start_us)
);
CREATE INDEX faults_by_camera ON faults (camera, start_us);
CREATE INDEX faults_by_start ON faults (start_us);
