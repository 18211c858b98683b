package io.github.raspberryspy.sink.auth;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.raspberryspy.sink.index.SegmentIndex;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Clock;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database can be read, and takes nothing: whoever makes room has to come in. */
class FullDiskTest {

  private static final Device HOME = new Device("Firefox on Linux", "192.0.2.1");
  private static final String PASSWORD = "seven wet herons";

  @TempDir Path folder;

  @Test
  void anOwnerComesInByPasswordWhateverCanBeNoted() throws Exception {
    Path file = folder.resolve("index.db");
    try (SegmentIndex index = SegmentIndex.open(file);
        Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement sql = connection.createStatement()) {
      Sessions sessions = new Sessions(index.people().sessions(), Clock.systemUTC());
      Accounts accounts =
          new Accounts(index.people(), sessions, Clock.systemUTC(), System::nanoTime);
      accounts.welcome(accounts.welcomeToken(), "Ada", PASSWORD, HOME);
      for (String table : new String[] {"audit", "sessions"}) {
        sql.execute(
            "CREATE TRIGGER full_"
                + table
                + " BEFORE INSERT ON "
                + table
                + " BEGIN SELECT RAISE(ABORT, 'full'); END");
      }
      String id = accounts.signIn("Ada", PASSWORD, HOME);
      assertThat(sessions.use(id, HOME.address())).isPresent();
    }
  }
}
