package io.github.raspberryspy.sink;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** What is noted of the clock, and stamps that move, with the index on a server. */
class PostgresClockStepTest extends ClockStepTest {

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  void loseIndex() throws IOException {
    create();
  }

  @Override
  MasterConfig.Builder config() {
    return super.config().index(postgres.config());
  }
}
