package io.github.raspberryspy.camera.decode;

import io.github.raspberryspy.camera.decode.BitReader.UnreadableException;
import io.github.raspberryspy.camera.decode.ParameterSets.Picture;
import io.github.raspberryspy.camera.decode.ParameterSets.Sequence;
import io.github.raspberryspy.camera.encode.NalUnits;
import io.github.raspberryspy.camera.encode.Packet;
import java.util.Optional;

/**
 * Reads what the headers of H.264 say of each picture, without decoding it: a hundredth of a
 * millisecond. Source: ITU-T H.264, 7.3.3. For one thread.
 */
final class SliceHeaders {

  /** H.264, 7.4.3: from -QpBdOffset on, which is 36 with 14 bits. */
  private static final int LEAST_QP = -36;

  private static final int MOST_QP = 51;

  private static final int SLICE = 1;
  private static final int IDR_SLICE = 5;
  private static final int SEQUENCE = 7;
  private static final int PICTURE = 8;

  private final ParameterSets sets = new ParameterSets();
  private int lastFrameNum = -1; // of the latest reference picture; -1 for none

  /* Of the access unit that is being read. */
  private double cost;
  private long size;
  private int slices;
  private PictureFacts.Kind kind = PictureFacts.Kind.INTRA;
  private boolean isReference;
  private boolean continues;
  private boolean isAnotherStream;

  /**
   * Reads the next access unit.
   *
   * @return empty where it cannot be read: then nothing is known of its picture
   */
  Optional<PictureFacts> read(Packet packet) {
    cost = 0;
    size = 0;
    slices = 0;
    kind = PictureFacts.Kind.INTRA;
    continues = true;
    isAnotherStream = false;
    try {
      NalUnits.forEach(packet.array(), this::unit);
    } catch (UnreadableException e) {
      lastFrameNum = -1;
      return Optional.empty();
    }
    return slices == 0
        ? Optional.empty()
        : Optional.of(
            new PictureFacts(
                kind,
                isReference,
                (int) Math.round(6 * Math.log(cost / size) / Math.log(2)),
                Math.log(cost),
                continues && !isAnotherStream,
                isAnotherStream));
  }

  private void unit(byte[] bytes, int from, int end) throws UnreadableException {
    switch (bytes[from] & 0x1f) {
      case SEQUENCE -> sets.sequence(bytes, from + 1, end);
      case PICTURE -> sets.picture(bytes, from + 1, end);
      case SLICE, IDR_SLICE -> slice(bytes, from, end);
      case 2, 3, 4 -> throw new UnreadableException("data partitions");
      default -> {
        // Nothing that a picture is made of.
      }
    }
  }

  private void slice(byte[] bytes, int from, int end) throws UnreadableException {
    boolean isIdr = (bytes[from] & 0x1f) == IDR_SLICE;
    isReference = (bytes[from] & 0x60) != 0;
    BitReader in = new BitReader(bytes, from + 1, end);
    in.unsigned(); // its first macroblock
    int type = in.unsigned(9) % 5;
    boolean isIntra = type == 2 || type == 4;
    boolean isB = type == 1;
    Picture picture = sets.picture(in.unsigned());
    Sequence sequence = sets.sequence(picture);
    isAnotherStream |= sets.activate(picture);
    if (sequence.hasSeparatePlanes()) {
      in.bits(2);
    }
    int frameNum = in.bits(sequence.frameNumBits());
    order(in, sequence, picture, isIdr);
    if (isB) {
      in.flag();
    }
    if (!isIntra) {
      references(in, sequence, picture, isB);
    }
    if (isReference) {
      skipMarking(in, isIdr);
    }
    if (picture.isArithmetic() && !isIntra) {
      in.unsigned(2);
    }
    int qp = picture.firstQp() + in.signed();
    if (qp < LEAST_QP || qp > MOST_QP) {
      throw new UnreadableException("a quantiser of " + qp);
    }
    size += end - from;
    cost += (end - from) * Math.pow(2, qp / 6.0);
    if (!isIntra && kind != PictureFacts.Kind.BIPREDICTED) {
      kind = isB ? PictureFacts.Kind.BIPREDICTED : PictureFacts.Kind.PREDICTED;
    }
    if (slices++ == 0) {
      follow(frameNum, isIdr, 1 << sequence.frameNumBits());
    }
  }

  /** Each reference picture has the next number: a hole is a picture that was lost. */
  private void follow(int frameNum, boolean isIdr, int modulus) {
    int expected = (lastFrameNum + 1) % modulus;
    continues &= isIdr || (lastFrameNum >= 0 && (frameNum == expected || frameNum == lastFrameNum));
    if (isReference) {
      lastFrameNum = frameNum;
    }
  }

  private static void order(BitReader in, Sequence sequence, Picture picture, boolean isIdr)
      throws UnreadableException {
    boolean isField = !sequence.framesOnly() && in.flag();
    if (isField) {
      in.flag();
    }
    if (isIdr) {
      in.unsigned();
    }
    boolean ordersFields = picture.ordersFields() && !isField;
    if (sequence.orderType() == 0) {
      in.bits(sequence.orderBits());
      if (ordersFields) {
        in.signed();
      }
    } else if (sequence.orderType() == 1 && !sequence.ordersNothing()) {
      in.signed();
      if (ordersFields) {
        in.signed();
      }
    }
    if (picture.countsRedundant()) {
      in.unsigned();
    }
  }

  private static void references(BitReader in, Sequence sequence, Picture picture, boolean isB)
      throws UnreadableException {
    int references0 = picture.references0();
    int references1 = picture.references1();
    if (in.flag()) {
      references0 = 1 + in.unsigned(31);
      references1 = isB ? 1 + in.unsigned(31) : references1;
    }
    for (int list = 0; list < (isB ? 2 : 1); list++) {
      if (in.flag()) {
        while (in.unsigned(3) != 3) {
          in.unsigned();
        }
      }
    }
    if (isB ? picture.weighsBipredicted() : picture.weighsPredicted()) {
      in.unsigned(7);
      if (sequence.hasChroma()) {
        in.unsigned(7);
      }
      skipWeights(in, references0, sequence.hasChroma());
      if (isB) {
        skipWeights(in, references1, sequence.hasChroma());
      }
    }
  }

  private static void skipWeights(BitReader in, int references, boolean hasChroma)
      throws UnreadableException {
    for (int i = 0; i < references; i++) {
      skipSigned(in, in.flag() ? 2 : 0);
      skipSigned(in, hasChroma && in.flag() ? 4 : 0);
    }
  }

  private static void skipSigned(BitReader in, int count) throws UnreadableException {
    for (int i = 0; i < count; i++) {
      in.signed();
    }
  }

  private static void skipMarking(BitReader in, boolean isIdr) throws UnreadableException {
    if (isIdr) {
      in.bits(2);
      return;
    }
    if (!in.flag()) {
      return;
    }
    for (int operation = in.unsigned(6); operation != 0; operation = in.unsigned(6)) {
      if (operation != 5) {
        in.unsigned();
      }
      if (operation == 3) {
        in.unsigned();
      }
    }
  }
}
