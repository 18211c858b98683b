package io.github.raspberryspy.sink.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.sink.Footage;
import io.github.raspberryspy.sink.TestMaster;
import io.github.raspberryspy.sink.TestPostgres;
import io.github.raspberryspy.sink.index.IndexUnavailableException;
import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Path;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index that is filled from the files while its server goes. */
class PostgresRebuildTest {

  @TempDir Path footage;

  /** An index that says it is complete, and is not, would hide footage for ever. */
  @Test
  void aServerThatGoesMeanwhileLeavesNothingOut() throws Exception {
    TestPostgres postgres = TestPostgres.create();
    try (TestMaster master = TestMaster.start(footage)) {
      for (int i = 0; i < 3; i++) {
        master.camera("front").upload(Footage.clip("front", i, 500));
      }
    }
    FootageFolder folder = FootageFolder.open(footage);
    try (SegmentIndex index = SegmentIndex.open(postgres.config(), folder.identity().id())) {
      postgres.sql(
          "CREATE FUNCTION go() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE 'the server stops' USING ERRCODE = '57P01'; END $$");
      postgres.sql(
          "CREATE TRIGGER go BEFORE INSERT ON segments FOR EACH ROW EXECUTE FUNCTION go()");
      assertThatThrownBy(() -> new IndexRebuild(folder.files(), index, Clock.systemUTC()).run())
          .isInstanceOf(IndexUnavailableException.class);
      postgres.sql("DROP TRIGGER go ON segments");
      assertThat(index.isComplete()).isFalse();
      assertThat(new IndexRebuild(folder.files(), index, Clock.systemUTC()).run()).isEqualTo(3);
      assertThat(index.isComplete()).isTrue();
      assertThat(index.totals().segments()).isEqualTo(3);
    }
  }
}
