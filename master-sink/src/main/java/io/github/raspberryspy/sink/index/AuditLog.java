package io.github.raspberryspy.sink.index;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.segments.DurableFiles;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who did what, only ever added to. Each entry holds a hash over itself and the entry before, so
 * that none can be changed or left out without another hash at the end. Thread-safe.
 */
public final class AuditLog {

  private static final String FIRST = "0".repeat(64);
  private static final int LONGEST = 300;
  private static final String SELECT =
      "SELECT number, at_us, who, address, action, detail, hash FROM audit";

  private final Database database;

  AuditLog(Database database) {
    this.database = database;
  }

  /** Adds an entry; its number and hash are found here. */
  public void add(Instant at, String who, String address, String action, String detail) {
    database.change(
        h -> {
          Optional<AuditEntry> last =
              h.createQuery(SELECT + " ORDER BY number DESC LIMIT 1")
                  .map((rs, ctx) -> entry(rs))
                  .findOne();
          AuditEntry fresh =
              new AuditEntry(
                  last.map(AuditEntry::number).orElse(0L) + 1,
                  Micros.instant(Micros.of(at)),
                  cut(who),
                  cut(address),
                  cut(action),
                  cut(detail),
                  "");
          h.createUpdate(
                  "INSERT INTO audit (number, at_us, who, address, action, detail, hash)"
                      + " VALUES (:number, :at, :who, :address, :action, :detail, :hash)")
              .bind("number", fresh.number())
              .bind("at", Micros.of(fresh.at()))
              .bind("who", fresh.who())
              .bind("address", fresh.address())
              .bind("action", fresh.action())
              .bind("detail", fresh.detail())
              .bind("hash", hash(last.map(AuditEntry::hash).orElse(FIRST), fresh))
              .execute();
        });
  }

  /**
   * Entries, latest first.
   *
   * @param before only entries with a smaller number
   * @param most how many
   */
  public List<AuditEntry> entries(long before, int most) {
    return database.read(
        h ->
            h.createQuery(SELECT + " WHERE number < :before ORDER BY number DESC LIMIT :most")
                .bind("before", before)
                .bind("most", most)
                .map((rs, ctx) -> entry(rs))
                .list());
  }

  /** Reads the whole chain: what is wrong with it in one sentence, or empty. */
  public Optional<String> fault() {
    return database.read(
        h -> {
          try (Stream<AuditEntry> all =
              h.createQuery(SELECT + " ORDER BY number").map((rs, ctx) -> entry(rs)).stream()) {
            return fault(all.iterator());
          }
        });
  }

  private static Optional<String> fault(Iterator<AuditEntry> entries) {
    String before = FIRST;
    long number = 0;
    while (entries.hasNext()) {
      AuditEntry entry = entries.next();
      number++;
      if (entry.number() != number) {
        return Optional.of("entry " + number + " of the audit log is missing");
      }
      if (!entry.hash().equals(hash(before, entry))) {
        return Optional.of(
            "entry " + number + " of the audit log, or one before it, is not what it was");
      }
      before = entry.hash();
    }
    return Optional.empty();
  }

  /** Each text goes in with its length, so that no two entries look the same. */
  private static String hash(String before, AuditEntry entry) {
    MessageDigest sha256 = DurableFiles.sha256();
    sha256.update(before.getBytes(UTF_8));
    sha256.update(
        ByteBuffer.allocate(16).putLong(entry.number()).putLong(Micros.of(entry.at())).array());
    for (String text : List.of(entry.who(), entry.address(), entry.action(), entry.detail())) {
      byte[] bytes = text.getBytes(UTF_8);
      sha256.update(ByteBuffer.allocate(4).putInt(bytes.length).array());
      sha256.update(bytes);
    }
    return HexFormat.of().formatHex(sha256.digest());
  }

  private static String cut(String text) {
    return Rows.plain(text.length() <= LONGEST ? text : text.substring(0, LONGEST));
  }

  private static AuditEntry entry(ResultSet rs) throws SQLException {
    return new AuditEntry(
        rs.getLong(1),
        Micros.instant(rs.getLong(2)),
        rs.getString(3),
        rs.getString(4),
        rs.getString(5),
        rs.getString(6),
        rs.getString(7));
  }
}
