package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.sink.TestPostgres;
import java.io.IOException;

/** What was heard of cameras, on a server. */
class PostgresHeardLogTest extends HeardLogTest {

  @Override
  Database open() throws IOException {
    return PostgresDatabase.open(TestPostgres.create().config(), false);
  }
}
