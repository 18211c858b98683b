package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * Which key is which camera's: one each. Held in memory too, since each request asks. Thread-safe.
 */
public final class CameraKeys {

  private final Database database;
  private volatile Known known; // read when first asked, and anew after each change

  CameraKeys(Database database) {
    this.database = database;
  }

  /** What came of a wish to be paired. */
  public enum Outcome {
    /** The key is the camera's. */
    PAIRED,
    /** The ticket was used before. */
    USED,
    /** Another key has that name. */
    TAKEN
  }

  /**
   * What lets one camera in.
   *
   * @param hash SHA-256 of it, in hexadecimal digits
   * @param expiry when it is good no longer
   * @param anew whether it takes the name from another key
   */
  public record Ticket(String hash, Instant expiry, boolean anew) {}

  /** By key; and every name that has or had one. */
  private record Known(Map<String, CameraKey> keys, Set<String> names) {}

  /** Whose key it is; empty where it is nobody's, or was revoked. */
  public Optional<String> camera(String key) {
    return Optional.ofNullable(known().keys.get(key)).map(CameraKey::camera);
  }

  /** Whether a camera of this name was ever paired. */
  public boolean isKnown(String camera) {
    return known().names.contains(camera);
  }

  /** The cameras that are paired, by name. */
  public List<CameraKey> paired() {
    List<CameraKey> all = new ArrayList<>(known().keys.values());
    all.sort(Comparator.comparing(CameraKey::camera));
    return all;
  }

  /** Gives a key a name, and uses the ticket up, in one step. */
  public synchronized Outcome pair(CameraKey key, Ticket ticket) {
    Outcome outcome = database.write(h -> pair(h, key, ticket));
    known = load();
    return outcome;
  }

  /** Uses a ticket up for nothing. Returns whether it was good until then. */
  public boolean spend(String hash, Instant expiry) {
    return database.write(h -> spend(h, hash, expiry)) > 0;
  }

  /** Takes a camera's name from its key. Returns whether it had one. */
  public synchronized boolean revoke(String camera, Instant at) {
    boolean had = database.write(h -> revoke(h, camera, at)) > 0;
    known = load();
    return had;
  }

  private static Outcome pair(Handle h, CameraKey key, Ticket ticket) {
    h.createUpdate("DELETE FROM used_tickets WHERE expires_us < :now")
        .bind("now", Micros.of(key.pairedAt()))
        .execute();
    if (!ticket.anew() && isTaken(h, key)) {
      return Outcome.TAKEN;
    }
    if (spend(h, ticket.hash(), ticket.expiry()) == 0) {
      return Outcome.USED;
    }
    revoke(h, key.camera(), key.pairedAt());
    h.createUpdate(
            "INSERT INTO camera_keys (key, camera, paired_us) VALUES (:key, :camera, :at)"
                + " ON CONFLICT (key) DO UPDATE SET camera = excluded.camera,"
                + " paired_us = excluded.paired_us, revoked_us = NULL")
        .bind("key", key.key())
        .bind("camera", key.camera())
        .bind("at", Micros.of(key.pairedAt()))
        .execute();
    return Outcome.PAIRED;
  }

  private static int spend(Handle h, String hash, Instant expiry) {
    return h.createUpdate(
            "INSERT INTO used_tickets (ticket, expires_us) VALUES (:ticket, :expires)"
                + " ON CONFLICT DO NOTHING")
        .bind("ticket", hash)
        .bind("expires", Micros.of(expiry))
        .execute();
  }

  private static boolean isTaken(Handle h, CameraKey key) {
    return h.createQuery(
                "SELECT count(*) FROM camera_keys WHERE camera = :camera AND revoked_us IS NULL"
                    + " AND key <> :key")
            .bind("camera", key.camera())
            .bind("key", key.key())
            .mapTo(Long.class)
            .one()
        > 0;
  }

  private static int revoke(Handle h, String camera, Instant at) {
    return h.createUpdate(
            "UPDATE camera_keys SET revoked_us = :at WHERE camera = :camera AND revoked_us IS NULL")
        .bind("at", Micros.of(at))
        .bind("camera", camera)
        .execute();
  }

  private Known known() {
    Known now = known;
    if (now == null) {
      synchronized (this) {
        now = known == null ? load() : known;
        known = now;
      }
    }
    return now;
  }

  private Known load() {
    return database.read(
        h -> {
          Map<String, CameraKey> keys = new HashMap<>();
          Set<String> names = new HashSet<>();
          h.createQuery("SELECT key, camera, paired_us, revoked_us FROM camera_keys")
              .map(
                  (rs, ctx) -> {
                    names.add(rs.getString(2));
                    if (rs.getObject(4) == null) {
                      keys.put(
                          rs.getString(1),
                          new CameraKey(
                              rs.getString(2), rs.getString(1), Micros.instant(rs.getLong(3))));
                    }
                    return true;
                  })
              .list();
          return new Known(keys, names);
        });
  }
}
