package io.github.raspberryspy.camera.encode;

import java.io.ByteArrayOutputStream;

/**
 * Looks into an access unit of H.264 in Annex B form, start codes and all. Source: ITU-T H.264,
 * Annex B and table 7-1.
 */
public final class NalUnits {

  private static final int IDR = 5;
  private static final int SPS = 7;
  private static final int PPS = 8;

  private NalUnits() {}

  /**
   * Takes one unit.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  public interface Visitor<E extends Exception> {
    /**
     * Called for each unit in turn.
     *
     * @param accessUnit not to be changed
     * @param from index of the unit's header
     * @param end index behind its last byte
     */
    void visit(byte[] accessUnit, int from, int end) throws E;
  }

  /** Shows each unit that has a header. */
  public static <E extends Exception> void forEach(byte[] accessUnit, Visitor<E> visitor) throws E {
    int at = next(accessUnit, 0);
    while (at < accessUnit.length) {
      int behind = next(accessUnit, at);
      visitor.visit(accessUnit, at, endOf(accessUnit, at, behind));
      at = behind;
    }
  }

  /** Whether it holds a slice of an IDR picture: decoding can start here. */
  public static boolean hasIdr(byte[] accessUnit) {
    for (int at = next(accessUnit, 0); at < accessUnit.length; at = next(accessUnit, at)) {
      int type = accessUnit[at] & 0x1f;
      if (type == IDR) {
        return true;
      }
      if (type >= 1 && type < IDR) {
        return false; // slices of other pictures: an access unit holds one picture
      }
    }
    return false;
  }

  /** Whether it holds a slice of any picture, and not parameter sets or the like alone. */
  public static boolean hasPicture(byte[] accessUnit) {
    for (int at = next(accessUnit, 0); at < accessUnit.length; at = next(accessUnit, at)) {
      int type = accessUnit[at] & 0x1f;
      if (type >= 1 && type <= IDR) {
        return true;
      }
    }
    return false;
  }

  /**
   * The parameter sets in front of the first slice, each with a start code; empty where it has
   * none.
   */
  public static byte[] parameterSets(byte[] accessUnit) {
    ByteArrayOutputStream sets = new ByteArrayOutputStream(64);
    int at = next(accessUnit, 0);
    while (at < accessUnit.length) {
      int type = accessUnit[at] & 0x1f;
      if (type >= 1 && type <= IDR) {
        break;
      }
      int behind = next(accessUnit, at);
      if (type == SPS || type == PPS) {
        sets.write(0);
        sets.write(0);
        sets.write(0);
        sets.write(1);
        sets.write(accessUnit, at, endOf(accessUnit, at, behind) - at);
      }
      at = behind;
    }
    return sets.toByteArray();
  }

  /**
   * Index of the byte behind the next start code at or after an index; the length if there is none.
   */
  private static int next(byte[] b, int from) {
    for (int i = from; i + 3 < b.length; i++) {
      if (b[i] == 0 && b[i + 1] == 0 && b[i + 2] == 1) {
        return i + 3;
      }
    }
    return b.length;
  }

  /** Where a unit ends: before the next start code and the zeros in front of it. */
  private static int endOf(byte[] b, int start, int nextStart) {
    if (nextStart == b.length) {
      return b.length;
    }
    int end = nextStart - 3;
    while (end > start && b[end - 1] == 0) {
      end--;
    }
    return end;
  }
}
