package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.TestPostgres;
import java.io.IOException;

/** What is remembered of cameras, on a server. */
class PostgresFaultLogTest extends FaultLogTest {

  @Override
  Database open() throws IOException {
    return PostgresDatabase.open(TestPostgres.create().config(), false);
  }
}
