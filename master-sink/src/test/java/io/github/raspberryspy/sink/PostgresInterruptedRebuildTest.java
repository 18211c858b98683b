package io.github.raspberryspy.sink;

import io.github.raspberryspy.sink.index.SegmentIndex;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeEach;

/** The same with the index on a server, where it comes to a stand within a transaction. */
class PostgresInterruptedRebuildTest extends InterruptedRebuildTest {

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  MasterConfig.Builder config() {
    return super.config().index(postgres.config());
  }

  @Override
  void makeSlowIndex() throws Exception {
    postgres = TestPostgres.create();
    String footageId = Files.readString(footage.resolve(".raspberryspy/footage-id")).strip();
    SegmentIndex.open(postgres.config(), footageId).close();
    postgres.sql(
        "CREATE FUNCTION stand() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            + " IF (SELECT count(*) FROM segments) >= 1200 THEN PERFORM pg_sleep(3600); END IF;"
            + " RETURN new; END $$");
    postgres.sql(
        "CREATE TRIGGER stand BEFORE INSERT ON segments FOR EACH ROW EXECUTE FUNCTION stand()");
  }

  @Override
  Connection connect() throws SQLException {
    return postgres.connect();
  }

  @Override
  Process start() throws IOException {
    return Child.start(
        PostgresTakeoverTest.Victim.class,
        Redirect.DISCARD,
        footage.toString(),
        postgres.config().url());
  }

  @Override
  void letGo() {
    postgres.cut(); // what the killed one left behind goes on for an hour
    postgres.sql("DROP TRIGGER stand ON segments");
  }
}
