package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SqliteDatabaseTest {

  @TempDir Path folder;

  /** Whoever has something to note waits then, and does not drop it. */
  @Test
  void aDiskThatTakesNothingIsAwayAndNoEndOfWhatIsToBeWritten() throws Exception {
    try (SqliteDatabase database = SqliteDatabase.open(folder.resolve("index.db"))) {
      assertThatThrownBy(
              () ->
                  database.write(
                      h -> {
                        h.execute("PRAGMA query_only = 1");
                        return h.execute("UPDATE cameras SET last_heard_us = 0");
                      }))
          .isInstanceOf(IndexUnavailableException.class)
          .hasMessageContaining("the disk of the index takes nothing");
    }
  }
}
