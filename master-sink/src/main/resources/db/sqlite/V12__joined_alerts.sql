-- Events of which people were told together with another: they are no more news.
CREATE TABLE joined_alerts (
  id    TEXT NOT NULL PRIMARY KEY,
  alert TEXT NOT NULL
);
CREATE INDEX joined_alerts_by_alert ON joined_alerts (alert);
