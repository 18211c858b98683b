package io.github.raspberryspy.sink.alert;

import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;

/** The same with the queue on a server. */
class PostgresAlertsTest extends AlertsTest {

  private TestPostgres database;

  @Override
  SegmentIndex open() throws IOException {
    if (database == null) {
      database = TestPostgres.create();
    }
    return SegmentIndex.open(database.config(), "footage");
  }
}
