package io.github.raspberryspy.sink.store;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** The bytes of a segment's video. Immutable and thread-safe. */
public final class StoredVideo {

  private final FootageFiles files;
  private final String key;
  private final long bytes;

  StoredVideo(FootageFiles files, String key, long bytes) {
    this.files = files;
    this.key = key;
    this.bytes = bytes;
  }

  /** How many there are. */
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
  public InputStream open(long from, long count) throws IOException {
    try {
      return new Reading(files.open(key, from, count));
    } catch (FootageAwayException e) {
      throw StoreException.away(e);
    }
  }

  private static final class Reading extends FilterInputStream {
    Reading(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int most) throws IOException {
      try {
        return super.read(into, from, most);
      } catch (FootageAwayException e) {
        throw StoreException.away(e);
      }
    }
  }
}
