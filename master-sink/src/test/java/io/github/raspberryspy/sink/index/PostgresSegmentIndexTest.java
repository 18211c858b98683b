package io.github.raspberryspy.sink.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.raspberryspy.sink.TestPostgres;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The index on a server, and what only a server can do wrong. */
class PostgresSegmentIndexTest extends SegmentIndexTest {

  private static final String FOOTAGE = "5a0c3a2e-0000-4000-8000-000000000001";

  private TestPostgres postgres;

  @BeforeEach
  void create() throws IOException {
    postgres = TestPostgres.create();
  }

  @Override
  SegmentIndex open() throws IOException {
    return SegmentIndex.open(postgres.config(), FOOTAGE);
  }

  @Override
  DataSource database() {
    return postgres.config().source();
  }

  @Override
  String migrations() {
    return "classpath:db/postgresql";
  }

  @ParameterizedTest
  @CsvSource({
    "synchronous_commit, off, its setting synchronous_commit is off",
    "default_transaction_read_only, on, read-only"
  })
  void aServerThatKeepsNothingIsRefused(String setting, String value, String said) {
    TestPostgres.admin(
        "ALTER DATABASE " + postgres.name() + " SET " + setting + " = '" + value + "'");
    assertThatThrownBy(this::open)
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("index jdbc:postgresql://127.0.0.1:")
        .hasMessageContaining(said)
        .hasMessageNotContaining("\n");
  }

  @Test
  void aSettingThatIsTurnedOffLaterDoesNotReachTheIndex() throws Exception {
    try (PostgresDatabase database = PostgresDatabase.open(postgres.config(), false)) {
      assertThat(setting(database)).isEqualTo("on");
      TestPostgres.admin("ALTER DATABASE " + postgres.name() + " SET synchronous_commit = 'off'");
      assertThat(setting(database)).isEqualTo("on");
      postgres.cut();
      assertThatThrownBy(() -> setting(database))
          .isInstanceOf(IndexUnavailableException.class)
          .hasMessageContaining("its setting synchronous_commit is off");
    }
  }

  private static String setting(Database database) {
    return database.read(h -> h.createQuery("SHOW synchronous_commit").mapTo(String.class).one());
  }

  @Test
  void aLostConnectionIsReplacedUnnoticed() throws Exception {
    try (SegmentIndex index = open()) {
      Random random = new Random(5);
      for (int i = 0; i < 10; i++) {
        index.add(segment(random, i), "token" + i);
        postgres.cut();
        assertThat(index.totals().segments()).isEqualTo(i + 1);
        postgres.cut();
      }
    }
  }

  @Test
  void aServerThatIsAwayIsSaidToBeAndComesBack() throws Exception {
    StoredSegment one = segment(new Random(5), 0);
    try (SegmentIndex index = open()) {
      postgres.away();
      assertThatThrownBy(() -> index.add(one, "token"))
          .isInstanceOf(IndexUnavailableException.class);
      assertThatThrownBy(() -> index.find(one.manifest().id()))
          .isInstanceOf(IndexUnavailableException.class);
      postgres.back();
      assertThat(index.find(one.manifest().id())).isEmpty();
      index.add(one, "token");
      assertThat(index.findByUpload("token")).contains(one);
    }
  }

  /** What may have been committed is not done twice: whoever asked looks, and asks again. */
  @Test
  void aConnectionThatIsLostAtTheCommitIsNoSuccess() throws Exception {
    try (PostgresDatabase database = PostgresDatabase.open(postgres.config(), false)) {
      database.change(h -> h.execute("CREATE TABLE calls (number INTEGER)"));
      int[] calls = {0};
      assertThatThrownBy(
              () ->
                  database.change(
                      h -> {
                        h.execute("INSERT INTO calls VALUES (1)");
                        calls[0]++;
                        postgres.cut();
                      }))
          .isInstanceOf(IndexUnavailableException.class);
      assertThat(calls[0]).isEqualTo(1);
      assertThat(
              database.<Long>read(
                  h -> h.createQuery("SELECT count(*) FROM calls").mapTo(Long.class).one()))
          .isZero();
    }
  }

  @Test
  void ofMastersThatStartTogetherOneGetsIn() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Callable<Optional<SegmentIndex>> start = this::tryToOpen;
      List<SegmentIndex> in = new ArrayList<>();
      for (Future<Optional<SegmentIndex>> each :
          threads.invokeAll(List.of(start, start, start, start))) {
        each.get().ifPresent(in::add);
      }
      assertThat(in).hasSize(1);
      in.get(0).close();
      open().close();
    } finally {
      threads.shutdownNow();
    }
  }

  private Optional<SegmentIndex> tryToOpen() {
    try {
      return Optional.of(open());
    } catch (IOException e) {
      assertThat(e)
          .hasMessage(
              "index " + postgres.config() + " cannot be used: it is in use by another master");
      return Optional.empty();
    }
  }

  @Test
  void aMasterThatWasCutOffTakesHoldAgain() throws Exception {
    try (SegmentIndex index = open()) {
      postgres.cut();
      index.add(segment(new Random(5), 0), "token");
      assertThat(tryToOpen()).isEmpty();
    }
  }

  /** Or it would delete, and vouch for, what the other one does not know of. */
  @Test
  void aMasterThatWasCutOffChangesNothingAfterAnotherCame() throws Exception {
    Random random = new Random(5);
    StoredSegment one = segment(random, 0);
    StoredSegment two = segment(random, 1);
    try (SegmentIndex cutOff = open()) {
      cutOff.add(one, "one");
      postgres.cut();
      try (SegmentIndex other = open()) {
        assertThatThrownBy(() -> cutOff.add(two, "two"))
            .isInstanceOf(IndexUnavailableException.class)
            .hasMessageContaining("another master has taken the index over");
        assertThatThrownBy(() -> cutOff.discard(one)).isInstanceOf(IndexUnavailableException.class);
        other.add(two, "two");
        assertThat(other.totals().segments()).isEqualTo(2);
      }
    }
  }

  /** It would find none of that one's files, and take their rows away. */
  @Test
  void anotherFootageFolderIsRefused() throws Exception {
    StoredSegment one = segment(new Random(5), 0);
    try (SegmentIndex index = open()) {
      index.add(one, "token");
    }
    String other = "5a0c3a2e-0000-4000-8000-000000000002";
    assertThatThrownBy(() -> SegmentIndex.open(postgres.config(), other))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("index " + postgres.config() + " belongs to another footage folder")
        .hasMessageContaining(FOOTAGE)
        .hasMessageContaining(other)
        .hasMessageNotContaining("\n");
    try (SegmentIndex index = open()) {
      assertThat(index.findByUpload("token")).contains(one);
    }
  }

  @Test
  void noAddressIsTakenThatHasASecretInIt() {
    for (String url :
        List.of(
            "jdbc:postgresql://localhost/db?password=secret",
            "jdbc:postgresql://localhost/db?ssl=true&user=me",
            "jdbc:postgresql://me:secret@localhost/db",
            "jdbc:mysql://secret/db")) {
      assertThatThrownBy(() -> new PostgresConfig(url, Optional.empty(), Optional.empty()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageNotContaining("secret");
    }
    assertThat(
            new PostgresConfig(
                    "jdbc:postgresql://h/db?sslmode=require", Optional.of("u"), Optional.of("pw"))
                .toString())
        .isEqualTo("jdbc:postgresql://h/db");
  }
}
