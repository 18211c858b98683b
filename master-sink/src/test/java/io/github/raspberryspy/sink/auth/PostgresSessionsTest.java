package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;

/** Who is signed in, on a server. */
class PostgresSessionsTest extends SessionsTest {

  @Override
  SegmentIndex openIndex() throws IOException {
    return SegmentIndex.open(TestPostgres.create().config(), "footage");
  }
}
