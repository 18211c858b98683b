package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import org.junit.jupiter.api.BeforeEach;

/** Every crash of a seal, with the index on a server. */
class PostgresSealCrashTest extends SealCrashTest {

  private TestPostgres postgres;

  @BeforeEach
  @Override
  void loseIndex() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  SegmentIndex openIndex(FootageFolder folder) throws IOException {
    return SegmentIndex.open(postgres.config(), folder.identity().id());
  }

  /** Only a file is put aside; a server's operator knows better. */
  @Override
  void damagedIndexIsPutAsideAndRebuilt() {}
}
