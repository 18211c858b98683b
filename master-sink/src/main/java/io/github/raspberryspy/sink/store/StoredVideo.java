package io.github.raspberryspy.sink.store;

import io.github.raspberryspy.segments.Mp4Source;
import io.github.raspberryspy.segments.Poster;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.apache.commons.io.input.ProxyInputStream;

/** The bytes of a segment's video. Immutable and thread-safe. */
public final class StoredVideo implements Mp4Source {

  private final FootageFiles files;
  private final String key;
  private final long bytes;

  StoredVideo(FootageFiles files, String key, long bytes) {
    this.files = files;
    this.key = key;
    this.bytes = bytes;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  /**
   * Reads so many of them from an offset on. The caller closes.
   *
   * @return reading from it throws {@link StoreException} AWAY where the store breaks off
   * @throws java.nio.file.NoSuchFileException if it was deleted meanwhile
   * @throws StoreException AWAY if it cannot be asked for
   */
  @Override
  public InputStream open(long from, long count) throws IOException {
    try {
      return new Reading(files.open(key, from, count));
    } catch (FootageAwayException e) {
      throw StoreException.away(e);
    }
  }

  /** Whether each reading of it is a request to a store elsewhere. */
  boolean isInBucket() {
    return files.shared().isPresent();
  }

  /**
   * The still that the camera made of it; empty where there is none.
   *
   * @throws java.nio.file.NoSuchFileException if it was deleted meanwhile
   * @throws StoreException AWAY if it cannot be asked for
   */
  public Optional<byte[]> poster() throws IOException {
    return Poster.find(this);
  }

  private static final class Reading extends ProxyInputStream {
    Reading(InputStream in) {
      super(in);
    }

    @Override
    protected void handleIOException(IOException e) throws IOException {
      if (e instanceof FootageAwayException away) {
        throw StoreException.away(away);
      }
      throw e;
    }
  }
}
