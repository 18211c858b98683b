package io.github.raspberryspy.sink.index;

import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What outlives the process, by name. Thread-safe. */
public final class Notes {

  private final Database database;

  Notes(Database database) {
    this.database = database;
  }

  /** What was noted under this name. */
  public Optional<String> get(String name) {
    return database.read(
        h ->
            h.createQuery("SELECT value FROM notes WHERE name = :name")
                .bind("name", name)
                .mapTo(String.class)
                .findOne());
  }

  /** The time that was noted under this name; empty where it is none. */
  public Optional<Instant> time(String name) {
    try {
      return get(name).map(Instant::parse);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  /** Notes it, in place of what was there. */
  public void put(String name, String value) {
    database.change(h -> put(h, name, value));
  }

  /** Forgets it. */
  public void remove(String name) {
    database.change(h -> remove(h, name));
  }

  static void put(Handle h, String name, String value) {
    h.createUpdate(
            "INSERT INTO notes (name, value) VALUES (:name, :value)"
                + " ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind("name", name)
        .bind("value", value)
        .execute();
  }

  static void remove(Handle h, String name) {
    h.createUpdate("DELETE FROM notes WHERE name = :name").bind("name", name).execute();
  }

  /** Notes it unless there is something; returns what is noted then. */
  public String putIfAbsent(String name, String value) {
    return database.write(h -> putIfAbsent(h, name, value));
  }

  static String putIfAbsent(Handle h, String name, String value) {
    h.createUpdate("INSERT INTO notes (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING")
        .bind("name", name)
        .bind("value", value)
        .execute();
    return h.createQuery("SELECT value FROM notes WHERE name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .one();
  }
}
