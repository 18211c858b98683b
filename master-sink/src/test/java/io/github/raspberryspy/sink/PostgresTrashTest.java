package io.github.raspberryspy.sink;

import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** What a person deletes, with the index on a server. */
class PostgresTrashTest extends TrashTest {

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  MasterConfig.Builder settings(MasterConfig.Builder master) {
    return super.settings(master).index(postgres.config());
  }

  @Override
  void loseIndex() throws IOException {
    postgres = TestPostgres.create();
  }
}
