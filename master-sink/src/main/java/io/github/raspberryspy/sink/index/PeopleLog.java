package io.github.raspberryspy.sink.index;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.text.Normalizer;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What the index knows of people: who they are, who is invited, and what they did. Thread-safe. */
public final class PeopleLog {

  private static final String PERSON = "SELECT id, name, role, password, created_us FROM people";
  private static final String INVITATION =
      "SELECT hash, role, inviter, created_us, expires_us FROM invitations";

  private final Database database;
  private final SessionLog sessions;
  private final AuditLog audit;

  PeopleLog(Database database) {
    this.database = database;
    this.sessions = new SessionLog(database);
    this.audit = new AuditLog(database);
  }

  /** Browsers that are signed in. */
  public SessionLog sessions() {
    return sessions;
  }

  /** Who did what. */
  public AuditLog audit() {
    return audit;
  }

  /** A name as it is compared: neither case nor spelling of accents tells two apart. */
  public static String key(String name) {
    return Normalizer.normalize(name.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
  }

  /** All, by name. */
  public List<Person> all() {
    return database.read(
        h -> h.createQuery(PERSON + " ORDER BY name_key").map((rs, ctx) -> person(rs)).list());
  }

  /** Whoever has this name. */
  public Optional<Person> named(String name) {
    return database.read(h -> named(h, name));
  }

  /** Adds a person, unless the name is taken. Returns whether it was free. */
  public boolean add(Person person) {
    return database.write(h -> insert(h, person));
  }

  /**
   * Adds a person in place of the invitation by which they come.
   *
   * @return whether they did: the invitation was there, and the name free
   */
  public boolean join(Person person, String invitation) {
    return database.write(
        h -> {
          boolean isThere = delete(h, invitation) > 0;
          boolean isAdded = isThere && insert(h, person);
          if (isThere && !isAdded) {
            throw new NameTakenException();
          }
          return isAdded;
        });
  }

  /** The name is taken: nothing was changed. */
  public static final class NameTakenException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    NameTakenException() {
      super("the name is taken");
    }
  }

  /** Gives a person another password; ends their sessions but this one. */
  public void password(String person, String password, String keptSession) {
    database.change(
        h -> {
          h.createUpdate("UPDATE people SET password = :password WHERE id = :id")
              .bind("password", password)
              .bind("id", person)
              .execute();
          h.createUpdate("DELETE FROM sessions WHERE person = :id AND hash <> :kept")
              .bind("id", person)
              .bind("kept", keptSession)
              .execute();
        });
  }

  /** Keeps the same password under another hash. */
  public void rehash(String person, String old, String fresh) {
    database.change(
        h ->
            h.createUpdate("UPDATE people SET password = :fresh WHERE id = :id AND password = :old")
                .bind("fresh", fresh)
                .bind("id", person)
                .bind("old", old)
                .execute());
  }

  /** Removes a person and ends their sessions, unless no owner would be left: whether it did. */
  public boolean remove(String person) {
    return database.write(
        h -> {
          int owners =
              h.createQuery("SELECT count(*) FROM people WHERE role = 'OWNER' AND id <> :id")
                  .bind("id", person)
                  .mapTo(Integer.class)
                  .one();
          if (owners == 0) {
            return false;
          }
          h.createUpdate("DELETE FROM sessions WHERE person = :id").bind("id", person).execute();
          return h.createUpdate("DELETE FROM people WHERE id = :id").bind("id", person).execute()
              > 0;
        });
  }

  /** Notes an invitation, and forgets those that ended. */
  public void invited(Invitation invitation) {
    database.change(
        h -> {
          h.createUpdate("DELETE FROM invitations WHERE expires_us <= :now")
              .bind("now", Micros.of(invitation.created()))
              .execute();
          h.createUpdate(
                  "INSERT INTO invitations (hash, role, inviter, created_us, expires_us)"
                      + " VALUES (:hash, :role, :inviter, :created, :expires)")
              .bind("hash", invitation.hash())
              .bind("role", invitation.role().name())
              .bind("inviter", invitation.inviter())
              .bind("created", Micros.of(invitation.created()))
              .bind("expires", Micros.of(invitation.expires()))
              .execute();
        });
  }

  /** Invitations that have not ended, latest first; also what a clock that was ahead has made. */
  public List<Invitation> invitations(Instant now) {
    return database.read(
        h ->
            h.createQuery(INVITATION + " WHERE expires_us > :now" + " ORDER BY created_us DESC")
                .bind("now", Micros.of(now))
                .map((rs, ctx) -> invitation(rs))
                .list());
  }

  /** Takes an invitation back. Returns whether it was there. */
  public boolean uninvite(String hash) {
    return database.write(h -> delete(h, hash) > 0);
  }

  private static int delete(Handle h, String invitation) {
    return h.createUpdate("DELETE FROM invitations WHERE hash = :hash")
        .bind("hash", invitation)
        .execute();
  }

  private static Optional<Person> named(Handle h, String name) {
    return h.createQuery(PERSON + " WHERE name_key = :key")
        .bind("key", key(name))
        .map((rs, ctx) -> person(rs))
        .findOne();
  }

  private static boolean insert(Handle h, Person person) {
    return h.createUpdate(
                "INSERT INTO people (id, name, name_key, role, password, created_us) VALUES (:id,"
                    + " :name, :key, :role, :password, :created) ON CONFLICT DO NOTHING")
            .bind("id", person.id())
            .bind("name", person.name())
            .bind("key", key(person.name()))
            .bind("role", person.role().name())
            .bind("password", person.password())
            .bind("created", Micros.of(person.created()))
            .execute()
        > 0;
  }

  private static Person person(ResultSet rs) throws SQLException {
    return new Person(
        rs.getString(1),
        rs.getString(2),
        Role.valueOf(rs.getString(3)),
        rs.getString(4),
        Micros.instant(rs.getLong(5)));
  }

  private static Invitation invitation(ResultSet rs) throws SQLException {
    return new Invitation(
        rs.getString(1),
        Role.valueOf(rs.getString(2)),
        rs.getString(3),
        Micros.instant(rs.getLong(4)),
        Micros.instant(rs.getLong(5)));
  }
}
