package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.s3.S3Bucket;
import io.github.raspberryspy.s3.S3Failure;
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
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.io.input.ProxyInputStream;
import software.amazon.awssdk.services.s3.model.CommonPrefix;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Footage as objects of a bucket, which belongs to one footage folder: an object says to which.
 * Whatever the store does not answer is a {@link FootageAwayException}.
 */
public final class BucketFiles implements FootageFiles, AutoCloseable {

  private static final String PIECE = "application/octet-stream";
  private static final long PART_BYTES = 16 << 20;

  /** Source: the S3 API's DeleteObjects. */
  private static final int MOST_AT_ONCE = 1000;

  /**
   * Of the threads that answer requests, a third each for seals and for what grows: the others
   * remain for all that needs no bucket, however slow it is.
   */
  private static final int MOST_WAITING = 40;

  private final BucketObjects store;
  private final S3Objects objects;
  private final BucketOwner owner;
  private volatile boolean isShared;

  private BucketFiles(S3Bucket bucket, String id) {
    this.store = new BucketObjects(bucket);
    this.objects = store.objects();
    this.owner = new BucketOwner(store, id);
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
      files.owner.require();
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
      files.owner.claim(isNew);
      return files;
    } catch (IOException | RuntimeException e) {
      files.close();
      throw e;
    }
  }

  private Optional<HeadObjectResponse> head(String key) throws IOException {
    Optional<HeadObjectResponse> there = store.ask(key, () -> objects.head(store.key(key)));
    if (there.isEmpty()) {
      owner.requireHere();
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
      return new Answer(store.ask(key, () -> objects.open(store.key(key), from, bytes)));
    } catch (NoSuchFileException e) {
      owner.requireHere();
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
      throw new FootageAwayException("the connection to " + store.name() + " broke", e);
    }
  }

  @Override
  public void place(Path file, String key, Content content) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, 0, content.bytes());
      if (!HexFormat.of().formatHex(parts.sha256()).equals(content.sha256())) {
        throw new IOException(file + " changed after it was verified");
      }
      store.ask(key, () -> place(key, parts));
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
    if (before.isPresent() && objects.hasSameBytes(store.key(key), parts)) {
      return false;
    }
    boolean isOurs = false;
    if (before.isPresent()) {
      objects.replace(store.key(key), type, parts);
    } else {
      isOurs = objects.send(store.key(key), type, parts, bytes -> {});
    }
    Optional<HeadObjectResponse> after = head(key);
    if (after.isEmpty() || !objects.isSame(store.key(key), after.get(), parts)) {
      if (isOurs) { // it would keep its name from what comes next
        objects.client().deleteObject(r -> r.bucket(objects.bucket()).key(store.key(key)));
      }
      throw new IOException(key + " is not in " + store.name() + " as it was sent");
    }
    return true;
  }

  /**
   * Puts a stretch of a file under a key that nothing has.
   *
   * @return false where something lies there, which stays
   */
  boolean create(String key, Path file, long from, long bytes) throws IOException {
    owner.requireHere(); // another bucket would take it as well
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, from, bytes);
      return store.ask(key, () -> objects.send(store.key(key), PIECE, parts, n -> {}));
    }
  }

  /** Puts a stretch of a file under a key, in place of what lies there. */
  void replace(String key, Path file, long from, long bytes) throws IOException {
    owner.requireHere(); // likewise
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      S3Parts parts = parts(channel, from, bytes);
      store.ask(
          key,
          () -> {
            objects.replace(store.key(key), PIECE, parts);
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
    owner.requireHere();
    return store.ask(key, () -> store.create(key, bytes));
  }

  /**
   * Makes it one that replicas of the master share. Of two who write under one key the store has to
   * refuse the second, where they ask for it.
   *
   * @throws IOException in one sentence, if it does not
   */
  public void share() throws IOException {
    if (!owner.keepsItsMark()) {
      throw new IOException(
          store.name()
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
        store.ask(
            key,
            () -> {
              objects.write(store.key(key), type, bytes, false);
              return objects.hasBytes(store.key(key), bytes);
            });
    if (!isSame) {
      throw new IOException(key + " is not in " + store.name() + " as it was sent");
    }
  }

  @Override
  public void delete(List<String> keys) throws IOException {
    owner.requireHere(); // another bucket says as well that it is gone
    for (String key : keys) {
      store.ask(
          key,
          () -> objects.client().deleteObject(r -> r.bucket(objects.bucket()).key(store.key(key))));
    }
  }

  /** As {@link #delete}, in any order, and of any day. */
  void deleteAll(List<String> keys) throws IOException {
    owner.requireHere();
    for (int i = 0; i < keys.size(); i += MOST_AT_ONCE) {
      List<String> some = keys.subList(i, Math.min(i + MOST_AT_ONCE, keys.size()));
      Optional<S3Error> error = store.ask(some.get(0), () -> refusal(some));
      if (error.isPresent()) {
        throw new IOException(
            store.name() + " did not delete " + error.get().key() + ": " + error.get().code());
      }
    }
  }

  /** What a request for all of them did not delete. */
  private Optional<S3Error> refusal(List<String> keys) {
    List<ObjectIdentifier> objectsToGo =
        keys.stream().map(key -> ObjectIdentifier.builder().key(store.key(key)).build()).toList();
    return objects
        .client()
        .deleteObjects(
            r -> r.bucket(objects.bucket()).delete(d -> d.objects(objectsToGo).quiet(true)))
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
    String prefix = store.key(above);
    store.ask(
        above,
        () -> {
          objects
              .client()
              .listObjectsV2Paginator(r -> r.bucket(objects.bucket()).prefix(prefix).delimiter("/"))
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
    String prefix = store.key(day + "/" + begin);
    store.ask(
        day,
        () -> {
          for (S3Object object :
              objects
                  .client()
                  .listObjectsV2Paginator(
                      r -> r.bucket(objects.bucket()).prefix(prefix).delimiter("/"))
                  .contents()) {
            String key = object.key().substring(store.key("").length());
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
    return owner.isHere();
  }

  @Override
  public String complaint() {
    return owner.complaint();
  }

  @Override
  public String name() {
    return store.name();
  }

  @Override
  public String where() {
    return "in " + name();
  }

  @Override
  public void close() {
    store.close();
  }
}
