package io.github.raspberryspy.benchmarks.store;

import io.github.raspberryspy.sink.index.SegmentIndex;
import io.github.raspberryspy.sink.index.StoredSegment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.flywaydb.core.Flyway;

/**
 * Brings an index of an earlier version up to date, as a master does when it starts. Prints one
 * line a figure. Arguments: a folder, where there is none yet how many segments it is to have, and
 * of which version of the tables.
 */
public final class UpgradeIndex {

  private static final long BYTES = 30_000_000;
  private static final int BATCH = 500;

  private UpgradeIndex() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]).resolve("old.db");
    if (args.length > 1) {
      make(file, Integer.parseInt(args[1]), args[2]);
      return;
    }
    long begun = System.nanoTime();
    try (SegmentIndex index = SegmentIndex.open(file)) {
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf(
          Locale.ROOT, "%d segments: upgraded in %.1f s%n", index.totals().segments(), seconds);
    }
    System.out.println("largest resident memory: " + MillionSegments.residentMegabytes() + " MB");
  }

  /** Fills one of this version's, and copies what an older one has of it. */
  private static void make(Path file, int count, String version) throws Exception {
    Path filled = file.resolveSibling("filled.db");
    fill(filled, count);
    Flyway.configure()
        .dataSource(url(file), null, null)
        .locations("classpath:db/sqlite")
        .target(version)
        .load()
        .migrate();
    try (Connection connection = DriverManager.getConnection(url(file));
        Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("ATTACH '" + filled + "' AS filled");
      for (String table :
          texts(
              statement,
              "SELECT name FROM main.sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'"
                  + " AND name NOT IN ('tallies', 'flyway_schema_history')")) {
        String columns =
            String.join(
                ", ", texts(statement, "SELECT name FROM pragma_table_info('" + table + "')"));
        statement.execute(
            "INSERT OR IGNORE INTO main.%1$s (%2$s) SELECT %2$s FROM filled.%1$s"
                .formatted(table, columns));
      }
    }
    Files.delete(filled);
    System.out.println("index: " + (Files.size(file) >> 20) + " MB, tables of version " + version);
  }

  private static void fill(Path file, int count) throws IOException {
    Random random = new Random(1);
    List<StoredSegment> batch = new ArrayList<>();
    try (SegmentIndex index = SegmentIndex.open(file)) {
      for (int i = 0; i < count; i++) {
        batch.add(MadeUp.segment(random, i, BYTES));
        if (batch.size() == BATCH || i == count - 1) {
          index.add(batch);
          batch.clear();
        }
      }
    }
  }

  private static List<String> texts(Statement statement, String query) throws SQLException {
    List<String> texts = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        texts.add(rows.getString(1));
      }
    }
    return texts;
  }

  private static String url(Path file) {
    return "jdbc:sqlite:" + file;
  }
}
