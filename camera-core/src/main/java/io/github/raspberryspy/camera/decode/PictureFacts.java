package io.github.raspberryspy.camera.decode;

/**
 * What the headers of one access unit say of its picture.
 *
 * @param kind how it is coded
 * @param isReference whether others may be coded as differences from it
 * @param quantiser of its slices, the mean by their bytes; -36 to 51
 * @param effort natural logarithm of what its content costs at one and the same quantiser: bytes of
 *     each slice, times the slice's quantiser step. An encoder that keeps to a bitrate changes the
 *     one against the other.
 * @param continues whether it follows the picture before, with none lost between
 * @param isAnotherStream whether it goes by another sequence parameter set than the picture before
 */
record PictureFacts(
    Kind kind,
    boolean isReference,
    int quantiser,
    double effort,
    boolean continues,
    boolean isAnotherStream) {

  /** How the least predictable slice of a picture is predicted. */
  enum Kind {
    INTRA,
    PREDICTED,
    BIPREDICTED
  }
}
