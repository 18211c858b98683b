package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.sink.MasterConfig;
import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** What changes on the disk after it was verified, with the index on a server. */
class PostgresScrubberTest extends ScrubberTest {

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  MasterConfig.Builder settings(MasterConfig.Builder master) {
    return master.index(postgres.config());
  }

  @Override
  SegmentIndex openIndex(FootageFolder folder) throws IOException {
    return SegmentIndex.open(postgres.config(), folder.identity().id());
  }

  /** Without a look at what refers to it. */
  @Override
  void index(String sql) {
    postgres.sql("SET session_replication_role = replica; " + sql);
  }
}
