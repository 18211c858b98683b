package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Content;
import io.github.raspberryspy.segments.DurableFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Where sealed footage lies, with what is kept beside it, under keys such as {@code
 * front/2026-11-23/NAME.mp4} ({@link FootageKeys}). What a method has put there or taken away is
 * durable when it returns. Whoever changes what lies under a camera's keys holds that camera's
 * lock. Thread-safe; what cannot be done is an {@link IOException}.
 */
public interface FootageFiles {

  /**
   * Something that lies there.
   *
   * @param key where
   * @param bytes its size
   * @param written when it was written
   */
  record Entry(String key, long bytes, Instant written) {}

  /** Its size in bytes; empty where nothing lies under the key. */
  OptionalLong size(String key) throws IOException;

  /** Whether anything lies under a key. */
  default boolean exists(String key) throws IOException {
    return size(key).isPresent();
  }

  /**
   * Reads so many bytes of it from an offset on, fewer where it ends before. The caller closes.
   *
   * @throws java.nio.file.NoSuchFileException if nothing lies under the key
   */
  InputStream open(String key, long from, long bytes) throws IOException;

  /**
   * Reads something small.
   *
   * @param most that is read of it, bytes
   */
  default byte[] read(String key, int most) throws IOException {
    try (InputStream in = open(key, 0, most)) {
      return in.readNBytes(most);
    }
  }

  /** Reads all of it again. */
  default Content hash(String key) throws IOException {
    MessageDigest digest = DurableFiles.sha256();
    long size = 0;
    byte[] buffer = new byte[128 << 10];
    try (InputStream in = open(key, 0, Long.MAX_VALUE)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        size += n;
        digest.update(buffer, 0, n);
      }
    }
    if (size == 0) {
      throw new IOException(key + " is empty");
    }
    return new Content(size, HexFormat.of().formatHex(digest.digest()));
  }

  /**
   * Puts a file of this computer, that was verified and synced, under a key, whole or not at all,
   * in place of what may lie there. The file may be gone then.
   *
   * @param content what was verified
   */
  void place(Path file, String key, Content content) throws IOException;

  /** Puts something small under a key, whole or not at all, in place of what may lie there. */
  void write(String key, byte[] bytes) throws IOException;

  /** Takes away what lies under these keys of one day, in this order. */
  void delete(List<String> keys) throws IOException;

  /** The days of all cameras, such as {@code front/2026-11-23}, in order. */
  List<String> days() throws IOException;

  /** What lies there of a day, in the order of the keys; nothing, where there is no such day. */
  List<Entry> list(String day) throws IOException;

  /** Itself, where replicas of the master share it; empty where one master has it alone. */
  default Optional<BucketFiles> shared() {
    return Optional.empty();
  }

  /** How many requests for one purpose may be at it at one time: each holds a thread meanwhile. */
  default int mostAtOnce() {
    return Integer.MAX_VALUE;
  }

  /** Whether it can be reached and is the one that was opened. */
  boolean isHere();

  /** What is wrong where it is not here, in one sentence. */
  String complaint();

  /** How it is called in sentences. */
  String name();

  /** Likewise, behind what lies there. */
  String where();
}
