package io.github.raspberryspy.sink;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** Retention with the index on a server. */
class PostgresRetentionTest extends RetentionTest {

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  MasterConfig.Builder config() {
    return super.config().index(postgres.config());
  }
}
