package io.github.raspberryspy.camera.record;

import io.github.raspberryspy.camera.CameraException.Kind;
import io.github.raspberryspy.camera.internal.Av;
import io.github.raspberryspy.camera.internal.Natives;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import org.bytedeco.ffmpeg.avutil.AVSHA;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;

/**
 * The SHA-256 of a file that grows. It is FFmpeg's: Java's own is four times as slow under the
 * JVM's quick compiler, which the camera runs with, and the bytes lie in FFmpeg's memory as it is.
 * For one thread; its little native memory goes with the garbage.
 *
 * <p>Source: FFmpeg {@code libavutil/sha.h}; FIPS 180-4.
 */
final class RunningHash {

  private static final int BITS = 256;

  private final AVSHA state = allocate();

  RunningHash() {
    Av.check(avutil.av_sha_init(state, BITS), Kind.BUG, "SHA-256");
  }

  /** Adds what remains in a direct buffer, whose position stays. */
  void update(ByteBuffer bytes) {
    avutil.av_sha_update(state, bytes, bytes.remaining());
  }

  /** The hash of all bytes so far, in hexadecimal. More can be added afterwards. */
  String hex() {
    AVSHA copy = allocate();
    Pointer.memcpy(copy, state, avutil.av_sha_size());
    byte[] hash = new byte[BITS / Byte.SIZE];
    avutil.av_sha_final(copy, hash);
    return HexFormat.of().formatHex(hash);
  }

  private static AVSHA allocate() {
    Natives.load();
    return new AVSHA(new BytePointer(avutil.av_sha_size()));
  }
}
