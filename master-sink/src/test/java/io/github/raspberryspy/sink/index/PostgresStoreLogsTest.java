package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.TestPostgres;
import java.io.IOException;

/** What is noted of footage beside its rows, on a server. */
class PostgresStoreLogsTest extends StoreLogsTest {

  @Override
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(TestPostgres.create().config(), "a footage folder");
  }
}
