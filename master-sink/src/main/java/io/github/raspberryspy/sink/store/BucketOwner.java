package io.github.raspberryspy.sink.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Whose a bucket is: an object in it says to which footage folder it belongs. A store says the same
 * of an object that is missing and of a bucket that is: 404. So before something is called missing,
 * that object is looked at. Thread-safe.
 */
final class BucketOwner {

  private static final String MARKER = ".raspberryspy/footage-id";
  private static final int MOST_OF_MARKER = 200;
  private static final long RECENT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(4);

  private final BucketObjects store;
  private final String id;

  /** When the marker was seen last, {@link System#nanoTime()}. */
  private volatile long seen = System.nanoTime() - LOOK_NANOS;

  /** What was wrong when it was looked at last. */
  private volatile String complaint = "";

  /**
   * Not looked at yet.
   *
   * @param id of the footage folder
   */
  BucketOwner(BucketObjects store, String id) {
    this.store = store;
    this.id = id;
  }

  /**
   * Makes sure that the bucket is this footage folder's.
   *
   * @param isNew whether one that is nobody's becomes so
   * @throws IOException in one sentence, if it cannot be reached or is not
   */
  void claim(boolean isNew) throws IOException {
    Optional<String> marker = marker();
    if (marker.isEmpty() && !isNew) {
      throw new IOException(
          store.name()
              + " is not the one that the footage was kept in before, for it has no object "
              + store.key(MARKER)
              + ": is it the right one, and is its disk mounted? To use it as it is, delete"
              + " .raspberryspy/store in the footage folder");
    }
    if (marker.isEmpty()) {
      store.ask(MARKER, () -> store.create(MARKER, text()));
    }
    require();
  }

  /**
   * Looks whose it is.
   *
   * @throws IOException in one sentence, if it cannot be reached or is another's or nobody's
   */
  void require() throws IOException {
    String owner = marker().orElse("nobody");
    if (!owner.equals(id)) {
      throw new IOException(
          store.name()
              + " is the store of another footage folder, by its object "
              + store.key(MARKER)
              + ", which reads "
              + owner
              + ", while the folder here is "
              + id);
    }
    seen = System.nanoTime();
  }

  /** Before something is said to be missing. */
  void requireHere() throws IOException {
    if (System.nanoTime() - seen < RECENT_NANOS) {
      return;
    }
    if (!marker().equals(Optional.of(id))) {
      throw new FootageAwayException(
          store.name() + " is not the one that was opened: it has no object " + store.key(MARKER),
          null);
    }
    seen = System.nanoTime();
  }

  /** Whether it was there within some seconds, or is now. */
  boolean isHere() {
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

  /** What was wrong when it was looked at last; empty for nothing. */
  String complaint() {
    return complaint;
  }

  /** Whether the store refuses to write the marker again where it is asked not to write over. */
  boolean keepsItsMark() throws IOException {
    requireHere();
    return !store.ask(MARKER, () -> store.create(MARKER, text()));
  }

  /** Whose it is; empty where it is nobody's. */
  private Optional<String> marker() throws IOException {
    try {
      byte[] text =
          store.ask(MARKER, () -> store.objects().read(store.key(MARKER), MOST_OF_MARKER));
      return Optional.of(new String(text, UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private byte[] text() {
    return (id + "\n").getBytes(UTF_8);
  }
}
