package io.github.raspberryspy.camera.source;

import io.github.raspberryspy.camera.CameraException;
import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.encode.NalUnits;
import java.util.Arrays;

/**
 * Cuts a stream of H.264 bytes into access units. One is known to be whole when the next begins, so
 * each comes out one picture later than it went in.
 *
 * <p>A keyframe without parameter sets gets the latest ones in front. What comes before the first
 * keyframe is passed over. Source: ITU-T H.264, 7.4.1.2.3 and Annex B.
 */
final class RpicamAccessUnits {

  /** Takes access units. */
  @FunctionalInterface
  interface Receiver {
    /**
     * A whole access unit.
     *
     * @param arrivalNanos when its first byte came
     */
    void onUnit(byte[] accessUnit, boolean isKeyframe, long arrivalNanos);
  }

  /** More than any picture of H.264 has. */
  static final int MOST_BYTES = 16 << 20;

  private static final int SLICE = 1;
  private static final int IDR = 5;
  private static final int SEI = 6;
  private static final int DELIMITER = 9;

  private final String name;
  private byte[] buffer = new byte[1 << 18];
  private int filled;
  private int scanned; // up to here start codes were looked for
  private int unitStart = -1; // of the access unit under way
  private boolean hasSlice;
  private boolean hasBegun; // with a keyframe
  private long arrivalNanos; // of the access unit under way
  private byte[] parameterSets = new byte[0];

  RpicamAccessUnits(String name) {
    this.name = name;
  }

  /** Takes more of the stream, and hands on what it completes. */
  void take(byte[] bytes, int length, long nanos, Receiver receiver) {
    forgetHandedOn();
    append(bytes, length);
    // A NAL unit's first two bytes behind its start code tell where it belongs.
    for (; scanned + 4 < filled; scanned++) {
      if (buffer[scanned] == 0 && buffer[scanned + 1] == 0 && buffer[scanned + 2] == 1) {
        onNal(scanned, nanos, receiver);
      }
    }
  }

  /** The stream has ended: what is left is an access unit. */
  void finish(Receiver receiver) {
    if (unitStart >= 0 && hasSlice) {
      hand(filled, receiver);
    }
    filled = 0;
  }

  private void onNal(int startCode, long nanos, Receiver receiver) {
    int type = buffer[startCode + 3] & 0x1f;
    boolean isSlice = type >= SLICE && type <= IDR;
    // first_mb_in_slice is 0 where the first bit of the slice header is 1.
    boolean isFirst = isSlice && (buffer[startCode + 4] & 0x80) != 0;
    boolean opens = isFirst || (type >= SEI && type <= DELIMITER);
    if (unitStart < 0) {
      begin(withLeadingZero(startCode), nanos);
    } else if (opens && hasSlice) {
      int end = withLeadingZero(startCode);
      hand(end, receiver);
      begin(end, nanos);
    }
    hasSlice |= isSlice;
  }

  private void begin(int start, long nanos) {
    unitStart = start;
    hasSlice = false;
    arrivalNanos = nanos;
  }

  /** Once for all units that a piece completed, not once for each: there may be thousands. */
  private void forgetHandedOn() {
    if (unitStart > 0) {
      System.arraycopy(buffer, unitStart, buffer, 0, filled - unitStart);
      filled -= unitStart;
      scanned -= unitStart;
      unitStart = 0;
    }
  }

  /** A start code may have a zero in front, which belongs to it. */
  private int withLeadingZero(int startCode) {
    return startCode > 0 && buffer[startCode - 1] == 0 ? startCode - 1 : startCode;
  }

  private void hand(int end, Receiver receiver) {
    byte[] unit = Arrays.copyOfRange(buffer, unitStart, end);
    byte[] sets = NalUnits.parameterSets(unit);
    if (sets.length > 0) {
      parameterSets = sets;
    }
    boolean isKeyframe = NalUnits.hasIdr(unit);
    hasBegun |= isKeyframe && parameterSets.length > 0;
    if (!hasBegun) {
      return;
    }
    if (isKeyframe && sets.length == 0) {
      byte[] both = Arrays.copyOf(parameterSets, parameterSets.length + unit.length);
      System.arraycopy(unit, 0, both, parameterSets.length, unit.length);
      unit = both;
    }
    receiver.onUnit(unit, isKeyframe, arrivalNanos);
  }

  private void append(byte[] bytes, int length) {
    if (filled + length > MOST_BYTES) {
      throw new CameraException(
          Kind.DEVICE_TIMEOUT,
          name + " sends no H.264: " + (filled + length) / 1_000_000 + " MB without a picture");
    }
    if (filled + length > buffer.length) {
      buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, filled + length));
    }
    System.arraycopy(bytes, 0, buffer, filled, length);
    filled += length;
  }
}
