package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.s3.S3Failure;
import io.github.raspberryspy.s3.S3Http;
import io.github.raspberryspy.s3.S3Objects;
import io.github.raspberryspy.s3.S3Parts;
import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.SegmentName;
import io.github.raspberryspy.sink.store.FootageCheck.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.input.ProxyInputStream;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Footage as objects of a bucket, which belongs to one footage folder: an object says to which.
 * Whatever the store does not answer is a {@link FootageAwayException}.
 */
public final class BucketFiles implements FootageFiles, AutoCloseable {

  /*
   * A store says the same of an object that is missing and of a bucket that is: 404. So before
   * something is called missing, the object is looked at that says whose the bucket is.
   */
  private static final String MARKER = ".raspberryspy/footage-id";
  private static final int MOST_OF_MARKER = 200;
  private static final String PIECE = "application/octet-stream";
  private static final long PART_BYTES = 16 << 20;

  /** Source: the S3 API's DeleteObjects. */
  private static final int MOST_AT_ONCE = 1000;

  /**
   * Of the threads that answer requests, a third each for seals and for what grows: the others
   * remain for all that needs no bucket, however slow it is.
   */
  private static final int MOST_WAITING = 40;

  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final S3Bucket bucket;
  private final SdkHttpClient http;
  private final S3Objects objects;
  private final String id;

  private volatile boolean isShared;

  /** When the marker was seen last, {@link System#nanoTime()}. */
  private volatile long seen = System.nanoTime() - LOOK_NANOS;

  /** What was wrong when it was looked at last. */
  private volatile String complaint = "";

  private BucketFiles(S3Bucket bucket, String id) {
    this.bucket = bucket;
    this.http = new S3Http(CONNECT, ANSWER, System::nanoTime);
    this.objects = new S3Objects(bucket, http, "master");
    this.id = id;
  }

  /**
   * Opens a bucket, and makes it this footage folder's own where it is nobody's.
   *
   * @param folderId the footage folder's id
   * @throws IOException in one sentence, if it cannot be reached or is another's
   */
  public static BucketFiles open(S3Bucket bucket, String folderId) throws IOException {
    return open(new BucketFiles(bucket, folderId), true);
  }

  /**
   * Opens a bucket that was this footage folder's own before: one that is nobody's is another one.
   *
   * @param folderId the footage folder's id
   * @throws IOException in one sentence, if it cannot be reached or is not the folder's
   */
  public static BucketFiles reopen(S3Bucket bucket, String folderId) throws IOException {
    return open(new BucketFiles(bucket, folderId), false);
  }

  /**
   * Opens a bucket that is this footage folder's, to look at it only.
   *
   * @param folderId the footage folder's id
   * @throws IllegalArgumentException in one sentence, if there is no such bucket, it does not let
   *     the key in, or it is not the folder's
   * @throws IOException in one sentence, if it cannot be reached
   */
  public static BucketFiles inspect(S3Bucket bucket, String folderId) throws IOException {
    BucketFiles files = new BucketFiles(bucket, folderId);
    try {
      files.requireOwner(files.marker().orElse("nobody"));
      return files;
    } catch (FootageAwayException e) {
      files.close();
      if (e.getCause() instanceof S3Failure failure && failure.isOfConfiguration()) {
        throw new IllegalArgumentException(e.getMessage(), e);
      }
      throw e;
    } catch (IOException e) {
      files.close();
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static BucketFiles open(BucketFiles files, boolean isNew) throws IOException {
    try {
      files.requireOurs(isNew);
      return files;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private void requireOurs(boolean isNew) throws IOException {
    Optional<String> marker = marker();
    if (marker.isEmpty() && !isNew) {
      throw new IOException(
          bucket.store()
              + " is not the one that the footage was kept in before, for it has no object "
              + key(MARKER)
              + ": is it the right one, and is its disk mounted? To use it as it is, delete"
              + " .raspberryspy/store in the footage folder");
    }
    if (marker.isEmpty()) {
      ask(MARKER, () -> first(MARKER, markerText()));
    }
    requireOwner(marker().orElse("nobody"));
  }

  private void requireOwner(String owner) throws IOException {
    if (!owner.equals(id)) {
      throw new IOException(
          bucket.store()
              + " is the store of another footage folder, by its object "
              + key(MARKER)
              + ", which reads "
              + owner
              + ", while the folder here is "
              + id);
    }
    seen = System.nanoTime();
  }

  private byte[] markerText() {
    return (id + "\n").getBytes(UTF_8);
  }

  /** Whose it is; empty where it is nobody's. */
  private Optional<String> marker() throws IOException {
    try {
      byte[] text = ask(MARKER, () -> objects.read(key(MARKER), MOST_OF_MARKER));
      return Optional.of(new String(text, UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** Before something is said to be missing. */
  private void requireHere() throws IOException {
    if (System.nanoTime() - seen < RECENT_NANOS) {
      return;
    }
    Optional<String> owner = marker();
    if (!owner.equals(Optional.of(id))) {
      throw new FootageAwayException(
          bucket.store() + " is not the one that was opened: it has no object " + key(MARKER),
          null);
    }
    seen = System.nanoTime();
  }

  private String key(String key) {
    return bucket.prefix() + key;
  }

  /** Asks the store, whose failures come out as what they mean for the footage. */
  private <T> T ask(String key, S3Objects.Work<T> work) throws IOException {
    try {
      return objects.work(work);
    } catch (S3Failure e) {
      if (e.getCause() instanceof S3Exception refusal
          && refusal.awsErrorDetails() != null
          && "NoSuchKey".equals(refusal.awsErrorDetails().errorCode())) {
        throw new NoSuchFileException(key);
      }
      throw new FootageAwayException(e.getMessage(), e);
    }
  }

  private Optional<HeadObjectResponse> head(String key) throws IOException {
    Optional<HeadObjectResponse> there = ask(key, () -> objects.head(key(key)));
    if (there.isEmpty()) {
      requireHere();
    }
    return there;
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    Optional<HeadObjectResponse> there = head(key);
    return there.isPresent() ? OptionalLong.of(there.get().contentLength()) : OptionalLong.empty();
  }

  @Override
  public InputStream open(String key, long from, long bytes) throws IOException {
    if (bytes == 0) {
      return InputStream.nullInputStream();
    }
    try {
      return new Answer(ask(key, () -> objects.open(key(key), from, bytes)));
    } catch (NoSuchFileException e) {
      requireHere();
      throw e;
    }
  }

  /** A connection that breaks says nothing of the object. */
  private final class Answer extends ProxyInputStream {
    Answer(InputStream in) {
      super(in);
    }

    @Override
    protected void handleIOException(IOException e) throws IOException {
      throw new FootageAwayException("the connection to " + bucket.store() + " broke", e);
    }
  }

  @Override
  public void place(Path file, String key, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, 0, content.bytes());
      if (!HexFormat.of().formatHex(parts.sha256()).equals(content.sha256())) {
        throw new IOException(file + " changed after it was verified");
      }
      ask(key, () -> place(key, parts));
    }
  }

  private static ByteBuffer piece(FileChannel channel, long at, int bytes) throws IOException {
    ByteBuffer piece = ByteBuffer.allocate(bytes);
    while (piece.hasRemaining()) {
      if (channel.read(piece, at + piece.position()) < 0) {
        throw new IOException("the upload became shorter after it was verified");
      }
    }
    return piece.flip();
  }

  /** What is there already is read, whatever the store says of it: it may have been damaged. */
  private boolean place(String key, S3Parts parts) throws IOException {
    String type = "video/mp4";
    Optional<HeadObjectResponse> before = head(key);
    if (before.isPresent() && objects.hasSameBytes(key(key), parts)) {
      return false;
    }
    boolean isOurs = false;
    if (before.isPresent()) {
      objects.replace(key(key), type, parts);
    } else {
      isOurs = objects.send(key(key), type, parts, bytes -> {});
    }
    Optional<HeadObjectResponse> after = head(key);
    if (after.isEmpty() || !objects.isSame(key(key), after.get(), parts)) {
      if (isOurs) { // it would keep its name from what comes next
        objects.client().deleteObject(r -> r.bucket(bucket.bucket()).key(key(key)));
      }
      throw new IOException(key + " is not in " + bucket.store() + " as it was sent");
    }
    return true;
  }

  /**
   * Puts a stretch of a file under a key that nothing has.
   *
   * @return false where something lies there, which stays
   */
  boolean create(String key, Path file, long from, long bytes) throws IOException {
    requireHere(); // another bucket would take it as well
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, from, bytes);
      return ask(key, () -> objects.send(key(key), PIECE, parts, n -> {}));
    }
  }

  /** Puts a stretch of a file under a key, in place of what lies there. */
  void replace(String key, Path file, long from, long bytes) throws IOException {
    requireHere(); // likewise
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, from, bytes);
      ask(
          key,
          () -> {
            objects.replace(key(key), PIECE, parts);
            return true;
          });
    }
  }

  private static S3Parts parts(FileChannel channel, long from, long bytes) throws IOException {
    return new S3Parts((at, n) -> piece(channel, from + at, n), bytes, PART_BYTES);
  }

  /**
   * Puts something small under a key that nothing has.
   *
   * @return false where something lies there, which stays
   */
  boolean create(String key, byte[] bytes) throws IOException {
    requireHere();
    return ask(key, () -> first(key, bytes));
  }

  private boolean first(String key, byte[] bytes) {
    try {
      objects.write(key(key), "text/plain", bytes, true);
      return true;
    } catch (S3Exception e) {
      if (e.statusCode() == 412) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Makes it one that replicas of the master share. Of two who write under one key the store has to
   * refuse the second, where they ask for it.
   *
   * @throws IOException in one sentence, if it does not
   */
  public void share() throws IOException {
    if (create(MARKER, markerText())) {
      throw new IOException(
          bucket.store()
              + " writes over what is there where it is asked not to (If-None-Match): replicas of a"
              + " master cannot share it");
    }
    isShared = true;
  }

  @Override
  public Optional<BucketFiles> shared() {
    return isShared ? Optional.of(this) : Optional.empty();
  }

  @Override
  public void write(String key, byte[] bytes) throws IOException {
    String type = key.endsWith(SegmentName.MANIFEST) ? "application/json" : "text/plain";
    boolean isSame =
        ask(
            key,
            () -> {
              objects.write(key(key), type, bytes, false);
              return objects.hasBytes(key(key), bytes);
            });
    if (!isSame) {
      throw new IOException(key + " is not in " + bucket.store() + " as it was sent");
    }
  }

  @Override
  public void delete(List<String> keys) throws IOException {
    requireHere(); // another bucket says as well that it is gone
    for (String key : keys) {
      ask(key, () -> objects.client().deleteObject(r -> r.bucket(bucket.bucket()).key(key(key))));
    }
  }

  /** As {@link #delete}, in any order, and of any day. */
  void deleteAll(List<String> keys) throws IOException {
    requireHere();
    for (int i = 0; i < keys.size(); i += MOST_AT_ONCE) {
      List<String> some = keys.subList(i, Math.min(i + MOST_AT_ONCE, keys.size()));
      Optional<S3Error> error = ask(some.get(0), () -> refusal(some));
      if (error.isPresent()) {
        throw new IOException(
            bucket.store() + " did not delete " + error.get().key() + ": " + error.get().code());
      }
    }
  }

  /** What a request for all of them did not delete. */
  private Optional<S3Error> refusal(List<String> keys) {
    List<ObjectIdentifier> objectsToGo =
        keys.stream().map(key -> ObjectIdentifier.builder().key(key(key)).build()).toList();
    return objects
        .client()
        .deleteObjects(
            r -> r.bucket(bucket.bucket()).delete(d -> d.objects(objectsToGo).quiet(true)))
        .errors()
        .stream()
        .findFirst();
  }

  @Override
  public List<String> days() throws IOException {
    List<String> days = new ArrayList<>();
    for (String camera : folders("")) {
      if (FootageKeys.isCamera(camera)) {
        folders(camera + "/").forEach(day -> days.add(camera + "/" + day));
      }
    }
    return days;
  }

  private Set<String> folders(String above) throws IOException {
    Set<String> names = new TreeSet<>();
    String prefix = key(above);
    ask(
        above,
        () -> {
          objects
              .client()
              .listObjectsV2Paginator(r -> r.bucket(bucket.bucket()).prefix(prefix).delimiter("/"))
              .commonPrefixes()
              .stream()
              .map(CommonPrefix::prefix)
              .forEach(name -> names.add(name.substring(prefix.length(), name.length() - 1)));
          return names;
        });
    return names;
  }

  @Override
  public List<Entry> list(String day) throws IOException {
    return listFrom(day, "");
  }

  /** As {@link #list}, of what has a name that begins so. */
  List<Entry> listFrom(String day, String begin) throws IOException {
    List<Entry> entries = new ArrayList<>();
    String prefix = key(day + "/" + begin);
    ask(
        day,
        () -> {
          for (S3Object object :
              objects
                  .client()
                  .listObjectsV2Paginator(
                      r -> r.bucket(bucket.bucket()).prefix(prefix).delimiter("/"))
                  .contents()) {
            String key = object.key().substring(bucket.prefix().length());
            entries.add(new Entry(key, object.size(), object.lastModified()));
          }
          return entries;
        });
    return entries;
  }

  /** What is wrong with the uploads of replicas that are under way here. */
  public Set<Fault> uploadFaults() throws IOException {
    return UploadPieces.faults(this);
  }

  @Override
  public int mostAtOnce() {
    return MOST_WAITING;
  }

  @Override
  public boolean isHere() {
    if (System.nanoTime() - seen < LOOK_NANOS) {
      return true;
    }
    try {
      requireHere();
      return true;
    } catch (IOException e) {
      complaint = String.valueOf(e.getMessage());
      return false;
    }
  }

  @Override
  public String complaint() {
    return complaint;
  }

  @Override
  public String name() {
    return bucket.store();
  }

  @Override
  public String where() {
    return "in " + name();
  }

  @Override
  public void close() {
    http.close();
  }
}
