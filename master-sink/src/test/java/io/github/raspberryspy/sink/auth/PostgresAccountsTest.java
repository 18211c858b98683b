package io.github.raspberryspy.sink.auth;

import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;

/** People, on a server. */
class PostgresAccountsTest extends AccountsTest {

  private TestPostgres postgres;

  @Override
  SegmentIndex openIndex() throws IOException {
    postgres = TestPostgres.create();
    return SegmentIndex.open(postgres.config(), "footage");
  }

  @Override
  void tamper(String sql) {
    postgres.sql(sql);
  }
}
