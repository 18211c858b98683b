package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.decode.BitReader.UnreadableException;
import java.util.Arrays;

/**
 * What has to be known of a stream's parameter sets in order to read slice headers. Source: ITU-T
 * H.264, 7.3.2.1 and 7.3.2.2. For one thread.
 */
final class ParameterSets {

  private static final int MOST_SEQUENCES = 32;
  private static final int MOST_PICTURES = 256;

  /** Of a sequence parameter set: a real one has less than a hundred, and 32 of them are kept. */
  private static final int MOST_BYTES = 4096;

  /** Profiles whose sequence parameter set says how chroma is coded. */
  private static final int[] HIGH = {100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135};

  /** Of a sequence parameter set. */
  record Sequence(
      int profile,
      int references,
      int width,
      int height,
      boolean hasChroma,
      boolean hasSeparatePlanes,
      int frameNumBits,
      int orderType,
      int orderBits,
      boolean ordersNothing,
      boolean framesOnly) {}

  /** Of a picture parameter set. */
  record Picture(
      int sequence,
      boolean isArithmetic,
      boolean ordersFields,
      int references0,
      int references1,
      boolean weighsPredicted,
      boolean weighsBipredicted,
      int firstQp,
      boolean countsRedundant) {}

  private final Sequence[] sequences = new Sequence[MOST_SEQUENCES];
  private final Picture[] pictures = new Picture[MOST_PICTURES];
  private final byte[][] raw = new byte[MOST_SEQUENCES][]; // null where it could not be read

  /* Of the latest slice. */
  private int activeId = -1;
  private byte[] activeRaw;
  private Sequence active;

  /** Takes in a sequence parameter set. */
  void sequence(byte[] unit, int from, int end) throws UnreadableException {
    if (end - from > MOST_BYTES) {
      throw new UnreadableException("a sequence parameter set of " + (end - from) + " bytes");
    }
    BitReader in = new BitReader(unit, from, end);
    int profile = in.bits(8);
    in.bits(16);
    int id = in.unsigned(MOST_SEQUENCES - 1);
    byte[] bytes = Arrays.copyOfRange(unit, from, end);
    if (!Arrays.equals(bytes, raw[id])) {
      raw[id] = null;
      sequences[id] = null;
      sequences[id] = sequence(in, profile);
      raw[id] = bytes;
    }
  }

  /**
   * A slice of this picture comes. Some encoders give the same set another number with each
   * keyframe.
   *
   * @return whether its sequence is another than the one before
   */
  boolean activate(Picture picture) {
    int id = picture.sequence;
    boolean isAnother =
        id == activeId ? !Arrays.equals(raw[id], activeRaw) : !sequences[id].equals(active);
    boolean isFirst = activeId < 0;
    activeId = id;
    activeRaw = raw[id];
    active = sequences[id];
    return isAnother && !isFirst;
  }

  private static Sequence sequence(BitReader in, int profile) throws UnreadableException {
    int chroma = 1;
    boolean separate = false;
    if (Arrays.stream(HIGH).anyMatch(p -> p == profile)) {
      chroma = in.unsigned(3);
      separate = chroma == 3 && in.flag();
      in.unsigned();
      in.unsigned();
      in.flag();
      if (in.flag()) {
        skipScaling(in, chroma == 3 ? 12 : 8);
      }
    }
    int frameNumBits = 4 + in.unsigned(12);
    int orderType = in.unsigned(2);
    int orderBits = 0;
    boolean ordersNothing = false;
    if (orderType == 0) {
      orderBits = 4 + in.unsigned(12);
    } else if (orderType == 1) {
      ordersNothing = in.flag();
      in.signed();
      in.signed();
      for (int left = in.unsigned(255); left > 0; left--) {
        in.signed();
      }
    }
    int references = in.unsigned();
    in.flag();
    int width = in.unsigned(); // as macroblocks
    int height = in.unsigned();
    return new Sequence(
        profile,
        references,
        width,
        height,
        chroma != 0 && !separate,
        separate,
        frameNumBits,
        orderType,
        orderBits,
        ordersNothing,
        in.flag());
  }

  private static void skipScaling(BitReader in, int lists) throws UnreadableException {
    for (int list = 0; list < lists; list++) {
      int left = in.flag() ? (list < 6 ? 16 : 64) : 0;
      int scale = 8;
      while (left > 0 && scale != 0) {
        scale = Math.floorMod(scale + in.signed(), 256);
        left--;
      }
    }
  }

  /** Takes in a picture parameter set. */
  void picture(byte[] unit, int from, int end) throws UnreadableException {
    BitReader in = new BitReader(unit, from, end);
    int id = in.unsigned(MOST_PICTURES - 1);
    pictures[id] = null;
    int sequence = in.unsigned(MOST_SEQUENCES - 1);
    boolean isArithmetic = in.flag();
    boolean ordersFields = in.flag();
    if (in.unsigned() != 0) {
      throw new UnreadableException("slice groups");
    }
    int references0 = 1 + in.unsigned(31);
    int references1 = 1 + in.unsigned(31);
    boolean weighsPredicted = in.flag();
    boolean weighsBipredicted = in.bits(2) == 1;
    int firstQp = 26 + in.signed();
    in.signed();
    in.signed();
    in.bits(2);
    pictures[id] =
        new Picture(
            sequence,
            isArithmetic,
            ordersFields,
            references0,
            references1,
            weighsPredicted,
            weighsBipredicted,
            firstQp,
            in.flag());
  }

  Picture picture(int id) throws UnreadableException {
    if (id >= MOST_PICTURES || pictures[id] == null) {
      throw new UnreadableException("picture parameter set " + id + " did not come");
    }
    return pictures[id];
  }

  Sequence sequence(Picture of) throws UnreadableException {
    Sequence sequence = sequences[of.sequence];
    if (sequence == null) {
      throw new UnreadableException("sequence parameter set " + of.sequence + " did not come");
    }
    return sequence;
  }
}
