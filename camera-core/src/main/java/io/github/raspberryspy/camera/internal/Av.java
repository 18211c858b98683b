package io.github.raspberryspy.camera.internal;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVRational;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;

/** What every caller of FFmpeg needs: error texts, options, the one timebase. */
public final class Av {

  private static final int ERROR_TEXT_BYTES = 128;

  private Av() {}

  /**
   * Microseconds, the timebase of everything here. A new object each time: FFmpeg's are mutable.
   */
  public static AVRational microseconds() {
    return avutil.av_make_q(1, 1_000_000);
  }

  /** FFmpeg's words for one of its error numbers. */
  public static String text(int error) {
    try (BytePointer text = new BytePointer(ERROR_TEXT_BYTES)) {
      avutil.av_strerror(error, text, ERROR_TEXT_BYTES);
      // A pointer that knows its limit would be read up to there, past the string's own end.
      return text.limit(BytePointer.strlen(text)).getString();
    }
  }

  /**
   * Returns a result that is not an error.
   *
   * @throws CameraException of this kind: {@code what: FFmpeg's words}
   */
  public static int check(int result, Kind kind, String what) {
    if (result < 0) {
      throw new CameraException(kind, what + ": " + text(result));
    }
    return result;
  }

  /** Returns a pointer that is not null. */
  public static <T> T checkAllocated(T pointer, String what) {
    if (pointer == null) {
      throw new CameraException(Kind.BUG, "no memory for " + what);
    }
    return pointer;
  }

  /** Options, as pairs of name and value. The caller frees it with {@code av_dict_free}. */
  public static AVDictionary options(String... pairs) {
    AVDictionary options = new AVDictionary(null);
    for (int i = 0; i + 1 < pairs.length; i += 2) {
      avutil.av_dict_set(options, pairs[i], pairs[i + 1], 0);
    }
    return options;
  }
}
