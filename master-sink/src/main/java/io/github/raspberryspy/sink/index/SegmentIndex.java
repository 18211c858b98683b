package io.github.raspberryspy.sink.index;

import io.github.raspberryspy.segments.SegmentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlLogger;

/**
 * Which segments the master holds. A row exists only after the file is durable under its path, and
 * goes before the file does. Thread-safe; a change is durable when its method returns. Failures of
 * the database come as {@link org.jdbi.v3.core.JdbiException}; of those, {@link
 * IndexUnavailableException} passes by itself.
 */
public final class SegmentIndex implements AutoCloseable {

  private static final int COMPLETE = 1;
  private static final String FOOTAGE = "footage.id";

  private final Database database;
  private final CameraLog cameras;
  private final PeopleLog people;
  private final Notes notes;
  private final Trash trash;
  private final GarbageLog garbage;
  private final DamageLog damage;
  private final Stamps stamps;
  private final Shelves shelves;
  private final Whereabouts whereabouts;
  private final AlertLog alerts;
  private final DeliveryLog deliveries;
  private final CameraKeys cameraKeys;
  private final ShareLog shares;

  private SegmentIndex(Database database) {
    this.database = database;
    this.cameras = new CameraLog(database);
    this.people = new PeopleLog(database);
    this.notes = new Notes(database);
    this.trash = new Trash(database);
    this.garbage = new GarbageLog(database);
    this.damage = new DamageLog(database);
    this.stamps = new Stamps(database);
    this.shelves = new Shelves(database);
    this.whereabouts = new Whereabouts(database);
    this.alerts = new AlertLog(database);
    this.deliveries = new DeliveryLog(database);
    this.cameraKeys = new CameraKeys(database);
    this.shares = new ShareLog(database);
  }

  /**
   * Opens or creates the index in this file. A damaged one is put aside.
   *
   * @throws IOException if it cannot be opened
   */
  public static SegmentIndex open(Path file) throws IOException {
    return new SegmentIndex(SqliteDatabase.open(file));
  }

  /**
   * Opens the index on this server and brings its tables up to date.
   *
   * @param footage id of the footage folder, to which the database belongs from the first time on
   * @throws IOException in one sentence, if the server cannot be reached or does not keep what it
   *     says is written, or if the database belongs to another footage folder
   */
  public static SegmentIndex open(PostgresConfig server, String footage) throws IOException {
    SegmentIndex index = new SegmentIndex(PostgresDatabase.open(server, false));
    try {
      String owner = index.notes.putIfAbsent(FOOTAGE, footage);
      if (owner.equals(footage)) {
        return index;
      }
      throw new IOException(
          "index "
              + server
              + " belongs to another footage folder, with the id "
              + owner
              + " and not "
              + footage
              + ": name a database for this one alone; an empty one is filled from the files");
    } catch (IOException | RuntimeException e) {
      index.close();
      throw e;
    }
  }

  /**
   * Opens the index that replicas of a master share, as the one that serves. One that holds it and
   * says nothing any more is made to let go.
   *
   * @throws IndexHeldException if another one serves
   * @throws IOException in one sentence, if the server cannot be reached or does not keep what it
   *     says is written
   */
  public static SegmentIndex openShared(PostgresConfig server) throws IOException {
    return new SegmentIndex(PostgresDatabase.open(server, true));
  }

  /**
   * Opens the index in a file, beside a master or without one, to be read only: what changes it
   * throws an {@link IllegalStateException}.
   *
   * @throws IllegalArgumentException in one sentence, if there is none, or none of this version
   * @throws IOException in one sentence, if it cannot be read
   */
  public static SegmentIndex readOnly(Path file) throws IOException {
    return new SegmentIndex(ReadOnlyDatabase.of(file));
  }

  /**
   * Likewise the one on a server, whoever holds it.
   *
   * @throws IllegalArgumentException in one sentence, if the server does not know the user or the
   *     database, or it is not of this version
   * @throws IOException in one sentence, if it cannot be read
   */
  public static SegmentIndex readOnly(PostgresConfig server) throws IOException {
    return new SegmentIndex(ReadOnlyDatabase.of(server));
  }

  /** The id of the footage that the index is of, where a database server holds it. */
  public Optional<String> footageId() {
    return notes.get(FOOTAGE);
  }

  /**
   * Notes something in the database that replicas share, unless it is there; whoever serves.
   *
   * @return what is noted then
   * @throws IOException in one sentence, if the server cannot be reached
   */
  public static String noteShared(PostgresConfig server, String name, String value)
      throws IOException {
    return PostgresDatabase.once(server, h -> Notes.putIfAbsent(h, name, value));
  }

  /**
   * The id of the footage that the index is of.
   *
   * @param fresh what it becomes where there is none yet
   */
  public String footageId(String fresh) {
    return notes.putIfAbsent(FOOTAGE, fresh);
  }

  /** Whether another master has taken it over: this one changes nothing any more. */
  public boolean isTaken() {
    return database.isTaken();
  }

  /**
   * Asks whether no other master has taken it over.
   *
   * @throws IndexUnavailableException if one has, or that cannot be asked
   */
  public void requireHeld() {
    database.requireHeld();
  }

  /** Whether it holds all that the footage folder does; a new one does not yet. */
  public boolean isComplete() {
    return database.userVersion() == COMPLETE;
  }

  /** Says so. */
  public void markComplete() {
    database.userVersion(COMPLETE);
  }

  /** What is remembered of cameras. */
  public CameraLog cameras() {
    return cameras;
  }

  /** Who may sign in, who is signed in, and what they did. */
  public PeopleLog people() {
    return people;
  }

  /** What is remembered from one run to the next. */
  public Notes notes() {
    return notes;
  }

  /** What can still be had back. */
  public Trash trash() {
    return trash;
  }

  /** Files whose deletion has begun and is not known to be over. */
  public GarbageLog garbage() {
    return garbage;
  }

  /** What files have to be, and are no longer. */
  public DamageLog damage() {
    return damage;
  }

  /** When footage was received. */
  public Stamps stamps() {
    return stamps;
  }

  /** How far back footage goes. */
  public Shelves shelves() {
    return shelves;
  }

  /** Which key is which camera's. */
  public CameraKeys cameraKeys() {
    return cameraKeys;
  }

  /** Which files it accounts for. */
  public Whereabouts whereabouts() {
    return whereabouts;
  }

  /** What people were told. */
  public AlertLog alerts() {
    return alerts;
  }

  /** What is left to deliver of them. */
  public DeliveryLog deliveries() {
    return deliveries;
  }

  /** What is shown to whoever has a link. */
  public ShareLog shares() {
    return shares;
  }

  /** The segment with this id. */
  public Optional<StoredSegment> find(SegmentId id) {
    return database.read(
        h ->
            Rows.segments(
                    h.createQuery("SELECT " + Rows.COLUMNS + " FROM segments s WHERE s.id = :id")
                        .bind("id", id.toString()))
                .findOne());
  }

  /** The segment that this upload became. */
  public Optional<StoredSegment> findByUpload(String token) {
    return database.read(
        h ->
            Rows.segments(
                    h.createQuery(
                            "SELECT "
                                + Rows.COLUMNS
                                + " FROM uploads u JOIN segments s ON s.id = u.segment"
                                + " WHERE u.token = :token")
                        .bind("token", token))
                .findOne());
  }

  /** Adds segments with their motion, all or none; one that is there already stays as it is. */
  public void add(List<StoredSegment> segments) {
    database.change(h -> Rows.insertAll(h, segments));
  }

  /**
   * Adds a segment and remembers which upload it was, in one step.
   *
   * @throws IllegalStateException if its id or its path is taken
   */
  public void add(StoredSegment segment, String token) {
    database.change(
        h -> {
          Rows.add(h, segment);
          Rows.link(h, token, segment.manifest().id());
        });
  }

  /**
   * Puts a segment in another's place, whose file becomes garbage, in one step.
   *
   * @throws IllegalStateException if its path is taken
   */
  public void replace(StoredSegment old, StoredSegment segment, String token) {
    database.change(
        h -> {
          Rows.discard(h, old);
          Rows.add(h, segment);
          Rows.link(h, token, segment.manifest().id());
        });
  }

  /** Remembers one more upload of a segment. */
  public void linkUpload(String token, SegmentId id) {
    database.change(h -> Rows.link(h, token, id));
  }

  /** Sets the saved mark, with what somebody writes of it. */
  public void save(SegmentId id, String note) {
    database.change(
        h ->
            h.createUpdate("UPDATE segments SET saved = 1, note = :note WHERE id = :id")
                .bind("note", Rows.plain(note))
                .bind("id", id.toString())
                .execute());
  }

  /** Sets or takes away the saved mark, with its note. */
  public void setSaved(SegmentId id, boolean saved) {
    String sql =
        "UPDATE segments SET saved = :saved, note = CASE :saved WHEN 1 THEN note ELSE '' END";
    database.change(
        h ->
            h.createUpdate(sql + " WHERE id = :id")
                .bind("saved", saved ? 1 : 0)
                .bind("id", id.toString())
                .execute());
  }

  /** Takes a segment out whose file is not there any more. */
  public void remove(SegmentId id) {
    database.change(h -> Rows.delete(h, id));
  }

  /** Takes a segment out and remembers its file as garbage, in one step. */
  public void discard(StoredSegment segment) {
    database.change(h -> Rows.discard(h, segment));
  }

  /** A page of the segments that are asked for, by start and id. */
  public SegmentPage list(SegmentQuery query) {
    return database.read(h -> Listing.page(h, query));
  }

  /**
   * The segments that were received first among those that nobody saved: without their manifests,
   * of which a few hundred may be large.
   *
   * @param camera of this one, or of all
   * @param motion those in which something moves or may have moved, or those in which nothing does
   */
  public List<UnsavedSegment> oldestUnsaved(Optional<String> camera, boolean motion, int limit) {
    String sql =
        "SELECT id, received_us, bytes FROM segments WHERE saved = 0 AND motion "
            + (motion ? "<> 0" : "= 0")
            + (camera.isPresent() ? " AND camera = :camera" : "")
            + " ORDER BY received_us, id LIMIT :limit";
    return database.read(
        h -> {
          Query query = h.createQuery(sql).bind("limit", limit);
          camera.ifPresent(name -> query.bind("camera", name));
          return query
              .map(
                  (rs, ctx) ->
                      new UnsavedSegment(
                          SegmentId.parse(rs.getString(1)),
                          Micros.instant(rs.getLong(2)),
                          rs.getLong(3)))
              .list();
        });
  }

  /** Days, in UTC, on which a segment starts, newest first. */
  public List<String> days(Optional<String> camera) {
    return database.read(h -> Listing.days(h, camera));
  }

  /** How much there is. */
  public StorageTotals totals() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT coalesce(sum(segments), 0), coalesce(sum(bytes), 0),"
                        + " coalesce(sum(saved), 0), coalesce(sum(saved_bytes), 0) FROM totals")
                .map(
                    (rs, ctx) ->
                        new StorageTotals(
                            rs.getLong(1), rs.getLong(2), rs.getLong(3), rs.getLong(4)))
                .one());
  }

  /** How much there is of each camera that has any, by name. */
  public List<CameraTotals> cameraTotals() {
    return database.read(
        h ->
            h.createQuery(
                    "SELECT t.camera, sum(t.segments), sum(t.bytes), (SELECT l.id FROM segments l"
                        + " WHERE l.camera = t.camera ORDER BY l.start_us DESC, l.id DESC LIMIT 1)"
                        + " FROM tallies t GROUP BY t.camera ORDER BY t.camera")
                .map(
                    (rs, ctx) ->
                        new CameraTotals(
                            rs.getString(1), rs.getLong(2), rs.getLong(3), rs.getString(4)))
                .list());
  }

  /** Tells of every statement from now on, before it is run. */
  void watch(SqlLogger watcher) {
    database.watch(watcher);
  }

  /** Closes the database; of a file, the log is folded in before. */
  @Override
  public void close() {
    database.close();
  }
}
